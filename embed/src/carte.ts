/**
 * `<carte-mediation>`: the list, the places and the map of the service on somebody else's page.
 *
 * What it shows is what the service writes for its frame, taken under a shadow root: one way to
 * say hours and prices. What the element holds is shown until the list is there, and stays when the
 * list does not come. It keeps nothing: no cookie, no storage, no global.
 */

import { element } from "./dom.ts";
import { tidyForms } from "./forms.ts";
import { askPosition } from "./geolocation.ts";
import type { LiveMap } from "./map/map.ts";
import { offerMap } from "./map/offer.ts";
import { SERVICE } from "./service.ts";
import { suggestOn } from "./suggestions/combobox.ts";
import {
  changed,
  inside,
  LIST,
  listPath,
  questionOf,
  readHash,
  writeHash,
} from "./widget/asked.ts";
import { askPage, Failure, type Page } from "./widget/drawn.ts";

/** The style sheet of framed pages, put here by the build: the list waits for one file less. */
declare const WIDGET_CSS: string;
/** The module of the map, asked for by its address: nothing of it is in this file. */
declare const WIDGET_MAP: string;

/** Inherited through the shadow root, so said again on what is inside. */
const OURS = `:host { display: block }
:host([hidden]) { display: none }
.cm { font-style: normal; text-indent: 0; white-space: normal; visibility: visible; cursor: auto }
.cm[aria-busy="true"] .results { opacity: 0.6 }`;

const UNCHANGED = "La réponse n’est pas venue : la liste n’a pas changé. Réessayez dans un moment.";

type Changes = Parameters<typeof changed>[1];
type Why = "first" | "asked" | "back";

/**
 * The map draws in a worker made from a blob, as this one is. Raises where the policy of the page refuses it:
 * the map would stay empty there, so nothing of it is loaded.
 */
function tryWorker(): Promise<void> {
  const code = new Blob(["postMessage(0)"], { type: "text/javascript" });
  const address = URL.createObjectURL(code);
  return new Promise<void>((resolve, reject) => {
    const worker = new Worker(address);
    const done = (): void => {
      worker.terminate();
      URL.revokeObjectURL(address);
    };
    worker.onmessage = () => resolve(done());
    worker.onerror = () => {
      done();
      reject(new Error("La page refuse les workers : voir worker-src dans sa politique."));
    };
  });
}

function define(): void {
  const common = new CSSStyleSheet();
  common.replaceSync(WIDGET_CSS + OURS);

  class CarteMediation extends HTMLElement {
    readonly #root = this.attachShadow({ mode: "open" });
    readonly #colours = new CSSStyleSheet();
    readonly #watch = new MutationObserver(() => this.#restart());
    #stop = new AbortController();
    #asking = new AbortController();
    #path = "";
    #question = "";
    #given = "";
    #box: HTMLElement | null = null;

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [common, this.#colours];
      this.#root.append(element("slot"));
      this.#root.addEventListener("click", (event) => this.#follow(event as MouseEvent));
      this.#root.addEventListener("submit", (event) => this.#submit(event as SubmitEvent));
    }

    connectedCallback(): void {
      this.#stop = new AbortController();
      this.#watch.observe(this, { attributes: true });
      if (this.hasAttribute("permalien")) {
        const back = (): void => {
          const path = this.#kept() ?? listPath(this.#asked());
          if (path !== this.#path) void this.#go(path, "back");
        };
        addEventListener("popstate", back, { signal: this.#stop.signal });
      }
      this.#given = String(this.#asked());
      void this.#go(this.#kept() ?? listPath(this.#asked()), "first");
    }

    disconnectedCallback(): void {
      this.#watch.disconnect();
      this.#stop.abort();
      this.#asking.abort();
    }

    /** The question that is shown, as the address of the list would hold it. */
    get question(): string {
      return this.#question;
    }

    /** Asks again, these parameters replaced, or left out with null. */
    demander(changes: Changes): Promise<void> {
      return this.#go(listPath(changed(this.question, changes)), "asked");
    }

    /** Shows one place, by its permanent identifier. */
    montrer(id: string): Promise<void> {
      const asked = this.question && `?${this.question}`;
      return this.#go(`${LIST}/lieux/${encodeURIComponent(id)}${asked}`, "asked");
    }

    #asked(): URLSearchParams {
      return questionOf([...this.attributes].map(({ name, value }) => [name, value] as const));
    }

    get #key(): string {
      return this.id || "carte-mediation";
    }

    #kept(): string | null {
      if (!this.hasAttribute("permalien")) return null;
      return readHash(location.hash, this.#key, SERVICE);
    }

    #restart(): void {
      const given = String(this.#asked());
      if (given === this.#given) return;
      this.#given = given;
      void this.#go(listPath(this.#asked()), "first");
    }

    async #go(path: string, why: Why): Promise<void> {
      this.#asking.abort();
      this.#asking = new AbortController();
      const { signal } = this.#asking;
      this.#box?.setAttribute("aria-busy", "true");
      try {
        const page = await askPage(path, signal);
        if (signal.aborted) return;
        // sheets made by hand need no permission from the policy of the page around
        this.#colours.replaceSync(page.style);
        this.#show(page, path, why);
      } catch (error) {
        if (signal.aborted) return;
        this.#fail(error instanceof Failure ? error : new Failure(0));
      }
    }

    #show({ status, box }: Page, path: string, why: Why): void {
      if (status >= 400) {
        const said = box.querySelector(".alert strong, .alert p") ?? box.querySelector("h1");
        const failure = new Failure(status, said?.textContent?.trim());
        if (!this.#box && this.textContent?.trim()) {
          this.#fail(failure);
          return;
        }
        this.#tell("erreur", { message: failure.message, statut: status });
      }
      const before = this.#path;
      this.#path = path;
      // what the key of a saved map stands for is known to the page only
      this.#question =
        box.querySelector<HTMLElement>("#resultats")?.dataset.question ?? path.split("?")[1] ?? "";
      this.#box = box;
      this.#root.replaceChildren(box);
      this.#enliven(box);
      if (why === "asked" && this.hasAttribute("permalien")) {
        history.pushState(history.state, "", writeHash(location.hash, this.#key, path));
      }
      if (why === "asked") this.#focus(box, before);
      if (status >= 400) return;
      const results = box.querySelector<HTMLElement>("#resultats");
      if (results) {
        this.#tell("resultats", { total: Number(results.dataset.total), question: this.question });
      } else {
        const [, id = ""] = /\/lieux\/([^?]+)/.exec(path) ?? [];
        this.#tell("lieu", {
          id: decodeURIComponent(id),
          nom: box.querySelector("h1")?.textContent?.trim(),
        });
      }
    }

    #enliven(box: HTMLElement): void {
      tidyForms(box);
      for (const field of box.querySelectorAll<HTMLElement>("[data-suggest]")) {
        const input = field.querySelector("input");
        if (!input) continue;
        suggestOn(input, field);
        askPosition(input, field, (address) => {
          const path = inside(address, SERVICE);
          if (path) void this.#go(path, "asked");
        });
      }
      const section = box.querySelector<HTMLElement>("#carte");
      if (section) offerMap(section, async () => ({ openMap: (where) => this.#openMap(where) }));
    }

    async #openMap(section: HTMLElement): Promise<LiveMap> {
      try {
        await tryWorker();
        const address = new URL(WIDGET_MAP, import.meta.url).href;
        const { openMap } = (await import(address)) as typeof import("./map/map.ts");
        const live = await openMap(section);
        this.#tell("carte", {});
        return live;
      } catch (error) {
        this.#tell("erreur", { message: String(error), statut: 0 });
        throw error;
      }
    }

    /** To what was asked: the place, or in the list again, the place that one comes from. */
    #focus(box: HTMLElement, before: string): void {
      const links = [...box.querySelectorAll<HTMLElement>(".name a")];
      const from = links.find(
        (link) => inside(link.getAttribute("href") ?? "", SERVICE) === before,
      );
      const target =
        from ?? box.querySelector<HTMLElement>("#resultats") ?? box.querySelector("h1");
      // browsers bring the middle of a long list into sight: we want its first lines
      target?.focus({ preventScroll: true });
      const { top = 0 } = target?.getBoundingClientRect() ?? {};
      if (top < 0 || top > innerHeight / 2)
        target?.scrollIntoView({ block: from ? "center" : "start" });
    }

    #follow(event: MouseEvent): void {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
      if (!link || event.defaultPrevented || event.button !== 0 || modified) return;
      const href = link.getAttribute("href") ?? "";
      const path = href.startsWith("#") ? null : inside(href, SERVICE);
      if (!path) return;
      event.preventDefault();
      void this.#go(path, "asked");
    }

    #submit(event: SubmitEvent): void {
      const form = event.target as HTMLFormElement;
      event.preventDefault();
      const asked = new URLSearchParams(
        [...new FormData(form)].map(([name, value]) => [name, String(value)]),
      );
      this.#tell("filtre", { question: String(asked) });
      void this.#go(listPath(asked), "asked");
    }

    #fail({ message, status }: Failure): void {
      this.#tell("erreur", { message, statut: status });
      if (!this.#box && this.textContent?.trim()) return;
      const alert = element(
        "p",
        { class: "alert", role: "alert" },
        this.#box ? UNCHANGED : message,
      );
      if (!this.#box) {
        const link = element("a", { href: `${SERVICE}/lieux` }, "Ouvrir la liste des lieux");
        alert.append(" ", link);
        this.#root.replaceChildren(element("div", { class: "cm", lang: "fr" }, alert));
        return;
      }
      this.#box.removeAttribute("aria-busy");
      this.#box.querySelector(":scope > .alert")?.remove();
      this.#box.prepend(alert);
      alert.scrollIntoView({ block: "nearest" }); // the next page is asked for from far below
    }

    #tell(what: string, detail: Readonly<Record<string, unknown>>): void {
      const init = { bubbles: true, composed: true, detail };
      this.dispatchEvent(new CustomEvent(`carte-mediation:${what}`, init));
    }
  }

  customElements.define("carte-mediation", CarteMediation);
}

if (typeof customElements !== "undefined" && !customElements.get("carte-mediation")) define();
