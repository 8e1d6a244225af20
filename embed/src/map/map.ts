/** The interactive map: MapLibre, loaded by its address when somebody wants it. */

import type { MapGeoJSONFeature, Map as MapLibre, PointLike } from "maplibre-gl";
import { element } from "../dom.ts";
import { SERVICE } from "../service.ts";
import { addBasemap } from "./basemap.ts";
import { askStyle, createMap, loadMap } from "./create.ts";
import { type Family, familyOf, readFamilies } from "./families.ts";
import { type Layers, offerLayers } from "./layers.ts";
import { makePanel, placeContent } from "./panel.ts";
import type { Place } from "./place.ts";
import { addressOfPlace, addressOfZone, dataOfPlace, frame, LIST } from "./question.ts";
import { besidePanel, boxOf } from "./room.ts";
import { COLOURS, familyColours, GROUPS, POINTS, type Theme } from "./style.ts";

const CLOSEST = 15;
/** A finger is larger than a point. */
const REACH_PX = 8;

export interface LiveMap {
  readonly choose: (id: string, from: HTMLElement) => Promise<void>;
}

/** Raises when there is no WebGL2, or when the library or the style cannot be had. */
export async function openMap(section: HTMLElement): Promise<LiveMap> {
  const { tiles = "", box = "", families: labels = "", list = LIST } = section.dataset;
  // on a page that is not ours, its address is not the question
  const { search = location.search } = section.dataset;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = section.dataset.theme;
  const themeNow = (): Theme =>
    chosen === "sombre" || (chosen !== "clair" && dark.matches) ? "sombre" : "clair";
  const [lib, style] = await loadMap(section, themeNow(), tiles);
  const families = readFamilies(labels);
  const container = element("div", { class: "map" });
  const message = element("p", { class: "map-message", role: "status" });
  const head = element("div", { class: "map-head" }, message);
  container.append(head);
  const figure = section.querySelector(".map-figure");
  figure?.after(container);
  const map = createMap(lib, section, container, {
    style,
    bounds: frame(box),
    fitBoundsOptions: { padding: 48, maxZoom: 14 },
    cooperativeGestures: true,
  });

  let opener: HTMLElement | null = null;
  let marker: InstanceType<typeof lib.Marker> | null = null;
  const point = (lon: number, lat: number): void => {
    marker ??= new lib.Marker({ color: "#b3470b" });
    marker.setLngLat([lon, lat]).addTo(map);
  };
  const panel = makePanel(container, () => {
    marker?.remove();
    (opener ?? map.getCanvas()).focus({ preventScroll: opener === null });
    opener = null;
  });

  const show = async (id: string, family: Family | null, closest = 0): Promise<void> => {
    const answer = await fetch(SERVICE + dataOfPlace(question, id));
    if (!answer.ok) throw new Error(`lieu ${id} : ${answer.status}`);
    const place = (await answer.json()) as Place & { longitude: number; latitude: number };
    point(place.longitude, place.latitude);
    const whole = addressOfPlace(list, search, id);
    panel.show(placeContent(place, family?.label ?? null, whole), place.nom);
    map.easeTo({
      center: [place.longitude, place.latitude],
      zoom: Math.max(map.getZoom(), closest),
      offset: besidePanel(boxOf(map.getContainer()), boxOf(panel.element)),
    });
  };
  const onTouch = async (at: PointLike & { x: number; y: number }): Promise<void> => {
    const found = nearby(map, at);
    const group = found.find((feature) => feature.layer.id === GROUPS);
    const places = unique(found.filter((feature) => feature.layer.id === POINTS));
    const [first] = places;
    if (group && !first) {
      map.easeTo({ center: map.unproject(at), zoom: map.getZoom() + 2 });
    } else if (first && places.length === 1) {
      await show(String(first.properties.id), familyOf(families, first.properties.famille));
    } else if (first) {
      panel.show([chooser(places, families, show)], `${places.length} lieux ici`);
    }
  };
  map.on("click", ({ point: at }) => void onTouch(at).catch(() => say(message, UNREACHABLE)));
  for (const layer of [POINTS, GROUPS]) {
    map.on("mouseenter", layer, () => map.getCanvas().classList.add("over"));
    map.on("mouseleave", layer, () => map.getCanvas().classList.remove("over"));
  }

  offerZone(map, head, list, search);
  let shownLegend = legend(families, familyColours(style), themeNow());
  container.after(shownLegend);
  const withBasemap = (): void => {
    if (section.dataset.basemap !== "aucun") void basemap(map, message);
  };
  let question = tiles;
  let layers: Layers | null = null;
  const restyle = async (): Promise<void> => {
    const other = await askStyle(themeNow(), question);
    map.once("style.load", () => {
      withBasemap();
      void layers?.restore();
    });
    map.setStyle(other, { diff: false });
    const fresh = legend(families, familyColours(other), themeNow());
    fresh.open = shownLegend.open;
    shownLegend.replaceWith(fresh);
    shownLegend = fresh;
  };
  dark.addEventListener("change", () => void restyle());
  if (section.dataset.layers) {
    const ask = async (other: string): Promise<void> => {
      question = other;
      await restyle();
    };
    layers = offerLayers(map, tiles, ask, (words) => say(message, words));
    shownLegend.before(layers.element);
  }
  // «load» waits for every source, so a basemap that hangs would hold it: ours are there first
  map.once("render", withBasemap);

  return {
    choose: async (id, from) => {
      opener = from;
      await show(id, null, CLOSEST);
    },
  };
}

const UNREACHABLE = "Ce lieu ne peut pas être affiché pour le moment. Il est aussi dans la liste.";

async function basemap(map: MapLibre, message: HTMLElement): Promise<void> {
  if ((await addBasemap(map)) === false) say(message, "Fond de carte indisponible.");
}

function say(message: HTMLElement, words: string): void {
  message.textContent = words;
}

function nearby(map: MapLibre, at: { x: number; y: number }): MapGeoJSONFeature[] {
  const box: [PointLike, PointLike] = [
    [at.x - REACH_PX, at.y - REACH_PX],
    [at.x + REACH_PX, at.y + REACH_PX],
  ];
  return map.queryRenderedFeatures(box, { layers: [POINTS, GROUPS] });
}

/** A place near the edge of a tile may be in two of them. */
function unique(features: readonly MapGeoJSONFeature[]): readonly MapGeoJSONFeature[] {
  return [...new Map(features.map((feature) => [feature.properties.id, feature])).values()];
}

function chooser(
  places: readonly MapGeoJSONFeature[],
  families: readonly Family[],
  show: (id: string, family: Family | null) => Promise<void>,
): HTMLElement {
  const items = places.map(({ properties }) => {
    const family = familyOf(families, properties.famille);
    const words = String(properties.nom ?? family?.label ?? "Un lieu");
    const button = element("button", { type: "button" }, words);
    button.addEventListener("click", () => void show(String(properties.id), family));
    return element("li", {}, button);
  });
  return element("ul", { class: "plain" }, ...items);
}

/** The list follows the map only when it is asked to. */
function offerZone(map: MapLibre, head: HTMLElement, list: string, search: string): void {
  const link = element("a", { class: "button zone", href: "#" }, "Chercher dans cette zone");
  link.hidden = true;
  head.prepend(link);
  map.on("moveend", (event) => {
    const [[west, south], [east, north]] = map.getBounds().toArray();
    link.href = addressOfZone(list, search, [west, south, east, north]);
    // only after people moved it: the first framing is the question's own
    if ("originalEvent" in event && event.originalEvent) link.hidden = false;
  });
}

function legend(
  families: readonly Family[],
  colours: ReadonlyMap<number, string>,
  theme: Theme,
): HTMLDetailsElement {
  const items = families.map(({ number, letter, label }) => {
    const dot = element("span", { class: "dot", "aria-hidden": "true" }, letter);
    dot.style.background = colours.get(number) ?? "";
    dot.style.color = COLOURS[theme].letter;
    return element("li", {}, dot, label);
  });
  const summary = element("summary", {}, "Légende");
  return element(
    "details",
    { class: "legend" },
    summary,
    element("ul", { class: "plain" }, ...items),
  );
}
