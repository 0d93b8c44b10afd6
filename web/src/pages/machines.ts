// What programs look for: llms.txt, robots.txt and the sitemap, from the same content as the pages.

import { REFERENCES } from "../reference";
import { ANSWERS, BASE, EXAMPLES } from "../reference/examples";
import { filled } from "../reference/numbers";
import { BLOCK_FIELDS, JOB_FIELDS, PAGE_FIELDS, QUESTIONS, type ErrorCode, type Tool } from "../reference/reference";
import { LANGUAGES } from "../strings/languages";
import tables from "../tables.json";
import { apiPath } from "./api";
import { PUBLIC_URL } from "./public-url";

const PAGES = ["/", "/pricing"];

export function robots(): string {
  return `User-agent: *\nAllow: /\nDisallow: /api/v1/\nDisallow: /account\n\nSitemap: ${PUBLIC_URL}/sitemap.xml\n`;
}

export function sitemap(): string {
  const alternates = [...LANGUAGES.map((one) => [one, apiPath(one)] as const), ["x-default", apiPath("en")] as const]
    .map(([language, path]) => `    <xhtml:link rel="alternate" hreflang="${language}" href="${PUBLIC_URL}${path}"/>\n`)
    .join("");
  const urls = [
    ...PAGES.map((path) => `  <url>\n    <loc>${PUBLIC_URL}${path}</loc>\n  </url>\n`),
    ...LANGUAGES.map((one) => `  <url>\n    <loc>${PUBLIC_URL}${apiPath(one)}</loc>\n${alternates}  </url>\n`),
  ];
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' +
    `${urls.join("")}</urlset>\n`
  );
}

/** The reference as Markdown (https://llmstxt.org). */
export function llms(): string {
  const said = REFERENCES.en;
  const lines = [
    `# ${said.heading}`,
    `> ${said.lead}`,
    said.overview.what,
    said.overview.how,
    `- ${said.overview.baseUrl}: \`${PUBLIC_URL}\``,
    `- ${said.overview.formatsIn}: ${tables.formats.in.join(", ")}`,
    `- ${said.overview.formatsOut}: ${tables.formats.out.join(", ")}`,
    `- ${said.overview.languages}: ${said.overview.languagesValue}`,
    `- ${said.overview.cpu}`,
    `- ${said.overview.vlm}`,
    "- [OpenAPI document](/openapi.json), [JSON Schema of the job object](/schemas/job-1.json), [reference for people](/api), [pricing](/pricing)",
    `## ${said.sections.authentication}`,
    code("Authorization: Bearer YOUR_API_TOKEN"),
    ...Object.values(said.authentication),
    `## ${said.sections.submit}: POST /api/v1/ocr/`,
    said.submit.what,
    code(EXAMPLES.submit.curl, "sh"),
    said.submit.answer,
    code(ANSWERS.job, "json"),
    `## ${said.sections.parameters}`,
    said.parameters.what,
    ...list(Object.entries(said.parameters.submit)),
    said.parameters.resultTitle,
    ...list(Object.entries(said.parameters.result)),
    `## ${said.sections.result}: GET /api/v1/ocr/<uuid>/`,
    ...Object.values(said.result),
    code(EXAMPLES.result.curl, "sh"),
    `## ${said.sections.job}`,
    said.job.what,
    ...list(JOB_FIELDS.map((name) => [name, said.job.job[name]])),
    said.job.pageTitle,
    ...list(PAGE_FIELDS.map((name) => [name, said.job.page[name]])),
    said.job.blockTitle,
    ...list(BLOCK_FIELDS.map((name) => [name, said.job.block[name]])),
    `## ${said.sections.download}: GET /api/v1/ocr/<uuid>/download/?format=md`,
    said.download.what,
    ...list(Object.entries(said.download.formats)),
    code(EXAMPLES.download.curl, "sh"),
    `## ${said.sections.chat}: POST /api/v1/chat/<uuid>/`,
    said.chat.what,
    said.chat.whose,
    code(EXAMPLES.chat.curl, "sh"),
    code(ANSWERS.chat, "json"),
    said.chat.answer,
    said.chat.goOn,
    said.chat.history,
    `## ${said.sections.uploads}: POST /api/v1/uploads/`,
    ...Object.values(said.uploads),
    code(EXAMPLES.uploads.curl, "sh"),
    `## ${said.sections.manage}`,
    ...Object.values(said.manage),
    `## ${said.sections.reliability}`,
    ...Object.values(said.reliability),
    `## ${said.sections.examples}`,
    code(EXAMPLES.whole.python, "python"),
    code(EXAMPLES.whole.node, "js"),
    `## ${said.sections.tools}`,
    said.tools.what,
    ...list((Object.keys(tables.tools) as Tool[]).map((slug) => [slug, `${said.tools.purposes[slug]} (${tables.tools[slug].tiers.join(", ")})`])),
    said.tools.fields,
    `## ${said.sections.errors}`,
    said.errors.what,
    code(ANSWERS.error, "http"),
    ...list((Object.keys(tables.errors) as ErrorCode[]).map((name) => [`${tables.errors[name].status} ${name}`, said.errors.codes[name]])),
    said.errors.pages,
    `## ${said.sections.faq}`,
    ...QUESTIONS.flatMap((name) => [`### ${said.faq[name].question}`, said.faq[name].answer]),
  ];
  return `${joined(lines)}\n`;
}

function code(text: string, language = ""): string {
  return `\`\`\`${language}\n${text.replaceAll(BASE, PUBLIC_URL)}\n\`\`\``;
}

function list(entries: readonly (readonly [string, string])[]): string[] {
  return entries.map(([name, meaning]) => `- \`${name}\`: ${meaning}`);
}

/** Paragraphs divided by a blank line, entries of a list not; numbers filled in, links made absolute. */
function joined(lines: readonly string[]): string {
  return lines
    .map((line) => (line.startsWith("```") ? line : absolute(filled(line, String))))
    .reduce((text, line, at) => {
      const isListed = line.startsWith("- ") && lines[at - 1]?.startsWith("- ");
      return text + (at === 0 ? "" : isListed ? "\n" : "\n\n") + line;
    }, "");
}

function absolute(line: string): string {
  return line.replace(/\]\(#/g, "](/api#").replace(/\]\(\//g, `](${PUBLIC_URL}/`);
}
