import assert from "node:assert/strict";
import { test } from "node:test";
import { afterKey, announced, CLOSED, kindOf, opened } from "../src/suggestions/state.ts";

const three = opened([
  { libelle: "Annecy (74)", type: "commune" },
  { libelle: "Annecy-le-Vieux (74)", type: "ancienne-commune" },
  { libelle: "Grand Annecy", type: "epci" },
]);

test("the arrow down goes from the field to the first suggestion, and around", () => {
  const first = afterKey(three, "ArrowDown");
  assert.equal(first?.active, 0);
  const last = afterKey({ ...three, active: 2 }, "ArrowDown");
  assert.equal(last?.active, 0);
});

test("the arrow up goes to the last suggestion", () => {
  assert.equal(afterKey(three, "ArrowUp")?.active, 2);
});

test("Escape closes the suggestions, and only then is it the page's", () => {
  assert.deepEqual(afterKey(three, "Escape"), CLOSED);
  assert.equal(afterKey(CLOSED, "Escape"), null);
});

test("letters stay the field's own", () => {
  assert.equal(afterKey(three, "a"), null);
});

test("what tells namesakes apart is said", () => {
  assert.deepEqual(three.options.map(kindOf), ["", "ancienne commune", "intercommunalité"]);
});

test("the number of suggestions is announced in French", () => {
  assert.equal(announced(0), "Aucune commune de ce nom.");
  assert.match(announced(3), /^3 propositions/);
});
