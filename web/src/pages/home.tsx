import { App } from "../app/App";
import { Layout } from "./layout";

export function Home() {
  return (
    <Layout
      title="OCR.chat – any document to text"
      description="Drop an image or a PDF and get its text, Markdown, tables and more, in 100+ languages."
      path="/"
      scripts={["/src/app/main.tsx"]}
    >
      <div id="app">
        <App />
      </div>
      <noscript>
        <p class="notice">
          This page needs JavaScript. Without it, documents are read by <a href="/api">the API</a>.
        </p>
      </noscript>
    </Layout>
  );
}
