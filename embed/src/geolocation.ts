/** «Autour de moi»: the browser asks for the position after a click, and for this search only. */

import { element } from "./dom.ts";

const DECIMALS = 3; // a hundred metres: enough to find a place, not to find a person
const TIMEOUT_MS = 15_000;

export function askPosition(
  input: HTMLInputElement,
  field: HTMLElement,
  go: (address: string) => void = (address) => location.assign(address),
): void {
  const form = input.form;
  if (!form || !("geolocation" in navigator)) return;
  const message = element("p", { class: "hint", role: "status" });
  const button = element("button", { type: "button" }, "Autour de moi");
  button.addEventListener("click", () => {
    message.textContent = "Recherche de votre position…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const kept = new FormData(form);
        kept.delete("ou");
        kept.set("lon", coords.longitude.toFixed(DECIMALS));
        kept.set("lat", coords.latitude.toFixed(DECIMALS));
        const asked = [...kept].filter(([, value]) => value !== "");
        go(`${form.action}?${new URLSearchParams(asked as [string, string][])}`);
      },
      () => {
        message.textContent = "Votre position n’est pas disponible. Écrivez votre commune.";
        input.focus();
      },
      { timeout: TIMEOUT_MS, maximumAge: 60_000 },
    );
  });
  field.append(button, message);
}
