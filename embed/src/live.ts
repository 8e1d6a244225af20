/** A form whose result is on the same page: it follows what is chosen, without «Voir le résultat». */

import { offerCopies } from "./copying.ts";

const WAIT_MS = 400;

/** `data-live` names the element that the answer to the form replaces. */
export function followForm(form: HTMLFormElement): void {
  const id = form.dataset.live ?? "";
  let timer = 0;
  let asking: AbortController | null = null;

  const ask = async (): Promise<void> => {
    asking?.abort();
    asking = new AbortController();
    const address = new URL(form.action);
    address.search = String(
      new URLSearchParams(new FormData(form) as unknown as Record<string, string>),
    );
    try {
      const answer = await fetch(address, { signal: asking.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(id);
      if (fresh) document.getElementById(id)?.replaceWith(fresh);
      offerCopies(document);
      showColours(form, page);
    } catch {
      // the button still sends the form
    }
  };
  form.addEventListener("change", ({ target }) => {
    // a name and an old code change the form itself: the button sends them
    if (target instanceof Element && target.matches("[name=nom], [name=ancien]")) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), WAIT_MS);
  });
}

/** Those of the theme, where none was chosen: the form shows what the result shows. */
function showColours(form: HTMLFormElement, answer: Document): void {
  for (const { name, value } of answer.querySelectorAll<HTMLInputElement>("input[type=color]")) {
    const mine = form.elements.namedItem(name);
    if (mine instanceof HTMLInputElement && !mine.matches(":focus")) mine.value = value;
  }
}
