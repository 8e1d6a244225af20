/** What a framed page runs: the helps of our own pages, the map when it is wanted, and its height. */

import { tidyForms } from "./forms.ts";
import { askPosition } from "./geolocation.ts";
import { tellHeight } from "./height.ts";
import { suggestOn } from "./suggestions/combobox.ts";

for (const field of document.querySelectorAll<HTMLElement>("[data-suggest]")) {
  const input = field.querySelector("input");
  if (input) {
    suggestOn(input, field);
    askPosition(input, field);
  }
}
tidyForms(document);
tellHeight();
// a sandbox without `allow-forms`, as WordPress makes, sends no form, but follows addresses
if (origin === "null") {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[role="search"]')) {
    form.addEventListener("click", (event) => {
      if (!(event.target instanceof Element && event.target.closest("button:not([type])"))) return;
      event.preventDefault();
      const asked = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
      location.assign(`${form.action}?${new URLSearchParams(asked)}`);
    });
  }
}

const section = document.getElementById("carte");
if (section) {
  const { offerMap } = await import("./map/offer.ts");
  offerMap(section, () => import("./map/map.ts"));
}
