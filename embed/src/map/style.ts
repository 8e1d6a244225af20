/** The server's style, dressed for the page: its colours, and a letter on every point. */

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { LETTERS } from "./families.ts";

export type Theme = "clair" | "sombre";

/** Layers of points that can be chosen, and of groups that open. */
export const POINTS = "lieux-points";
export const GROUPS = "lieux-groupes";
const LETTERS_LAYER = "lieux-lettres";
/** From this zoom, points are large enough for a letter. */
const LETTERS_FROM = 8;

interface Colours {
  readonly group: string;
  readonly onGroup: string;
  readonly letter: string;
}

export const COLOURS: Readonly<Record<Theme, Colours>> = {
  clair: { group: "#0b5f58", onGroup: "#ffffff", letter: "#ffffff" },
  sombre: { group: "#79d2c6", onGroup: "#06302c", letter: "#0d1117" },
};

export function styleAddress(theme: Theme, question: string): string {
  return `/tuiles/style.json?theme=${theme}${question === "" ? "" : `&${question}`}`;
}

export function dressed(style: StyleSpecification, theme: Theme): StyleSpecification {
  const colours = COLOURS[theme];
  const layers = style.layers.flatMap((layer): LayerSpecification[] => {
    if (layer.id === GROUPS && layer.type === "circle") {
      // a ring, where the numbers of the list are in full discs
      const ring = {
        "circle-color": colours.onGroup,
        "circle-stroke-color": colours.group,
        "circle-stroke-width": 2.5,
      };
      return [{ ...layer, paint: { ...layer.paint, ...ring } }];
    }
    if (layer.id === "lieux-nombres" && layer.type === "symbol") {
      return [{ ...layer, paint: { ...layer.paint, "text-color": colours.group } }];
    }
    if (layer.id === POINTS && layer.type === "circle") {
      return [
        { ...layer, paint: { ...layer.paint, "circle-radius": RADIUS } },
        letters(layer, colours),
      ];
    }
    return [layer];
  });
  return { ...style, layers };
}

const RADIUS: ExpressionSpecification = [
  "interpolate",
  ["linear"],
  ["zoom"],
  5,
  5,
  LETTERS_FROM,
  9,
  14,
  12,
];

function letters(
  points: LayerSpecification & { type: "circle" },
  colours: Colours,
): LayerSpecification {
  const pairs = LETTERS.flatMap((letter, rank) => [rank + 1, letter]);
  // the type of «match» wants its first pair apart
  const byFamily = [
    "match",
    ["get", "famille"],
    ...pairs,
    "•",
  ] as unknown as ExpressionSpecification;
  return {
    id: LETTERS_LAYER,
    type: "symbol",
    source: points.source,
    ...(points["source-layer"] === undefined ? {} : { "source-layer": points["source-layer"] }),
    ...(points.filter === undefined ? {} : { filter: points.filter }),
    minzoom: LETTERS_FROM,
    layout: {
      "text-field": byFamily,
      "text-font": ["system-ui", "sans-serif"],
      "text-size": 12,
      "text-allow-overlap": true,
      "text-ignore-placement": true,
    },
    paint: { "text-color": colours.letter },
  };
}

/** The colour of each family, as the style paints it; for the legend. */
export function familyColours(style: StyleSpecification): ReadonlyMap<number, string> {
  const points = style.layers.find((layer) => layer.id === POINTS);
  const painted = points?.type === "circle" ? points.paint?.["circle-color"] : undefined;
  const found = new Map<number, string>();
  if (!Array.isArray(painted) || painted[0] !== "match") return found;
  for (let at = 2; at + 1 < painted.length; at += 2) {
    found.set(Number(painted[at]), String(painted[at + 1]));
  }
  return found;
}
