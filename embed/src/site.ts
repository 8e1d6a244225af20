/** What every page runs: small helps on top of plain forms and links, and the map when it is wanted. */

import { tidyForms } from "./forms.ts";
import { askPosition } from "./geolocation.ts";
import { suggestOn } from "./suggestions/combobox.ts";

for (const field of document.querySelectorAll<HTMLElement>("[data-suggest]")) {
  const input = field.querySelector("input");
  if (input) {
    suggestOn(input, field);
    if (field.dataset.suggest !== "names") askPosition(input, field);
  }
}
tidyForms(document);

const live = document.querySelector<HTMLFormElement>("form[data-live]");
if (live) {
  const { followForm } = await import("./live.ts");
  followForm(live);
}

if (document.querySelector("[data-copy]")) {
  const { offerCopies } = await import("./copying.ts");
  offerCopies(document);
}

const keyed = document.querySelector<HTMLElement>("[data-keys]");
if (keyed) {
  const { answerKeys } = await import("./keys.ts");
  answerKeys(keyed);
}

const section = document.getElementById("carte");
if (section) {
  const { offerMap } = await import("./map/offer.ts");
  const isCoverage = section.dataset.question !== undefined;
  offerMap(section, () => (isCoverage ? import("./map/coverage.ts") : import("./map/map.ts")));
}

const drawn = document.querySelector<HTMLElement>("[data-draw]");
const outline = document.getElementById(drawn?.dataset.draw ?? "");
if (drawn && outline instanceof HTMLTextAreaElement) {
  const { offerDrawing } = await import("./map/draw.ts");
  offerDrawing(drawn, outline);
}

const picked = document.querySelector<HTMLElement>("[data-pick]");
if (picked) {
  const { pickOn } = await import("./map/pick.ts");
  await pickOn(picked).catch(() => undefined); // the form does the same without a map
}
