import assert from "node:assert/strict";
import { test } from "node:test";
import { moved, readPosition } from "../src/map/pick.ts";

test("a step is as long in every direction", () => {
  const [, north] = moved([1.87, 46.17], "nord", 100);
  const [east] = moved([1.87, 46.17], "est", 100);
  assert.ok(Math.abs((north - 46.17) * 111_133 - 100) < 1);
  assert.ok(Math.abs((east - 1.87) * 111_133 * Math.cos((46.17 * Math.PI) / 180) - 100) < 1);
});

test("there and back is where one was", () => {
  const [lon, lat] = moved(moved([1.87, 46.17], "ouest", 1000), "est", 1000);
  assert.ok(Math.abs(lon - 1.87) < 1e-9 && lat === 46.17);
});

test("what is no direction moves nothing", () => {
  assert.deepEqual(moved([1, 2], "ailleurs", 100), [1, 2]);
});

test("numbers are read with a comma, and nothing else is", () => {
  assert.deepEqual(readPosition("1,87", " 46.17 "), [1.87, 46.17]);
  for (const wrong of ["", "nord", "1e9"]) assert.equal(readPosition(wrong, "46"), null);
});
