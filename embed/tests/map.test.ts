import assert from "node:assert/strict";
import { test } from "node:test";
import type { StyleSpecification } from "maplibre-gl";
import { prefixed } from "../src/map/basemap.ts";
import { familyOf, LETTERS, readFamilies } from "../src/map/families.ts";
import { atMoment } from "../src/map/layers.ts";
import { isSparing } from "../src/map/offer.ts";
import { addressOf, inFrench, phoneWords } from "../src/map/place.ts";
import { addressOfZone, readBounds } from "../src/map/question.ts";
import { besidePanel } from "../src/map/room.ts";
import { dressed, familyColours, styleAddress } from "../src/map/style.ts";

const style: StyleSpecification = {
  version: 8,
  sources: { lieux: { type: "vector" } },
  layers: [
    { id: "fond-mer", type: "background" },
    {
      id: "lieux-points",
      type: "circle",
      source: "lieux",
      "source-layer": "lieux",
      filter: ["!", ["has", "nombre"]],
      paint: {
        "circle-color": ["match", ["get", "famille"], 1, "#111111", 2, "#222222", "#333333"],
      },
    },
  ],
};

test("bounds are four numbers, or nothing", () => {
  assert.deepEqual(readBounds("5.9,45.7,6.3,46"), [5.9, 45.7, 6.3, 46]);
  assert.equal(readBounds(""), null);
  assert.equal(readBounds("5.9,45.7,6.3"), null);
  assert.equal(readBounds("5.9,45.7,6.3,nord"), null);
});

test("searching in the zone keeps the filters and replaces where", () => {
  const address = addressOfZone(
    "/lieux",
    "?ou=Annecy&rayon=20&frais=gratuit&page=3&tri=distance",
    [5.91234567, 45.7, 6.3, 46],
  );
  assert.equal(address, "/lieux?frais=gratuit&bbox=5.9123%2C45.7000%2C6.3000%2C46.0000");
});

test("a zone wider than the Earth is cut to it", () => {
  assert.match(
    addressOfZone("/embed", "", [-250, -95, 200, 91]),
    /^\/embed\?bbox=-180\.0000%2C-90\.0000%2C180\.0000%2C90\.0000$/,
  );
});

test("the style is asked with the question of the list", () => {
  assert.equal(styleAddress("sombre", "ou=Ahun"), "/tuiles/style.json?theme=sombre&ou=Ahun");
  assert.equal(styleAddress("clair", ""), "/tuiles/style.json?theme=clair");
});

test("every point has a letter, right above it", () => {
  const layers = dressed(style, "clair").layers.map((layer) => layer.id);
  assert.deepEqual(layers, ["fond-mer", "lieux-points", "lieux-lettres"]);
});

test("the letters hide the groups as the points do", () => {
  const letters = dressed(style, "clair").layers[2];
  assert.deepEqual(letters && "filter" in letters && letters.filter, ["!", ["has", "nombre"]]);
});

test("the legend has the colours of the style", () => {
  assert.deepEqual(
    [...familyColours(style)],
    [
      [1, "#111111"],
      [2, "#222222"],
    ],
  );
});

test("families are numbered from 1 and each has its own letter", () => {
  const families = readFamilies("Bibliothèques|France Services");
  assert.equal(familyOf(families, 2)?.label, "France Services");
  assert.equal(familyOf(families, 9), null);
  assert.equal(new Set(LETTERS).size, LETTERS.length);
});

test("a basemap's layers and sources cannot take our names", () => {
  assert.deepEqual(
    prefixed(style).map((layer) => [layer.id, "source" in layer ? layer.source : null]),
    [
      ["basemap-fond-mer", null],
      ["basemap-lieux-points", "basemap-lieux"],
    ],
  );
});

test("who saves data or waits long is not sent the map unasked", () => {
  assert.equal(isSparing({ saveData: true }), true);
  assert.equal(isSparing({ effectiveType: "3g" }), true);
  assert.equal(isSparing({ effectiveType: "4g", saveData: false }), false);
  assert.equal(isSparing(undefined), false);
});

test("phones are written as people say them", () => {
  assert.equal(phoneWords("+33639981234"), "06\u00a039\u00a098\u00a012\u00a034");
  assert.equal(phoneWords("+262639981234"), "06\u00a039\u00a098\u00a012\u00a034");
  assert.equal(phoneWords("+687123456"), "+687123456");
});

test("an address that nobody knows is said so", () => {
  const place = { adresse: null, code_postal: null, commune: null };
  assert.equal(addressOf(place as never), "Adresse non connue");
  assert.equal(inFrench("S'équiper"), "S’équiper");
});

test("the place chosen goes where the panel leaves the most room", () => {
  const map = { left: 0, top: 0, right: 400, bottom: 600 };
  const above = { left: 10, top: 10, right: 310, bottom: 200 };
  assert.deepEqual(besidePanel(map, above), [0, 100]);
  const below = { left: 10, top: 400, right: 390, bottom: 590 };
  assert.deepEqual(besidePanel(map, below), [0, -100]);
  const wide = { left: 0, top: 0, right: 1000, bottom: 600 };
  assert.deepEqual(besidePanel(wide, { left: 10, top: 10, right: 310, bottom: 500 }), [155, 0]);
});

test("the moment of a permanence is added to the question, changed and taken away", () => {
  const asked = atMoment("territoire=departement:23&frais=gratuit", "jeudi-matin");
  assert.equal(asked, "territoire=departement%3A23&frais=gratuit&permanence=jeudi-matin");
  assert.equal(new URLSearchParams(atMoment(asked, "lundi")).getAll("permanence").join(), "lundi");
  assert.equal(atMoment(asked, ""), "territoire=departement%3A23&frais=gratuit");
});
