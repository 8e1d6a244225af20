/** Suggestions under «Où ?»: an ARIA combobox on top of a plain field, which works without it. */

import { element } from "../dom.ts";
import { SERVICE } from "../service.ts";
import {
  afterKey,
  announced,
  CLOSED,
  kindOf,
  LEAST_LETTERS,
  type Locality,
  opened,
} from "./state.ts";

const WAIT_MS = 180;

export function suggestOn(input: HTMLInputElement, field: HTMLElement): void {
  const list = element("ul", { id: `${input.id}-propositions`, role: "listbox", class: "options" });
  list.setAttribute("aria-label", "Communes et territoires");
  list.hidden = true;
  const live = element("span", { class: "hidden", role: "status" });
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.autocomplete = "off";
  field.append(list, live);

  let state = CLOSED;
  let timer = 0;
  let asking: AbortController | null = null;

  const show = (next: typeof state): void => {
    state = next;
    list.replaceChildren(...state.options.map(option));
    list.hidden = state.options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (state.active === null) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${list.id}-${state.active}`);
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  };

  const option = (locality: Locality, rank: number): HTMLElement => {
    const kind = kindOf(locality);
    const made = element(
      "li",
      {
        id: `${list.id}-${rank}`,
        role: "option",
        "aria-selected": String(rank === state.active),
      },
      locality.libelle,
      ...(kind ? [" ", element("small", {}, kind)] : []),
    );
    // pointerdown, because the field loses the focus before a click arrives
    made.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      choose(locality);
    });
    return made;
  };

  const choose = (locality: Locality): void => {
    input.value = locality.libelle;
    live.textContent = "";
    show(CLOSED);
  };

  const ask = async (typed: string): Promise<void> => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${SERVICE}/api/v1/localites?q=${encodeURIComponent(typed)}`, {
        signal: asking.signal,
      });
      if (!answer.ok) return;
      const found = (await answer.json()) as readonly Locality[];
      if (!input.matches(":focus")) return;
      show(opened(found));
      live.textContent = announced(found.length);
    } catch {
      // the field works without suggestions: a failure shows nothing
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    const typed = input.value.trim();
    if (typed.length < LEAST_LETTERS) {
      asking?.abort();
      show(CLOSED);
      return;
    }
    timer = window.setTimeout(() => void ask(typed), WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    const active = state.active === null ? undefined : state.options[state.active];
    if (event.key === "Enter" && active) {
      event.preventDefault();
      choose(active);
      return;
    }
    const next = afterKey(state, event.key);
    if (next) {
      event.preventDefault();
      show(next);
    }
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asking?.abort();
    show(CLOSED);
  });
}
