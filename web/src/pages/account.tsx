import { Layout } from "./layout";

export function Account() {
  return (
    <Layout
      title="Account – OCR.chat"
      description="Your API tokens, your pages and credits, your documents."
      path="/account"
      scripts={["/src/account/main.tsx"]}
      head={<link rel="stylesheet" href="/src/account/account.css" />}
    >
      <div class="account">
        <h1>Account</h1>
        <div id="account" />
        <noscript>
          <p class="notice">
            This page needs JavaScript. Without it, accounts are looked after by <a href="/api">the API</a>.
          </p>
        </noscript>
      </div>
    </Layout>
  );
}
