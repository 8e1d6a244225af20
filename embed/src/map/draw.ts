/**
 * Draws an outline on a map, into a field that also takes it as text. By pointer: a click adds a
 * point. By keyboard: arrows move the map under a cross, and a button adds the point that it marks.
 */

import type { GeoJSONSource } from "maplibre-gl";
import { element } from "../dom.ts";
import { addBasemap } from "./basemap.ts";
import { createMap, loadMap } from "./create.ts";
import { asFeatures, asGeoJson, type Point, told } from "./outline.ts";
import { frame } from "./question.ts";

const DRAWN = "trace";
const COLOUR = "#b3470b";

/** Puts the map and its buttons in `place`, and what is drawn in `field`. */
export function offerDrawing(place: HTMLElement, field: HTMLTextAreaElement): void {
  const start = element("button", { type: "button" }, "Dessiner sur la carte");
  const said = element("p", { class: "hint", role: "status" });
  place.append(start, said);
  start.addEventListener("click", () => {
    start.disabled = true;
    said.textContent = "La carte arrive…";
    openDrawing(place, field, said).then(
      () => start.remove(),
      () => {
        said.textContent =
          "La carte ne peut pas s’afficher. Listez des communes, ou collez un contour.";
      },
    );
  });
}

async function openDrawing(
  place: HTMLElement,
  field: HTMLTextAreaElement,
  said: HTMLElement,
): Promise<void> {
  const [lib, style] = await loadMap(place, "clair");
  const cross = element("span", { class: "cross", "aria-hidden": "true" });
  const container = element("div", { class: "map" }, cross);
  const map = createMap(lib, place, container, {
    style,
    bounds: frame(place.dataset.box ?? ""),
    fitBoundsOptions: { padding: 24 },
  });

  let points: readonly Point[] = [];
  const add = element("button", { type: "button" }, "Poser un point au centre");
  const back = element("button", { type: "button" }, "Retirer le dernier point");
  const clear = element("button", { type: "button" }, "Tout effacer");
  const show = (next: readonly Point[]): void => {
    points = next;
    map.getSource<GeoJSONSource>(DRAWN)?.setData(asFeatures(points));
    field.value = asGeoJson(points);
    said.textContent = told(points);
    back.disabled = clear.disabled = points.length === 0;
  };
  add.addEventListener("click", () => {
    const { lng, lat } = map.getCenter();
    show([...points, [lng, lat]]);
  });
  back.addEventListener("click", () => {
    show(points.slice(0, -1));
    if (points.length === 0) add.focus();
  });
  clear.addEventListener("click", () => {
    show([]);
    add.focus();
  });
  map.on("click", ({ lngLat: { lng, lat } }) => show([...points, [lng, lat]]));
  map.on("style.load", () => {
    map.addSource(DRAWN, { type: "geojson", data: asFeatures(points) });
    map.addLayer({
      id: `${DRAWN}-surface`,
      type: "fill",
      source: DRAWN,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": COLOUR, "fill-opacity": 0.25 },
    });
    map.addLayer({
      id: `${DRAWN}-trait`,
      type: "line",
      source: DRAWN,
      filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": COLOUR, "line-width": 3 },
    });
    map.addLayer({
      id: `${DRAWN}-points`,
      type: "circle",
      source: DRAWN,
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-color": "#fff",
        "circle-radius": 6,
        "circle-stroke-width": 3,
        "circle-stroke-color": COLOUR,
      },
    });
  });
  map.once("render", () => void addBasemap(map));

  const help = element(
    "p",
    { class: "hint" },
    "Cliquez sur la carte pour poser les points du contour, l’un après l’autre. Au clavier : allez sur la carte, déplacez-la avec les flèches et zoomez avec + et −, puis posez un point sous la croix.",
  );
  place.prepend(help, container, element("p", { class: "actions" }, add, back, clear));
  map.resize();
  show([]);
}
