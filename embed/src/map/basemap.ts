/**
 * The basemap, added under our own layers once they are drawn, and taken away when it does not
 * answer: our outlines come back, and nobody has waited for it.
 */

import type {
  LayerSpecification,
  Map as MapLibre,
  MapSourceDataEvent,
  StyleSpecification,
} from "maplibre-gl";

import { SERVICE } from "../service.ts";

export const ADDRESS = "/fond/style.json";
const PATIENCE_MS = 4_000;
/** Our own background layers start so, in the server's style. */
const OWN = "fond-";

/** True when the basemap is drawn, false when it failed, null when the service has none. */
export async function addBasemap(map: MapLibre): Promise<boolean | null> {
  let style: StyleSpecification;
  try {
    const answer = await fetch(SERVICE + ADDRESS, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status === 404 || answer.status === 204) return null;
    if (!answer.ok) return false;
    style = (await answer.json()) as StyleSpecification;
  } catch {
    return false;
  }
  const layers = prefixed(style);
  const own = map.getStyle().layers.filter((layer) => layer.id.startsWith(OWN));
  const above = map.getStyle().layers.find((layer) => !layer.id.startsWith(OWN))?.id;

  // its glyphs are left out: letters are drawn with the fonts of the page, ours and theirs alike
  if (typeof style.sprite === "string") map.setSprite(style.sprite);
  for (const [name, source] of Object.entries(style.sources)) {
    map.addSource(PREFIX + name, source);
  }
  for (const layer of layers) map.addLayer(layer, above);

  const arrived = await firstTile(map);
  if (arrived) {
    for (const layer of own) map.setLayoutProperty(layer.id, "visibility", "none");
    return true;
  }
  for (const layer of layers) map.removeLayer(layer.id);
  for (const name of Object.keys(style.sources)) map.removeSource(PREFIX + name);
  return false;
}

const PREFIX = "basemap-";

/** The layers of the basemap under names that cannot be ours. */
export function prefixed(style: StyleSpecification): readonly LayerSpecification[] {
  return style.layers.map((layer) => ({
    ...layer,
    id: PREFIX + layer.id,
    ...("source" in layer && layer.source ? { source: PREFIX + layer.source } : {}),
  })) as LayerSpecification[];
}

/** Whether a tile of the basemap arrives in time, and no error before it. */
function firstTile(map: MapLibre): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (arrived: boolean): void => {
      clearTimeout(timer);
      map.off("sourcedata", onData);
      map.off("error", onError);
      resolve(arrived);
    };
    const onData = (event: MapSourceDataEvent): void => {
      if (event.sourceId.startsWith(PREFIX) && event.tile) end(true);
    };
    const onError = (event: object): void => {
      if ("sourceId" in event && String(event.sourceId).startsWith(PREFIX)) end(false);
    };
    const timer = setTimeout(() => end(false), PATIENCE_MS);
    map.on("sourcedata", onData);
    map.on("error", onError);
  });
}
