import { Layout } from "./layout";

export function Account() {
  return (
    <Layout
      title="Account – OCR.chat"
      description="Your API token, your pages, your jobs."
      path="/account"
      scripts={["/src/account/main.tsx"]}
    >
      <h1>Account</h1>
      <div id="account" />
    </Layout>
  );
}
