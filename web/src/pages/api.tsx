// The reference of the API, once for each language.

import { REFERENCES } from "../reference";
import { SECTIONS } from "../reference/reference";
import { plain, richIn } from "../reference/rich";
import { sectionsIn } from "../reference/Sections";
import { LANGUAGES, NAMES, type Language } from "../strings/languages";
import { Layout } from "./layout";

export function apiPath(language: Language): string {
  return language === "en" ? "/api" : `/${language}/api`;
}

export function Api({ language }: { language: Language }) {
  const said = REFERENCES[language];
  const sections = sectionsIn(language, said);
  const path = apiPath(language);
  return (
    <Layout
      title={said.title}
      description={plain(said.description, language)}
      path={path}
      language={language}
      scripts={["/src/reference/main.ts"]}
      head={<Head path={path} />}
    >
      <div class="reference">
        <header>
          <h1>{said.heading}</h1>
          <p class="lead-text">{richIn(language)(said.lead)}</p>
          <nav class="languages" aria-label={said.words.languages}>
            {LANGUAGES.map((one) => (
              <a
                key={one}
                href={apiPath(one)}
                hreflang={one}
                lang={one}
                data-language
                aria-current={one === language ? "true" : undefined}
              >
                {NAMES[one]}
              </a>
            ))}
          </nav>
        </header>
        <nav class="contents" aria-label={said.words.contents}>
          <p aria-hidden="true">{said.words.contents}</p>
          <ol>
            {SECTIONS.map((id) => (
              <li key={id}>
                <a href={`#${id}`}>{said.sections[id]}</a>
              </li>
            ))}
          </ol>
        </nav>
        <div class="sections">
          {SECTIONS.map((id) => (
            <section key={id} id={id} aria-labelledby={`${id}-title`}>
              <h2 id={`${id}-title`}>
                <a href={`#${id}`}>{said.sections[id]}</a>
              </h2>
              {sections[id]}
            </section>
          ))}
        </div>
        <p class="hidden" role="status" data-status />
      </div>
    </Layout>
  );
}

/** Relative, since whoever runs the site may serve it anywhere; the sitemap has the same with the site's address. */
function Head({ path }: { path: string }) {
  return (
    <>
      <link rel="stylesheet" href="/src/reference/reference.css" />
      <link rel="canonical" href={path} />
      {LANGUAGES.map((one) => (
        <link key={one} rel="alternate" hreflang={one} href={apiPath(one)} />
      ))}
      <link rel="alternate" hreflang="x-default" href={apiPath("en")} />
    </>
  );
}
