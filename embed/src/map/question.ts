/** The question of the page, as the map changes it. */

export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** What says where: the visible zone takes their place. */
const WHERE = ["ou", "lon", "lat", "rayon", "territoire", "bbox", "page", "tri"];
const MOMENTS = ["ouvert", "permanence"];
/** Of our own pages; a framed list has another address. */
export const LIST = "/lieux";
const DECIMALS = 4; // ten metres
const FRANCE: Bounds = [-5.2, 41.3, 9.6, 51.1];

/** Reads `west,south,east,north`; null when there is nothing to frame. */
export function readBounds(text: string): Bounds | null {
  const [west, south, east, north, ...more] = text.split(",").map(Number);
  if (west === undefined || south === undefined || east === undefined || north === undefined) {
    return null;
  }
  const all = [west, south, east, north];
  return more.length === 0 && text !== "" && all.every(Number.isFinite)
    ? [west, south, east, north]
    : null;
}

/** What a map frames first: all of metropolitan France when no place has a position. */
export function frame(box: string): [west: number, south: number, east: number, north: number] {
  const [west, south, east, north] = readBounds(box) ?? FRANCE;
  return [west, south, east, north];
}

/** `list` without a question, and the question of the page: the list for what the map shows now. */
export function addressOfZone(list: string, search: string, bounds: Bounds): string {
  const asked = new URLSearchParams(search);
  for (const name of WHERE) asked.delete(name);
  const [west, south, east, north] = bounds;
  const box = [
    Math.max(-180, west),
    Math.max(-90, south),
    Math.min(180, east),
    Math.min(90, north),
  ];
  asked.set("bbox", box.map((degree) => degree.toFixed(DECIMALS)).join(","));
  return `${list}?${asked}`;
}

/** What is known of one place at the moments that the question is about. */
export function dataOfPlace(question: string, id: string): string {
  const asked = new URLSearchParams(question);
  for (const name of [...asked.keys()]) if (!MOMENTS.includes(name)) asked.delete(name);
  return `/lieux/${encodeURIComponent(id)}.json${asked.size > 0 ? `?${asked}` : ""}`;
}

/** Where the page of one place is, beside this list; in a frame, it keeps how the list looks. */
export function addressOfPlace(list: string, search: string, id: string): string {
  const place = `/lieux/${encodeURIComponent(id)}`;
  return list === LIST ? place : `${list}${place}${search}`;
}
