// What all pages have: the head, the bar on top, the foot.

import type { ComponentChildren } from "preact";
import { DIRECTION, type Language } from "../strings/languages";
import { STRINGS } from "../strings/site";

interface Props {
  title: string;
  description: string;
  /** The page's own place, such as "/pricing": what the bar marks as the current one. */
  path: string;
  language?: Language;
  /** Modules that the page runs, such as "/src/app/main.tsx". */
  scripts?: readonly string[];
  head?: ComponentChildren;
  children: ComponentChildren;
}

export function Layout({ title, description, path, language = "en", scripts = [], head, children }: Props) {
  const said = STRINGS[language];
  const places = [
    { path: "/", name: said.read },
    { path: language === "en" ? "/api" : `/${language}/api`, name: said.api },
    { path: "/pricing", name: said.pricing },
    { path: "/account", name: said.account },
  ];
  return (
    <html lang={language} dir={DIRECTION[language]}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content={description} />
        <title>{title}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/src/styles/site.css" />
        {head}
        {scripts.map((script) => (
          <script key={script} type="module" src={script} />
        ))}
      </head>
      <body>
        <a class="skip" href="#main">
          {said.skip}
        </a>
        <header class="bar">
          <a class="brand" href="/">
            <img src="/icon.svg" alt="" width="22" height="22" />
            OCR.chat
          </a>
          <nav aria-label={said.navigation}>
            {places.map((place) => (
              <a key={place.path} href={place.path} aria-current={place.path === path ? "page" : undefined}>
                {place.name}
              </a>
            ))}
          </nav>
        </header>
        <main id="main">{children}</main>
        <footer class="foot">
          <p>{said.promise}</p>
        </footer>
      </body>
    </html>
  );
}
