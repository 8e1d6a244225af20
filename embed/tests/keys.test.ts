import assert from "node:assert/strict";
import { test } from "node:test";
import { letter } from "../src/keys.ts";

const alone = { altKey: false, ctrlKey: false, metaKey: false, repeat: false };

test("a letter alone answers, in capitals too", () => {
  assert.equal(letter({ ...alone, key: "u" }), "u");
  assert.equal(letter({ ...alone, key: "U" }), "u");
});

test("a shortcut of the browser, a key held down or an arrow answers nothing", () => {
  assert.equal(letter({ ...alone, key: "p", ctrlKey: true }), null);
  assert.equal(letter({ ...alone, key: "u", repeat: true }), null);
  assert.equal(letter({ ...alone, key: "ArrowDown" }), null);
});
