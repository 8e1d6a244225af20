import assert from "node:assert/strict";
import { test } from "node:test";
import { byShade, distance, told } from "../src/map/shades.ts";

const AJAIN = { type: "commune", nom: "Ajain", population: 1032, lieux: 0, distance_m: 4_230 };

test("a distance is written as the page writes it", () => {
  assert.equal(distance(20), "50\u00a0m");
  assert.equal(distance(349), "350\u00a0m");
  assert.equal(distance(4_230), "4,2\u00a0km");
  assert.equal(distance(17_600), "18\u00a0km");
});

test("a commune says who lives there, how far help is, and what changes", () => {
  assert.match(told(AJAIN), /^Ajain\u00a0: 1.032\u00a0habitants\. .* à 4,2\u00a0km\.$/);
  assert.match(told({ ...AJAIN, distance_avec_ajout_m: 900 }), /Avec l’ajout : 900\u00a0m\.$/);
});

test("what is not known is said, never guessed", () => {
  const nobody = { type: "commune", nom: "Ajain", lieux: 0 };
  assert.equal(told(nobody), "Ajain\u00a0: population non connue. Aucun lieu ne répond.");
});

test("of a larger territory, it is where nine inhabitants of ten live", () => {
  assert.match(told({ ...AJAIN, type: "epci" }), /Neuf habitants sur dix/);
});

test("a territory without a shade is painted as the nearest", () => {
  assert.deepEqual(byShade(["a", "b", "c"]), ["match", ["get", "classe"], 1, "b", 2, "c", "a"]);
});
