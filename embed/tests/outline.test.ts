import assert from "node:assert/strict";
import { test } from "node:test";
import { asFeatures, asGeoJson, told } from "../src/map/outline.ts";

const TRIANGLE = [
  [6.2, 44.1],
  [6.3, 44.1],
  [6.3, 44.2],
] as const;

test("two points make no outline", () => {
  assert.equal(asGeoJson(TRIANGLE.slice(0, 2)), "");
  assert.match(told(TRIANGLE.slice(0, 2)), /Il en faut au moins 3/);
});

test("three points make a ring that closes by itself, to the metre", () => {
  const { type, coordinates } = JSON.parse(asGeoJson([[6.123456789, 44.1], ...TRIANGLE.slice(1)]));

  assert.equal(type, "Polygon");
  assert.deepEqual(coordinates[0][0], [6.12346, 44.1]);
  assert.deepEqual(coordinates[0][0], coordinates[0].at(-1));
  assert.equal(coordinates[0].length, 4);
});

test("every point is drawn, and what they make", () => {
  const kinds = (count: number) =>
    asFeatures(TRIANGLE.slice(0, count)).features.map(({ geometry }) => geometry.type);

  assert.deepEqual(kinds(1), ["Point"]);
  assert.deepEqual(kinds(2), ["LineString", "Point", "Point"]);
  assert.deepEqual(kinds(3), ["Polygon", "Point", "Point", "Point"]);
});
