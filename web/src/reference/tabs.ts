// Tabs (WAI-ARIA, the panel follows the focus). All examples show the language that was chosen last, on this page and
// on the next visit.

const CHOSEN = "example-language";

export function setUpTabs(root: ParentNode): void {
  const samples = [...root.querySelectorAll<HTMLElement>("[data-sample]")];
  const show = (kind: string) => {
    for (const sample of samples) select(sample, kind);
  };
  const first = samples[0]?.querySelector<HTMLElement>("[role=tab]")?.dataset["kind"] ?? "";
  const kinds = samples[0] ? tabsOf(samples[0]).map((tab) => tab.dataset["kind"]) : [];
  const remembered = localStorage.getItem(CHOSEN) ?? "";
  show(kinds.includes(remembered) ? remembered : first);

  for (const sample of samples) {
    for (const tab of tabsOf(sample)) {
      tab.addEventListener("click", () => choose(tab));
      tab.addEventListener("keydown", (event) => {
        const next = nextTab(sample, tab, event.key);
        if (!next) return;
        event.preventDefault();
        choose(next);
        next.focus();
      });
    }
  }

  /** The other examples may become longer or shorter: what the reader looks at stays where it is. */
  function choose(tab: HTMLElement): void {
    const kind = tab.dataset["kind"] ?? "";
    const before = tab.getBoundingClientRect().top;
    show(kind);
    window.scrollBy({ top: tab.getBoundingClientRect().top - before, behavior: "instant" });
    localStorage.setItem(CHOSEN, kind);
  }
}

function tabsOf(sample: ParentNode): HTMLElement[] {
  return [...sample.querySelectorAll<HTMLElement>("[role=tab]")];
}

function select(sample: HTMLElement, kind: string): void {
  for (const tab of tabsOf(sample)) {
    const chosen = tab.dataset["kind"] === kind;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  for (const panel of sample.querySelectorAll<HTMLElement>("[role=tabpanel]")) panel.hidden = panel.dataset["kind"] !== kind;
  sample.dataset["ready"] = "";
}

/** Arrows go round; where the page runs from the right, the left one goes on. */
export function nextTab(sample: HTMLElement, tab: HTMLElement, key: string): HTMLElement | undefined {
  const tabs = tabsOf(sample);
  const at = tabs.indexOf(tab);
  const isRightToLeft = getComputedStyle(sample).direction === "rtl";
  const step = { ArrowRight: isRightToLeft ? -1 : 1, ArrowLeft: isRightToLeft ? 1 : -1 }[key];
  if (step !== undefined) return tabs[(at + step + tabs.length) % tabs.length];
  if (key === "Home") return tabs[0];
  if (key === "End") return tabs[tabs.length - 1];
  return undefined;
}
