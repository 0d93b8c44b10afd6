import { Layout } from "./layout";

export function Missing() {
  return (
    <Layout title="Not found – OCR.chat" description="There is no such page." path="">
      <h1>There is no such page</h1>
      <p>
        <a href="/">Read a document</a>
      </p>
    </Layout>
  );
}
