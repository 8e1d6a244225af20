/** What one adds to the map of a territory: permanences at a moment, communes without a place. */

import type { FeatureCollection } from "geojson";
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { element } from "../dom.ts";
import { SERVICE } from "../service.ts";

const EMPTY = "communes-sans-lieu";
const DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const PARTS: readonly (readonly [value: string, label: string])[] = [
  ["", ""],
  ["-matin", " matin"],
  ["-apres-midi", " après-midi"],
];

/** The question of the map, where a mediator is present at `moment`; as it was when it is empty. */
export function atMoment(question: string, moment: string): string {
  const asked = new URLSearchParams(question);
  asked.delete("permanence");
  if (moment !== "") asked.set("permanence", moment);
  return asked.toString();
}

export interface Layers {
  readonly element: HTMLElement;
  /** A style that was replaced has lost them. */
  readonly restore: () => Promise<void>;
}

/** `ask` shows the places that answer another question. */
export function offerLayers(
  map: MapLibre,
  question: string,
  ask: (question: string) => Promise<void>,
  say: (words: string) => void,
): Layers {
  const moment = element("select", { id: "couche-permanences" });
  moment.append(element("option", { value: "" }, "Tous les lieux"));
  for (const day of DAYS) {
    for (const [value, label] of PARTS) {
      moment.append(element("option", { value: `${day}${value}` }, `${day}${label}`));
    }
  }
  const empty = element("input", { type: "checkbox", id: "couche-communes" });
  const box = element(
    "fieldset",
    { class: "map-layers" },
    element("legend", {}, "Montrer sur la carte"),
    element("label", { for: "couche-permanences" }, "Les lieux où un médiateur est là :"),
    moment,
    element("label", {}, empty, " Les communes sans lieu qui répond"),
  );

  const asked = (): string => atMoment(question, moment.value);
  const restore = async (): Promise<void> => {
    const known = map.getSource(EMPTY) as GeoJSONSource | undefined;
    if (!empty.checked) {
      if (map.getLayer(EMPTY)) map.removeLayer(EMPTY);
      if (known) map.removeSource(EMPTY);
      return;
    }
    const address = `${SERVICE}/couverture.geojson?${asked()}`;
    const answer = await fetch(address);
    if (!answer.ok) {
      empty.checked = false;
      say("Ce territoire est trop grand : choisissez un département ou une intercommunalité.");
      return;
    }
    const data = (await answer.json()) as FeatureCollection;
    const without = data.features.filter((one) => one.properties?.lieux === 0);
    say(`${without.length} communes n’ont aucun lieu qui répond.`);
    const drawn: FeatureCollection = { ...data, features: without };
    if (known) {
      known.setData(drawn);
      return;
    }
    map.addSource(EMPTY, { type: "geojson", data: drawn });
    // under the places, above the territories
    const above = map.getStyle().layers.find((layer) => layer.id.startsWith("lieux-"))?.id;
    map.addLayer(
      {
        id: EMPTY,
        type: "fill",
        source: EMPTY,
        paint: { "fill-color": "#b3470b", "fill-opacity": 0.28, "fill-outline-color": "#b3470b" },
      },
      above,
    );
  };
  empty.addEventListener("change", () => void restore());
  moment.addEventListener("change", () => void ask(asked()));
  return { element: box, restore };
}
