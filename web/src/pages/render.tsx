// Writes every page of the site as an HTML file, which the build then gives its scripts and styles.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { render } from "preact-render-to-string";
import { Account } from "./account";
import { Home } from "./home";
import { Missing } from "./missing";

const OUT = join(import.meta.dirname, "html");

const PAGES = {
  "index.html": <Home />,
  "account.html": <Account />,
  "404.html": <Missing />,
};

for (const [path, page] of Object.entries(PAGES)) {
  const file = join(OUT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `<!doctype html>\n${render(page)}\n`);
}
