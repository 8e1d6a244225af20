/** The outline that somebody draws: points, one after the other, closed by itself. */

import type { Feature, FeatureCollection, Geometry } from "geojson";

/** Degrees, WGS 84. */
export type Point = readonly [lon: number, lat: number];

const DECIMALS = 5; // one metre
const LEAST = 3;

/** GeoJSON of the polygon; empty while there are too few points to make a surface. */
export function asGeoJson(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined || points.length < LEAST) return "";
  const ring = [...points, first].map(([lon, lat]) => [rounded(lon), rounded(lat)]);
  return JSON.stringify({ type: "Polygon", coordinates: [ring] });
}

/** What to draw: the surface, or the line while there are two points, and every point. */
export function asFeatures(points: readonly Point[]): FeatureCollection {
  const geometries: Geometry[] = points.map((point) => ({
    type: "Point",
    coordinates: [...point],
  }));
  const [first] = points;
  if (first !== undefined && points.length >= LEAST) {
    geometries.unshift({ type: "Polygon", coordinates: [[...points, first].map((p) => [...p])] });
  } else if (points.length === 2) {
    geometries.unshift({ type: "LineString", coordinates: points.map((p) => [...p]) });
  }
  const features = geometries.map(
    (geometry): Feature => ({ type: "Feature", properties: {}, geometry }),
  );
  return { type: "FeatureCollection", features };
}

/** Said after each change. */
export function told(points: readonly Point[]): string {
  const count = `${points.length} point${points.length > 1 ? "s" : ""}`;
  if (points.length < LEAST) return `${count}. Il en faut au moins ${LEAST}.`;
  return `${count}. Le contour est fermé ; vous pouvez ajouter des points.`;
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}
