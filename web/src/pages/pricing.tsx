// Plans and prices.

import { Prices } from "../pricing/Prices";
import tables from "../tables.json";
import { Layout } from "./layout";

const QUESTIONS = [
  {
    question: "What is a credit?",
    answer:
      "The price of one page of the fast tier. Pages of the premium tier cost more. The pages of a free account, and those without an account, are counted the same way.",
  },
  {
    question: "When am I charged?",
    answer:
      "Pages are reserved when a file is accepted, and settled when its job ends. If there are not enough left you are told before any work is done, and nothing is taken.",
  },
  {
    question: "What if a page cannot be read?",
    answer:
      "Its credits come back by themselves, at once. The same holds for a job that fails, and for the pages that were not read yet when you delete a job that runs.",
  },
  {
    question: "Can something be charged twice?",
    answer:
      "No. Charges and the job are written in one transaction, and a request that is repeated with the same Idempotency-Key gives the same job. Every movement stands in the ledger of your account, and the ledger adds up to your balance.",
  },
  {
    question: "Do credits expire?",
    answer: "No. The free pages of a day or a month are not carried over; credits stay until you use them.",
  },
  {
    question: "Which are used first, free pages or credits?",
    answer:
      "The free pages of the period, if they cover the whole file; else credits. Who buys credits keeps the free pages of an account. Periods begin at midnight UTC, and on the first of a month.",
  },
  {
    question: "Do I need an account?",
    answer: "Not to read documents. An account adds an API token, the chat with a document, a list of your jobs, and higher limits.",
  },
] as const;

export function Pricing() {
  return (
    <Layout
      title="Pricing – OCR.chat"
      description="Free pages every day without an account, more every month with one, and credits that do not expire. Pages that cannot be read are refunded."
      path="/pricing"
      scripts={["/src/pricing/main.tsx"]}
      head={
        <>
          <link rel="stylesheet" href="/src/pricing/pricing.css" />
          <link rel="canonical" href="/pricing" />
        </>
      }
    >
      <div class="pricing">
        <h1>Pay by the page</h1>
        <p class="muted">Start without an account. Pages that cannot be read are refunded.</p>
        <p id="unchecked" class="notice" role="status" hidden>
          The service could not be asked for its prices just now: these are the usual ones.
        </p>
        <div id="prices">
          <Prices pricing={tables.pricing} />
        </div>
        <section aria-labelledby="questions">
          <h2 id="questions">Questions</h2>
          {QUESTIONS.map(({ question, answer }) => (
            <details key={question} class="question">
              <summary>{question}</summary>
              <p>{answer}</p>
            </details>
          ))}
        </section>
      </div>
    </Layout>
  );
}
