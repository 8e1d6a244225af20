/** The shades of a coverage: a colour, a pattern for those who do not see it, and words. */

import type { ExpressionSpecification } from "maplibre-gl";

/** From near to far, as the drawing of the page. */
export const FILLS = ["#d5ece4", "#f6d98a", "#dd8a3e", "#8a2b14"] as const;
const INKS = ["#d5ece4", "#7a5a00", "#5a2600", "#f3b9a8"] as const;
const SIDE = 16;

export const byShade = (values: readonly string[]): ExpressionSpecification =>
  [
    "match",
    ["get", "classe"],
    ...values.flatMap((value, rank) => (rank === 0 ? [] : [rank, value])),
    values[0],
  ] as unknown as ExpressionSpecification;

export const patternName = (rank: number): string => `classe-${rank}`;

/** Plain, dots, lines, crossed lines: the same as in the legend. */
export function pattern(rank: number): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  pen.fillStyle = FILLS[rank] ?? FILLS[0];
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.fillStyle = pen.strokeStyle = INKS[rank] ?? INKS[0];
  pen.lineWidth = 2;
  if (rank === 1) {
    for (const at of [SIDE / 4, (3 * SIDE) / 4]) {
      pen.beginPath();
      pen.arc(at, at, 2, 0, 2 * Math.PI);
      pen.fill();
    }
  }
  // drawn three times, so that the lines go on from one square to the next
  for (const shift of [-SIDE, 0, SIDE]) {
    if (rank >= 2) line(pen, shift, SIDE, shift + SIDE, 0);
    if (rank === 3) line(pen, shift, 0, shift + SIDE, SIDE);
  }
  return pen.getImageData(0, 0, SIDE, SIDE);
}

function line(pen: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number) {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
  pen.stroke();
}

/** What a tile says of one territory. */
export interface Shaded {
  readonly type: string;
  readonly nom: string;
  readonly population?: number;
  readonly lieux: number;
  readonly distance_m?: number;
  readonly distance_avec_ajout_m?: number;
}

const number = (value: number): string => value.toLocaleString("fr-FR");

/** «350 m», «4,2 km», «18 km»: as the page writes it. */
export function distance(metres: number): string {
  if (metres < 950) return `${Math.max(50, Math.round(metres / 50) * 50)}\u00a0m`;
  const km = metres / 1_000;
  return `${number(km >= 10 ? Math.round(km) : Math.round(km * 10) / 10)}\u00a0km`;
}

export function told(one: Shaded): string {
  const people =
    one.population === undefined
      ? "population non connue"
      : `${number(one.population)}\u00a0habitant${one.population > 1 ? "s" : ""}`;
  const far =
    one.distance_m === undefined
      ? "Aucun lieu ne répond."
      : one.type === "commune"
        ? `Le lieu le plus proche est à ${distance(one.distance_m)}.`
        : `Neuf habitants sur dix vivent à moins de ${distance(one.distance_m)} d’un lieu.`;
  const then =
    one.distance_avec_ajout_m === undefined
      ? ""
      : ` Avec l’ajout : ${distance(one.distance_avec_ajout_m)}.`;
  return `${one.nom}\u00a0: ${people}. ${far}${then}`;
}
