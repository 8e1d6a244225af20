/** Code that one takes away: one button copies it, one click selects the whole of it. */

import { element } from "./dom.ts";

const WORDS = "Copier ce code";

export function offerCopies(root: ParentNode): void {
  for (const code of root.querySelectorAll<HTMLTextAreaElement>("[data-copy]")) {
    if (code.dataset.copy) continue;
    code.dataset.copy = "offered";
    code.addEventListener("focus", () => code.select());
    const button = element("button", { type: "button" }, WORDS);
    const said = element("span", { role: "status" });
    if (code.labels[0]?.id) button.setAttribute("aria-describedby", code.labels[0].id);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.value);
        said.textContent = "Copié. Collez-le dans votre page.";
      } catch {
        // a browser that refuses, or a service without https
        code.focus();
        said.textContent = "Le code est sélectionné : copiez-le (Ctrl + C).";
      }
    });
    code.after(element("span", { class: "copy" }, button, " ", said));
  }
}
