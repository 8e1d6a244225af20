/**
 * Buttons and links that answer to one letter, on pages where many decisions follow each other.
 *
 * A letter alone may be somebody's dictation or a cat on the keyboard: the keys can be turned off,
 * and the browser remembers it (WCAG 2.1.4).
 */

const OFF = "touches";

interface Pressed {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
}

/** The letter that was pressed alone, or null: a key held down decides once. */
export function letter(event: Pressed): string | null {
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return null;
  return /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : null;
}

/** Makes the `[data-key]` of a form work, and offers to turn them off. */
export function answerKeys(form: HTMLElement): void {
  const targets = new Map<string, HTMLElement>();
  for (const one of form.querySelectorAll<HTMLElement>("[data-key]")) {
    const key = one.dataset.key ?? "";
    targets.set(key, one);
    const hint = document.createElement("kbd");
    hint.textContent = key.toUpperCase();
    hint.ariaHidden = "true";
    one.append(" ", hint);
    one.setAttribute("aria-keyshortcuts", key.toUpperCase());
  }
  const choice = addChoice(form, [...targets.keys()]);
  document.addEventListener("keydown", (event) => {
    if (!choice.checked || isTyping(event.target)) return;
    const target = targets.get(letter(event) ?? "");
    if (!target) return;
    event.preventDefault();
    target.click();
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target.matches("select, textarea") || target.isContentEditable;
}

function addChoice(form: HTMLElement, keys: readonly string[]): HTMLInputElement {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = localStorage.getItem(OFF) !== "non";
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "non");
  });
  label.className = "keys";
  label.append(
    box,
    ` Répondre avec les touches ${keys.map((key) => key.toUpperCase()).join(", ")}`,
  );
  form.append(label);
  return box;
}
