// Bundles codemirror.js and gathers the licences of everything that went into the bundle beside it.

import { build } from "esbuild";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "prepsite", "static", "vendor", "codemirror");

// The site's Content-Security-Policy allows no <style> elements. CodeMirror puts its rules into one, unless it lives in
// a shadow root, where it adopts a constructed style sheet, which the policy does allow. Every browser now adopts
// sheets for a whole document as well, so the condition on the shadow root goes.
const adoptStyleSheets = {
  name: "adopt-style-sheets",
  setup({ onLoad }) {
    onLoad({ filter: /style-mod[/\\]src[/\\]style-mod\.js$/ }, ({ path }) => {
      const condition = "if (!root.head && root.adoptedStyleSheets && win.CSSStyleSheet)";
      const source = readFileSync(path, "utf8");
      if (!source.includes(condition)) throw new Error("style-mod has changed: look at how it mounts its rules now");
      return { contents: source.replace(condition, "if (root.adoptedStyleSheets && win.CSSStyleSheet)"), loader: "js" };
    });
  },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: ["codemirror.js"],
  outfile: join(out, "codemirror.js"),
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "CodeMirror",
  target: "es2020",
  charset: "utf8",
  legalComments: "none", // every licence is in LICENSES.txt
  banner: { js: "/* CodeMirror 6, MIT. Built by assets/build.mjs; licences in LICENSES.txt. */" },
  metafile: true,
  plugins: [adoptStyleSheets],
});

const bundled = new Map();
for (const input of Object.keys(result.metafile.inputs)) {
  const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match) bundled.set(match[1], join(here, "node_modules", match[1]));
}
const texts = [...bundled.entries()].sort().map(([name, folder]) => {
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file || !existsSync(join(folder, file))) throw new Error(`${name} has no licence file`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(out, "LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
console.log(`${bundled.size} packages bundled into ${join(out, "codemirror.js")}`);
