// Builds ../static/web: app.css, theme.js, app.js, icons.svg, favicon.svg. Written aside first, so that a failed build leaves
// the files before it as they were.
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "static", "web");
const aside = `${target}.new`;

// The icons that templates may name; the sprite holds these and no others.
const ICONS = [
  "arrow-repeat", "box-arrow-in-right", "box-arrow-right", "building", "calendar-week", "check-circle", "chevron-down",
  "circle-half", "cloud-upload", "copy", "download", "exclamation-triangle", "file-earmark-text", "gear", "inbox",
  "info-circle", "journal-text", "key", "list", "lock", "moon-stars", "pencil", "people", "person-circle", "person-plus",
  "plus-lg", "search", "shield-lock", "sun", "table", "trash3", "x-circle", "x-lg",
];

async function styles() {
  const { css } = compile(join(here, "styles", "app.scss"), {
    loadPaths: [join(here, "node_modules")],
    style: "compressed",
    quietDeps: true,
    silenceDeprecations: ["import"], // Bootstrap 5.3 is written with @import
  });
  await writeFile(join(aside, "app.css"), css);
}

async function scripts() {
  await build({
    entryPoints: [join(here, "scripts", "app.js"), join(here, "scripts", "theme.js")],
    outdir: aside,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022"],
    sourcemap: false,
    legalComments: "none",
    logLevel: "warning",
  });
}

async function symbol(name) {
  const svg = await readFile(join(here, "node_modules", "bootstrap-icons", "icons", `${name}.svg`), "utf8");
  const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim();
  return `<symbol id="${name}" viewBox="0 0 16 16" fill="currentColor">${shapes}</symbol>`;
}

async function icons() {
  const symbols = await Promise.all(ICONS.map(symbol));
  await writeFile(join(aside, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
  await cp(join(here, "favicon.svg"), join(aside, "favicon.svg"));
}

await rm(aside, { recursive: true, force: true });
await mkdir(aside, { recursive: true });
await Promise.all([styles(), scripts(), icons()]);
await rm(target, { recursive: true, force: true });
await rename(aside, target);
