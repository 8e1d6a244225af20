/**
 * Draws an outline on a map, into a field that also takes it as text. By pointer: a click adds a
 * point. By keyboard: arrows move the map under a cross, and a button adds the point that it marks.
 */

import type { GeoJSONSource, StyleSpecification } from "maplibre-gl";
import { element } from "../dom.ts";
import { SERVICE } from "../service.ts";
import { addBasemap } from "./basemap.ts";
import { createMap } from "./create.ts";
import { asFeatures, asGeoJson, type Point, told } from "./outline.ts";
import { readBounds } from "./question.ts";
import { dressed, styleAddress } from "./style.ts";

declare const MAPLIBRE: string;

const FRANCE = [-5.2, 41.3, 9.6, 51.1] as const;
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
  const { box = "", css } = place.dataset;
  const [lib, answer] = await Promise.all([
    import(new URL(MAPLIBRE, import.meta.url).href) as Promise<typeof import("maplibre-gl")>,
    fetch(SERVICE + styleAddress("clair", "")),
    css ? stylesheet(css) : null,
  ]);
  if (!answer.ok) throw new Error(`style : ${answer.status}`);
  const canvas = element("div", { class: "map-canvas" });
  const cross = element("span", { class: "cross", "aria-hidden": "true" });
  const container = element("div", { class: "map" }, canvas, cross);
  const [west, south, east, north] = readBounds(box) ?? FRANCE;
  const map = createMap(lib, {
    container: canvas,
    style: dressed((await answer.json()) as StyleSpecification, "clair"),
    bounds: [west, south, east, north],
    fitBoundsOptions: { padding: 24 },
  });
  Object.assign(place, { map }); // tests and the curious reach it here

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

function stylesheet(href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = element("link", { rel: "stylesheet", href });
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error(href)));
    document.head.append(link);
  });
}
