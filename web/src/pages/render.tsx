// Writes every page of the site as an HTML file, which the build then gives its scripts and styles.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { render } from "preact-render-to-string";
import { LANGUAGES } from "../strings/languages";
import { Account } from "./account";
import { Api, apiPath } from "./api";
import { Home } from "./home";
import { llms, robots, sitemap } from "./machines";
import { Missing } from "./missing";
import { Pricing } from "./pricing";

const OUT = join(import.meta.dirname, "html");

const PAGES = {
  "index.html": <Home />,
  "account.html": <Account />,
  "pricing.html": <Pricing />,
  ...Object.fromEntries(LANGUAGES.map((one) => [`${apiPath(one).slice(1)}.html`, <Api language={one} />])),
  "404.html": <Missing />,
};

const TEXTS = { "llms.txt": llms(), "robots.txt": robots(), "sitemap.xml": sitemap() };

for (const [path, page] of Object.entries(PAGES)) write(path, `<!doctype html>\n${render(page)}\n`);
for (const [path, text] of Object.entries(TEXTS)) write(path, text);

function write(path: string, text: string): void {
  const file = join(OUT, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
