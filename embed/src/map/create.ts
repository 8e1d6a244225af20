/** A map as all of ours are: flat, north up, in French, and for the keyboard too. */

import type { Map as MapLibre, MapOptions, StyleSpecification } from "maplibre-gl";
import { element } from "../dom.ts";
import { SERVICE } from "../service.ts";
import { dressed, styleAddress, type Theme } from "./style.ts";
import { WORDS } from "./words.ts";

declare const MAPLIBRE: string;

export type Library = typeof import("maplibre-gl");

/** The library and a style, with the sheet that `section` names. Raises when one cannot be had. */
export async function loadMap(
  section: HTMLElement,
  theme: Theme,
  question = "",
): Promise<[Library, StyleSpecification]> {
  const { css } = section.dataset;
  const [lib, style] = await Promise.all([
    import(new URL(MAPLIBRE, import.meta.url).href) as Promise<Library>,
    askStyle(theme, question),
    css ? loadStylesheet(css, section.getRootNode()) : null,
  ]);
  return [lib, style];
}

/** Drawn in a card of its own, which `section` shows instead of what it drew without us. Raises without WebGL2. */
export function createMap(
  lib: Library,
  section: HTMLElement,
  card: HTMLElement,
  { locale, ...options }: Omit<MapOptions, "container">,
): MapLibre {
  const canvas = element("div", { class: "map-canvas" });
  card.prepend(canvas);
  let map: MapLibre;
  try {
    map = new lib.Map({
      container: canvas,
      locale: { ...WORDS, ...locale },
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      attributionControl: false,
      ...options,
    });
  } catch (error) {
    card.remove();
    throw error;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new lib.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new lib.AttributionControl({ compact: true }), "bottom-right");
  section.classList.add("live");
  Object.assign(section, { map }); // tests and the curious reach it here
  return map;
}

export async function askStyle(theme: Theme, question: string): Promise<StyleSpecification> {
  const answer = await fetch(SERVICE + styleAddress(theme, question));
  if (!answer.ok) throw new Error(`style : ${answer.status}`);
  return dressed((await answer.json()) as StyleSpecification, theme);
}

async function loadStylesheet(href: string, root: Node): Promise<void> {
  if (root instanceof ShadowRoot) {
    // a sheet made by hand needs no permission from the policy of the page around
    const sheet = await new CSSStyleSheet().replace(await (await fetch(href)).text());
    root.adoptedStyleSheets.push(sheet);
    return;
  }
  await new Promise<void>((resolve, reject) => {
    const link = element("link", { rel: "stylesheet", href });
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error(href)));
    document.head.append(link);
  });
}
