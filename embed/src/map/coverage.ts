/**
 * Coverage on a map: how far one lives from a place that answers, and a point where one imagines
 * another. By pointer: a click. By keyboard: arrows move the map under a cross.
 */

import type { LngLat, Map as MapLibre, Marker } from "maplibre-gl";
import { element } from "../dom.ts";
import { SERVICE } from "../service.ts";
import { askStyle, createMap, loadMap } from "./create.ts";
import type { LiveMap } from "./map.ts";
import { frame } from "./question.ts";
import { byShade, FILLS, pattern, patternName, type Shaded, told } from "./shades.ts";
import type { Theme } from "./style.ts";

const SOURCE = "couverture";
const FILL = "couverture-classes";
const IMAGINED = "#1c2528";
const CHOSEN = "#b3470b";
const DECIMALS = 5; // a metre

/** Raises when there is no WebGL2, or when the library or the style cannot be had. */
export async function openMap(section: HTMLElement): Promise<LiveMap> {
  const { question = "", places = "", box = "", imagined = "" } = section.dataset;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const themeNow = (): Theme => (dark.matches ? "sombre" : "clair");
  const [lib, style] = await loadMap(section, themeNow(), places);
  const container = element(
    "div",
    { class: "map" },
    element("span", { class: "cross", "aria-hidden": "true" }),
  );
  section.querySelector(".map-figure")?.after(container);
  const map = createMap(lib, section, container, {
    style,
    locale: { "Map.Title": "Carte des distances. Les tableaux donnent les mêmes en texte." },
    bounds: frame(box),
    fitBoundsOptions: { padding: 24 },
    cooperativeGestures: true,
  });

  const [lon, lat] = imagined.split(",").map(Number);
  if (lon !== undefined && lat !== undefined) {
    new lib.Marker({ color: IMAGINED }).setLngLat([lon, lat]).addTo(map);
  }
  const shown = element("input", { type: "checkbox", id: "couverture-lieux" });
  const dress = (): void => addShades(map, question, shown.checked);
  map.on("style.load", dress);
  dark.addEventListener("change", () => {
    void askStyle(themeNow(), places).then((other) => map.setStyle(other, { diff: false }));
  });
  shown.addEventListener("change", () => showPlaces(map, shown.checked));
  section.append(
    offerPoint(lib, map),
    element("label", { class: "inline" }, shown, " Montrer les lieux qui répondent"),
  );
  return { choose: () => Promise.resolve() }; // no list beside it names places
}

/** Under the borders and the names. */
function addShades(map: MapLibre, question: string, withPlaces: boolean): void {
  for (const rank of FILLS.keys()) map.addImage(patternName(rank), pattern(rank), TWICE);
  map.addSource(SOURCE, { type: "vector", url: `${SERVICE}/tuiles/couverture.json?${question}` });
  const borders = map.getStyle().layers.find((layer) => layer.type === "line")?.id;
  map.addLayer(
    {
      id: FILL,
      type: "fill",
      source: SOURCE,
      "source-layer": SOURCE,
      paint: { "fill-pattern": byShade([...FILLS.keys()].map(patternName)) },
    },
    borders,
  );
  map.addLayer(
    {
      id: "couverture-traits",
      type: "line",
      source: SOURCE,
      "source-layer": SOURCE,
      paint: { "line-color": "#6b6b6b", "line-width": 0.6 },
    },
    borders,
  );
  showPlaces(map, withPlaces);
}

const TWICE = { pixelRatio: 2 };

function showPlaces(map: MapLibre, visible: boolean): void {
  for (const { id } of map.getStyle().layers) {
    if (id.startsWith("lieux-")) {
      map.setLayoutProperty(id, "visibility", visible ? "visible" : "none");
    }
  }
}

/** Says what is under a point, and puts it in the form as the place where one imagines more. */
function offerPoint(lib: typeof import("maplibre-gl"), map: MapLibre): HTMLElement {
  const help = element(
    "p",
    { class: "hint" },
    "Cliquez sur la carte pour lire une distance, et pour choisir où imaginer un lieu ou une permanence. Au clavier : allez sur la carte, déplacez-la avec les flèches, zoomez avec + et −, puis lisez sous la croix.",
  );
  const said = element("p", { role: "status" });
  const centre = element("button", { type: "button" }, "Lire sous la croix");
  const imagine = element("button", { type: "button", class: "main" });
  imagine.hidden = true;
  const where = document.querySelector<HTMLInputElement>("#ajout");
  const what = document.querySelector<HTMLSelectElement>("#ajout_permanence");
  const name = (): void => {
    imagine.textContent = `Imaginer ${what?.selectedOptions[0]?.text.trim() ?? "un lieu"} ici`;
  };
  what?.addEventListener("change", name);
  name();

  let marker: Marker | null = null;
  let chosen: LngLat | null = null;
  const choose = (at: LngLat): void => {
    chosen = at;
    marker ??= new lib.Marker({ color: CHOSEN });
    marker.setLngLat(at).addTo(map);
    const [found] = map.queryRenderedFeatures(map.project(at), { layers: [FILL] });
    said.textContent = found
      ? told(found.properties as Shaded)
      : "Ce point est hors du territoire que vous regardez.";
    imagine.hidden = where === null;
  };
  map.on("click", ({ lngLat }) => choose(lngLat));
  centre.addEventListener("click", () => choose(map.getCenter()));
  imagine.addEventListener("click", () => {
    if (!where || !chosen) return;
    where.value = [chosen.lng, chosen.lat].map((degree) => degree.toFixed(DECIMALS)).join(",");
    where.form?.requestSubmit();
  });
  return element(
    "div",
    { class: "coverage-point" },
    said,
    element("p", { class: "actions" }, centre, imagine),
    help,
  );
}
