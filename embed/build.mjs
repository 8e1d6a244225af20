// Builds what browsers run into geoservice/web/static/dist/, with manifest.json: name → hashed file.
// With --tests, bundles the tests for `node --test` instead.

import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";

const STATIC = "../geoservice/web/static";
const DIST = `${STATIC}/dist`;
const MODULES = "node_modules";

if (process.argv.includes("--tests")) {
  await rm(`${MODULES}/.tests`, { recursive: true, force: true });
  await build({
    entryPoints: ["tests/*.test.ts"],
    outdir: `${MODULES}/.tests`,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
  });
  process.exit();
}

const version = async (name) =>
  JSON.parse(await readFile(`${MODULES}/${name}/package.json`)).version;
const maplibre = `maplibre/${await version("maplibre-gl")}`;

// written beside, then put in place at once: a page never sees half a build
const fresh = `${DIST}.new`;
await rm(fresh, { recursive: true, force: true });

const styles = await build({
  entryPoints: {
    site: `${STATIC}/site.css`,
    map: "src/map/map.css",
    embed: "src/widget/widget.css",
  },
  outdir: fresh,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  target: "es2022",
  metafile: true,
});

const modules = {
  outdir: fresh,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  metafile: true,
};
const MAPLIBRE = JSON.stringify(`./${maplibre}/maplibre-gl.mjs`);
const scripts = await build({
  ...modules,
  entryPoints: { site: "src/site.ts", embed: "src/embed.ts" },
  splitting: true,
  chunkNames: "[name]-[hash]",
  define: { MAPLIBRE },
});
const builtFrom = ({ metafile }, source) =>
  Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source)[0];
// alone, with its style inside: the list of another site waits for one file; the map is the same
const dress = await readFile(builtFrom(styles, "src/widget/widget.css"), "utf8");
const element = await build({
  ...modules,
  entryPoints: { carte: "src/carte.ts" },
  define: {
    MAPLIBRE,
    WIDGET_CSS: JSON.stringify(dress),
    WIDGET_MAP: JSON.stringify(`./${basename(builtFrom(scripts, "src/map/map.ts"))}`),
  },
});

// for the pages of other sites: one file each, under an address that stays the same
const frames = await build({
  entryPoints: { hauteur: "src/hauteur.ts" },
  outdir: fresh,
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  metafile: true,
});

const manifest = {};
for (const { metafile } of [scripts, element, styles, frames]) {
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint && /-[A-Z0-9]{8}\.\w+$/.test(file)) {
      manifest[basename(file).replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1")] = basename(file);
    }
  }
}
// chunks are reached from the entries only
const ENTRIES = /^(site|embed|carte|hauteur)\.js$|\.css$/;
for (const name of Object.keys(manifest)) if (!ENTRIES.test(name)) delete manifest[name];

// MapLibre finds its worker beside itself: both files go as they are, under their version
await mkdir(`${fresh}/${maplibre}`, { recursive: true });
for (const name of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl-shared.mjs"]) {
  await cp(`${MODULES}/maplibre-gl/dist/${name}`, `${fresh}/${maplibre}/${name}`);
}
await cp(`${MODULES}/maplibre-gl/LICENSE.txt`, `${fresh}/${maplibre}/LICENSE.txt`);

await writeFile(`${fresh}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
await compress(fresh);
await rm(DIST, { recursive: true, force: true });
await rename(fresh, DIST);

/** Writes a .br and a .gz beside every text file. */
async function compress(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || ![".js", ".mjs", ".css"].includes(extname(entry.name))) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const bytes = await readFile(file);
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
      promisify(gzip)(bytes, { level: 9 }),
    ]);
    await writeFile(`${file}.br`, br);
    await writeFile(`${file}.gz`, gz);
  }
}
