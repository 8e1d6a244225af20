import assert from "node:assert/strict";
import { test } from "node:test";
import { tidy } from "../src/forms.ts";

function tidied(pairs: readonly [string, string][]): string {
  const data = new FormData();
  for (const [name, value] of pairs) data.append(name, value);
  tidy(data);
  return new URLSearchParams([...data] as [string, string][]).toString();
}

test("empty fields stay out of the address", () => {
  assert.equal(
    tidied([
      ["ou", "Guéret"],
      ["ouvert", ""],
      ["q", ""],
    ]),
    "ou=Gu%C3%A9ret",
  );
});

test("a distance without a place to count it from is not asked", () => {
  assert.equal(
    tidied([
      ["ou", ""],
      ["rayon", "20"],
      ["frais", "gratuit"],
    ]),
    "frais=gratuit",
  );
});

test("several values of one filter are all kept", () => {
  const asked = tidied([
    ["frais", "gratuit"],
    ["frais", "payant"],
  ]);
  assert.equal(asked, "frais=gratuit&frais=payant");
});

test("a commune that was typed replaces the position asked before", () => {
  assert.equal(
    tidied([
      ["ou", "Ahun"],
      ["lon", "2.1"],
      ["lat", "46.2"],
    ]),
    "ou=Ahun",
  );
});

test("the distance stays with a position", () => {
  const asked = tidied([
    ["lon", "2.1"],
    ["lat", "46.2"],
    ["rayon", "50"],
  ]);
  assert.equal(asked, "lon=2.1&lat=46.2&rayon=50");
});
