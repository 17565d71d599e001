// Generates the client from docs/openapi.json and builds: node build.mjs FOLDER.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { createClient } from "@hey-api/openapi-ts";
import { build } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const modules = createRequire(import.meta.url);
const description = JSON.parse(readFileSync(here("../docs/openapi.json"), "utf8"));
const isCurrent = (path) => !/^\/api\/v[12]\/conversions\//.test(path);

/** What the console must know of each conversion: facts of the route, and its options' schemas. */
function catalogue() {
  const operations = Object.values(description.paths).flatMap((one) => Object.values(one));
  return operations
    .filter((one) => one["x-conversion"])
    .map((one) => {
      const form = one.requestBody.content["multipart/form-data"].schema.$ref.split("/").pop();
      const { options, ...facts } = one["x-conversion"];
      const fields = description.components.schemas[form].properties;
      return { ...facts, summary: one.summary, options: Object.fromEntries(options.map((name) => [name, fields[name]])) };
    });
}

rmSync(here("src/generated"), { recursive: true, force: true });
const paths = Object.fromEntries(Object.entries(description.paths).filter(([path]) => isCurrent(path)));
await createClient({
  input: { ...description, paths },
  output: here("src/generated"),
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
  logs: { level: "silent" },
});
writeFileSync(here("src/generated/catalogue.json"), JSON.stringify(catalogue()));
await build({
  root: here("."),
  base: "./",
  logLevel: "warn",
  build: {
    outDir: process.argv[2],
    emptyOutDir: true,
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: {
        index: here("index.html"),
        // The parts of the pages at / and /docs that do something: those pages know them by these names.
        reference: here("src/reference/main.tsx"),
        documentation: here("src/documentation/main.tsx"),
      },
      output: { entryFileNames: ({ name }) => (name === "index" ? "[name]-[hash].js" : "[name].js") },
    },
  },
});
const inPackage = (name, file) => modules.resolve(`${name}/package.json`).replace("package.json", file);
const licences = [
  ["Preact", inPackage("preact", "LICENSE")],
  ["fflate", inPackage("fflate", "LICENSE")],
  ["pdf.js", inPackage("pdfjs-dist", "LICENSE")],
  ...["OPENJPEG", "JBIG2", "PDFJS_OPENJPEG", "PDFJS_JBIG2"].map((name) => [name, inPackage("pdfjs-dist", `wasm/LICENSE_${name}`)]),
];
writeFileSync(`${process.argv[2]}/LICENSES.txt`, licences.map(([name, file]) => `${name}\n\n${readFileSync(file, "utf8")}`).join("\n\n"));

// Decoders of picture formats that pdf.js loads by name, in the form that needs no WebAssembly.
for (const name of ["openjpeg", "jbig2"]) {
  const file = `${name}_nowasm_fallback.js`;
  copyFileSync(inPackage("pdfjs-dist", `wasm/${file}`), `${process.argv[2]}/${file}`);
}
