// Where the reader is, marked in the table of contents; and the section that the address names, which the links to the
// other languages keep: they stand at the top, and who scrolls there passes every other section on the way.

export function setUpSections(root: Document): void {
  const sections = [...root.querySelectorAll<HTMLElement>("section[id]")];
  const contents = [...root.querySelectorAll<HTMLAnchorElement>(".contents a")];
  const languages = [...root.querySelectorAll<HTMLAnchorElement>("a[data-language]")];

  const mark = () => {
    const id = current(sections.map((section) => [section.id, section.getBoundingClientRect().top]));
    for (const link of contents) {
      if (link.hash === `#${id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const keep = () => {
    for (const link of languages) link.hash = root.location.hash;
  };

  const observer = new IntersectionObserver(mark, { rootMargin: "-25% 0px -70% 0px" });
  for (const section of sections) observer.observe(section);
  window.addEventListener("hashchange", () => {
    mark();
    keep();
  });
  mark();
  keep();
}

/** The last section that begins in the upper third of the window; undefined above the first. `tops` in pixels. */
export function current(tops: readonly (readonly [id: string, top: number])[], height = window.innerHeight): string | undefined {
  return tops.filter(([, top]) => top <= height / 3).at(-1)?.[0];
}
