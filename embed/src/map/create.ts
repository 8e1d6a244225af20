/** A map as all of ours are: flat, north up, in French, and for the keyboard too. */

import type { Map as MapLibre, MapOptions } from "maplibre-gl";
import { WORDS } from "./words.ts";

export function createMap(
  lib: typeof import("maplibre-gl"),
  { locale, ...options }: MapOptions,
): MapLibre {
  const map = new lib.Map({
    locale: { ...WORDS, ...locale },
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    attributionControl: false,
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new lib.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new lib.AttributionControl({ compact: true }), "bottom-right");
  return map;
}
