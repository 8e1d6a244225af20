/**
 * Decides when the map comes. On our pages: beside the list on wide screens, after a click
 * elsewhere. On other sites: as their integrator chose (`data-when`: clic or visible).
 */

import { element } from "../dom.ts";
import type { LiveMap } from "./map.ts";

const WIDE = "(min-width: 1100px)";

interface Connection {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
}

/** Whether somebody pays for bytes, or waits for them. */
export function isSparing(connection: Connection | undefined): boolean {
  return Boolean(connection?.saveData) || /^(slow-2g|2g|3g)$/.test(connection?.effectiveType ?? "");
}

/** `load` brings the code of the map. */
export function offerMap(
  section: HTMLElement,
  load: () => Promise<{ openMap: (section: HTMLElement) => Promise<LiveMap> }>,
): void {
  const root = section.getRootNode() as Document | ShadowRoot;
  const button = element("button", { type: "button", class: "main" }, "Afficher la carte");
  const waiting = element("p", { class: "map-message", role: "status" });
  const offer = element("div", { class: "map-offer" }, button, waiting);
  section.querySelector(".map-figure")?.after(offer);

  let opened: Promise<LiveMap> | null = null;
  const open = (): Promise<LiveMap> => {
    button.disabled = true;
    waiting.textContent = "La carte arrive…";
    opened ??= load().then(({ openMap }) => openMap(section));
    opened.then(
      () => offer.remove(),
      () => {
        button.remove();
        waiting.textContent =
          section.dataset.instead ??
          "La carte ne peut pas s’afficher. La liste et le dessin donnent les mêmes lieux.";
      },
    );
    return opened;
  };
  const goTo = (): void => {
    section.scrollIntoView();
    section.focus({ preventScroll: true });
  };

  button.addEventListener("click", () => void open().then(goTo, () => undefined));
  for (const link of root.querySelectorAll<HTMLAnchorElement>("[data-map-open]")) {
    link.textContent = "Afficher la carte";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo();
      void open().catch(() => undefined);
    });
  }
  for (const link of root.querySelectorAll<HTMLAnchorElement>("[data-map-place]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      void open().then(
        (map) => {
          section.scrollIntoView();
          return map.choose(link.dataset.mapPlace ?? "", link);
        },
        () => location.assign(link.href), // the drawn map shows it too
      );
    });
  }

  const { connection } = navigator as { connection?: Connection };
  if (isSparing(connection)) return;
  const { when = "wide" } = section.dataset;
  if (when === "wide" && matchMedia(WIDE).matches) void open().catch(() => undefined);
  if (when === "visible") {
    const watcher = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      void open().catch(() => undefined);
    });
    watcher.observe(section);
  }
}
