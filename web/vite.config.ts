import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

// The pages are written by `src/pages/render.tsx` before this build, as HTML files under .pages/html.
const root = fileURLToPath(new URL(".pages/html", import.meta.url));

function pages(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".html")).map((file) => join(folder, file));
}

/** llms.txt and its like, which were written beside the pages and stay as they are. */
function texts(folder: string): Plugin {
  return {
    name: "texts",
    generateBundle() {
      for (const fileName of readdirSync(folder).filter((file) => /\.(txt|xml)$/.test(file))) {
        this.emitFile({ type: "asset", fileName, source: readFileSync(join(folder, fileName)) });
      }
    },
  };
}

export default defineConfig(({ isSsrBuild }) =>
  isSsrBuild
    ? { build: { emptyOutDir: true } }
    : {
        root,
        appType: "mpa",
        plugins: [texts(root)],
        publicDir: fileURLToPath(new URL("public", import.meta.url)),
        resolve: { alias: { "/src": fileURLToPath(new URL("src", import.meta.url)) } },
        build: {
          outDir: fileURLToPath(new URL("dist", import.meta.url)),
          emptyOutDir: true,
          target: "es2022",
          assetsInlineLimit: 0, // the content security policy lets no data: URL through
          modulePreload: { polyfill: false }, // an inline script
          rollupOptions: { input: pages(root) },
        },
      },
);
