// Copy buttons: each copies the program or answer that is shown beside it.

const SHOWN_MS = 2000;

export function setUpCopies(root: ParentNode): void {
  const status = root.querySelector("[data-status]");
  for (const button of root.querySelectorAll<HTMLButtonElement>("button.copy")) {
    const label = button.textContent;
    let timer = 0;
    button.addEventListener("click", async () => {
      const said = (await copied(button)) ? button.dataset["copied"] : button.dataset["failed"];
      button.textContent = said ?? "";
      if (status) status.textContent = said ?? "";
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        button.textContent = label;
        if (status) status.textContent = "";
      }, SHOWN_MS);
    });
  }
}

/** Whether the browser let us: a page without TLS has no clipboard. */
async function copied(button: HTMLElement): Promise<boolean> {
  const code = button.closest(".sample")?.querySelector(":not([hidden]) > pre code");
  try {
    await navigator.clipboard.writeText(code?.textContent ?? "");
    return true;
  } catch {
    return false;
  }
}
