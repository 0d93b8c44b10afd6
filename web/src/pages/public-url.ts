// Where the site is, for what must name it: PUBLIC_URL at build. In the browser, examples name the page's own origin.

export const PUBLIC_URL = (process.env["PUBLIC_URL"] || "https://ocr.chat").replace(/\/+$/, "");
