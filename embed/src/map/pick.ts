/**
 * The point of a place, moved on a map. The form works without: here its numbers follow the map, and
 * its buttons move the point without waiting for the server.
 */

import type { LngLat } from "maplibre-gl";
import { element } from "../dom.ts";
import { addBasemap } from "./basemap.ts";
import { createMap, loadMap } from "./create.ts";

const METRE_DEGREES = 360 / 40_007_863;
const TOWARDS: Readonly<Record<string, readonly [east: number, north: number]>> = {
  nord: [0, 1],
  sud: [0, -1],
  est: [1, 0],
  ouest: [-1, 0],
};
const CLOSE = 16;

export type Position = readonly [lon: number, lat: number];

/** A step of `metres` towards a cardinal point; anything else moves nothing. */
export function moved([lon, lat]: Position, towards: string, metres: number): Position {
  const [east, north] = TOWARDS[towards] ?? [0, 0];
  const narrowed = Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return [
    lon + (east * metres * METRE_DEGREES) / narrowed,
    Math.max(-90, Math.min(90, lat + north * metres * METRE_DEGREES)),
  ];
}

/** Null when one of them is no number. */
export function readPosition(longitude: string, latitude: string): Position | null {
  const [lon, lat] = [longitude, latitude].map((text) =>
    text.trim() === "" ? Number.NaN : Number(text.replace(",", ".")),
  );
  if (lon === undefined || lat === undefined || Number.isNaN(lon) || Number.isNaN(lat)) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? [lon, lat] : null;
}

/** Raises when there is no WebGL2, or when the library or the style cannot be had: the form stays. */
export async function pickOn(card: HTMLElement): Promise<void> {
  const form = card.closest("form");
  const longitude = form?.querySelector<HTMLInputElement>('[name="longitude"]');
  const latitude = form?.querySelector<HTMLInputElement>('[name="latitude"]');
  const status = card.querySelector<HTMLElement>('[role="status"]');
  if (!form || !longitude || !latitude || !status) return;
  const start = readPosition(longitude.value, latitude.value);
  if (!start) return;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const [lib, style] = await loadMap(card, dark ? "sombre" : "clair");
  const message = element("p", { class: "map-message", role: "status" });
  const container = element("div", { class: "map" }, message);
  const figure = card.querySelector("figure");
  figure?.before(
    element("p", {}, "Touchez la carte à l’endroit du lieu, ou faites glisser le point."),
    container,
  );
  const map = createMap(lib, card, container, {
    style,
    locale: { "Map.Title": "Carte pour placer le lieu. Les boutons dessous font de même." },
    center: [...start],
    zoom: CLOSE,
    cooperativeGestures: true,
  });
  if (figure) figure.hidden = true;
  map.once("render", () => {
    void addBasemap(map).then((drawn) => {
      if (drawn === false) message.textContent = "Fond de carte indisponible.";
    });
  });
  const marker = new lib.Marker({ color: "#b3470b", draggable: true }).setLngLat([...start]);
  marker.addTo(map);
  const put = ([lon, lat]: Position, words: string): void => {
    marker.setLngLat([lon, lat]);
    longitude.value = lon.toFixed(6);
    latitude.value = lat.toFixed(6);
    status.textContent = `${words} Cette position n’est pas encore enregistrée.`;
    if (!map.getBounds().contains([lon, lat])) map.easeTo({ center: [lon, lat] });
  };
  const from = ({ lng, lat }: LngLat): Position => [lng, lat];
  marker.on("dragend", () => put(from(marker.getLngLat()), "Le point est déplacé."));
  map.on("click", ({ lngLat }) => put(from(lngLat), "Le point est déplacé."));
  for (const field of [longitude, latitude]) {
    field.addEventListener("change", () => {
      const typed = readPosition(longitude.value, latitude.value);
      if (typed) marker.setLngLat([...typed]);
    });
  }
  form.addEventListener("submit", (event) => {
    const button = event.submitter as HTMLButtonElement | null;
    const here = readPosition(longitude.value, latitude.value);
    if (button?.name !== "vers" || !here) return;
    event.preventDefault();
    const metres = Number(new FormData(form).get("pas"));
    const named = button.textContent?.trim().replace(/^Vers/, "vers") ?? "";
    put(moved(here, button.value, metres), `Le point va de ${metres} mètres ${named}.`);
  });
}
