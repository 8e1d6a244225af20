import assert from "node:assert/strict";
import { test } from "node:test";
import { changed, inside, listPath, questionOf, readHash, writeHash } from "../src/widget/asked.ts";

const SERVICE = "https://carte.exemple.fr";

test("the attributes of the element are the parameters of the list", () => {
  const asked = questionOf([
    ["territoire", "departement:23 departement:87"],
    ["titre", "Chez nous"],
    ["class", "large"],
    ["permalien", ""],
    ["integration", "k1"],
    ["data-x", "1"],
  ]);
  assert.equal(
    listPath(asked),
    "/embed?territoire=departement%3A23&territoire=departement%3A87&titre=Chez+nous&integration=k1",
  );
});

test("only the list and its places open inside the element", () => {
  assert.equal(inside("/embed?page=2", SERVICE), "/embed?page=2");
  assert.equal(inside(`${SERVICE}/embed/lieux/abc?ou=a`, SERVICE), "/embed/lieux/abc?ou=a");
  for (const href of ["/donnees", "//ailleurs.exemple.fr/embed", "/embed/../moi", "javascript:1"]) {
    assert.equal(inside(href, SERVICE), null);
  }
});

test("another question starts at its first page and leaves out what is null", () => {
  const asked = changed("ou=a&page=3&services=x", { services: ["y", "z"], ou: null });
  assert.equal(String(asked), "services=y&services=z");
});

test("a permalink comes back, beside what the host page keeps in its address", () => {
  const hash = writeHash("#menu&carte=/vieux", "carte", "/embed/lieux/abc?ou=a%20b&q=c%26d");
  assert.ok(hash.startsWith("#menu&carte="));
  assert.equal(readHash(hash, "carte", SERVICE), "/embed/lieux/abc?ou=a%20b&q=c%26d");
  assert.equal(readHash("#menu", "carte", SERVICE), null);
  assert.equal(readHash("#carte=%2F..%2F..%2Fmoi", "carte", SERVICE), null);
});
