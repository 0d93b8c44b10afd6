// The sections of the reference, in the order of SECTIONS.

import type { ComponentChildren, VNode } from "preact";
import { PUBLIC_URL } from "../pages/public-url";
import type { Language } from "../strings/languages";
import tables from "../tables.json";
import { ANSWERS } from "./examples";
import { Code } from "./code";
import { Errors, Meanings, Parameters, Tools } from "./Fields";
import { Limits } from "./Limits";
import { writtenIn } from "./numbers";
import { BLOCK_FIELDS, JOB_FIELDS, PAGE_FIELDS, QUESTIONS, type Reference, type Section } from "./reference";
import { richIn, type Rich } from "./rich";
import { Answer, Sample } from "./Sample";

interface Said {
  said: Reference;
  rich: Rich;
  language: Language;
}

export function sectionsIn(language: Language, said: Reference): Record<Section, VNode> {
  const all = { said, language, rich: richIn(language) };
  return {
    overview: <Overview {...all} />,
    authentication: <Authentication {...all} />,
    submit: <Submit {...all} />,
    parameters: <AllParameters {...all} />,
    result: <Result {...all} />,
    job: <Job {...all} />,
    download: <Download {...all} />,
    chat: <Chat {...all} />,
    uploads: <Uploads {...all} />,
    manage: <Manage {...all} />,
    reliability: <Reliability {...all} />,
    examples: <Examples {...all} />,
    tools: <AllTools {...all} />,
    errors: <AllErrors {...all} />,
    faq: <Questions {...all} />,
  };
}

function Route({ method, path }: { method: string; path: string }) {
  return (
    <p class="route" dir="ltr">
      <code>
        <b>{method}</b> {path}
      </code>
    </p>
  );
}

function Paragraphs({ texts, rich }: { texts: readonly string[]; rich: Rich }) {
  return (
    <>
      {texts.map((text) => (
        <p key={text}>{rich(text)}</p>
      ))}
    </>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Overview({ said: { overview: said }, rich }: Said) {
  const tiers = (
    <>
      {rich(said.cpu)}
      <br />
      {rich(said.vlm)}
    </>
  );
  return (
    <>
      <Paragraphs texts={[said.what, said.how]} rich={rich} />
      <Facts
        facts={[
          [said.baseUrl, <code dir="ltr" data-fill="base">{PUBLIC_URL}</code>],
          [said.formatsIn, <span dir="ltr">{tables.formats.in.join(", ")}</span>],
          [said.formatsOut, <span dir="ltr">{tables.formats.out.join(", ")}</span>],
          [said.languages, rich(said.languagesValue)],
          [said.tiers, tiers],
          [said.machine, rich("[`/openapi.json`](/openapi.json) · [`/llms.txt`](/llms.txt) · [`/schemas/job-1.json`](/schemas/job-1.json)")],
        ]}
      />
    </>
  );
}

function Authentication({ said: { authentication: said, words }, rich }: Said) {
  return (
    <>
      <p>{rich(said.header)}</p>
      <Code text="Authorization: Bearer YOUR_API_TOKEN" />
      <p class="own-token">
        <button type="button" data-token>
          {words.fill}
        </button>
        <span role="status" data-token-said>
          <span hidden data-token-filled>
            {words.filled}
          </span>
          <span hidden data-token-missing>
            {rich(words.signIn)}
          </span>
        </span>
      </p>
      <Paragraphs texts={[said.query, said.anonymous, said.wrong]} rich={rich} />
    </>
  );
}

function Submit({ said: { submit: said, words }, rich }: Said) {
  return (
    <>
      <Route method="POST" path="/api/v1/ocr/" />
      <p>{rich(said.what)}</p>
      <Sample id="submit" words={words} />
      <p>{rich(said.answer)}</p>
      <Answer text={ANSWERS.job} title={words.answer} words={words} />
    </>
  );
}

function AllParameters({ said: { parameters: said, words }, rich }: Said) {
  return (
    <>
      <p>{rich(said.what)}</p>
      <Parameters table={tables.parameters.submit} meanings={said.submit} words={words} rich={rich} />
      <p>{rich(said.resultTitle)}</p>
      <Parameters table={tables.parameters.result} meanings={said.result} words={words} rich={rich} />
    </>
  );
}

function Result({ said: { result: said, words }, rich }: Said) {
  return (
    <>
      <Route method="GET" path="/api/v1/ocr/<uuid>/" />
      <Paragraphs texts={[said.what, said.wait]} rich={rich} />
      <Sample id="result" words={words} />
      <Paragraphs texts={[said.pages, said.large]} rich={rich} />
    </>
  );
}

function Job({ said: { job: said }, rich }: Said) {
  return (
    <>
      <p>{rich(said.what)}</p>
      <Meanings names={JOB_FIELDS} meanings={said.job} rich={rich} />
      <p>{rich(said.pageTitle)}</p>
      <Meanings names={PAGE_FIELDS} meanings={said.page} rich={rich} />
      <p>{rich(said.blockTitle)}</p>
      <Meanings names={BLOCK_FIELDS} meanings={said.block} rich={rich} />
    </>
  );
}

function Download({ said: { download: said, words }, rich }: Said) {
  return (
    <>
      <Route method="GET" path="/api/v1/ocr/<uuid>/download/?format=md" />
      <p>{rich(said.what)}</p>
      <Meanings names={["txt", "md", "docx", "pdf", "csv", "json"]} meanings={said.formats} rich={rich} />
      <Sample id="download" words={words} />
    </>
  );
}

function Chat({ said: { chat: said, words }, rich }: Said) {
  return (
    <>
      <Route method="POST" path="/api/v1/chat/<uuid>/" />
      <Paragraphs texts={[said.what, said.whose]} rich={rich} />
      <Sample id="chat" words={words} />
      <Answer text={ANSWERS.chat} title={words.answer} words={words} />
      <Paragraphs texts={[said.answer, said.goOn, said.history]} rich={rich} />
    </>
  );
}

function Uploads({ said: { uploads: said, words }, rich }: Said) {
  return (
    <>
      <Route method="POST" path="/api/v1/uploads/" />
      <ol>
        {[said.what, said.send, said.submit].map((text) => (
          <li key={text}>{rich(text)}</li>
        ))}
      </ol>
      <Sample id="uploads" words={words} />
      <p>{rich(said.limits)}</p>
    </>
  );
}

function Manage({ said: { manage: said }, rich }: Said) {
  return <Paragraphs texts={[said.list, said.remove, said.kept]} rich={rich} />;
}

function Reliability({ said: { reliability: said, words }, rich }: Said) {
  return (
    <>
      <Paragraphs texts={[said.idempotency, said.retry, said.left]} rich={rich} />
      <Answer text={ANSWERS.limits} title={words.answer} words={words} />
      <Paragraphs texts={[said.webhooks, said.requestId, said.slashes]} rich={rich} />
    </>
  );
}

function Examples({ said: { examples: said, words }, rich }: Said) {
  return (
    <>
      <p>{rich(said.what)}</p>
      <Sample id="whole" words={words} />
      <p class="muted">{rich(said.python)}</p>
    </>
  );
}

function AllTools({ said: { tools: said }, rich }: Said) {
  return (
    <>
      <p>{rich(said.what)}</p>
      <Tools purposes={said.purposes} rich={rich} />
      <p>{rich(said.fields)}</p>
    </>
  );
}

function AllErrors({ said: { errors: said, words }, rich, language }: Said) {
  return (
    <>
      <p>{rich(said.what)}</p>
      <Answer text={ANSWERS.error} title={words.answer} words={words} />
      <Errors meanings={said.codes} rich={rich} />
      <p>{rich(said.pages)}</p>
      <h3>{said.limitsTitle}</h3>
      <p>{rich(said.limits)}</p>
      <Limits said={said} written={writtenIn(language)} label={words.plan} />
    </>
  );
}

function Questions({ said: { faq }, rich }: Said) {
  return (
    <>
      {QUESTIONS.map((name) => (
        <details key={name} class="question" id={`faq-${name}`}>
          <summary>{rich(faq[name].question)}</summary>
          <p>{rich(faq[name].answer)}</p>
        </details>
      ))}
    </>
  );
}
