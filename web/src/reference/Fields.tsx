// Lists of names with what they mean, which read well on a phone, too.

import type { ComponentChildren } from "preact";
import tables from "../tables.json";
import type { Rich } from "./rich";
import type { ErrorCode, Reference, Tool } from "./reference";

interface Field {
  name: string;
  /** What stands beside the name: its type, its status. */
  beside?: ComponentChildren;
  meaning: string;
}

export function Fields({ fields, rich }: { fields: readonly Field[]; rich: Rich }) {
  return (
    <dl class="fields">
      {fields.map(({ name, beside, meaning }) => (
        <div key={name}>
          <dt>
            <code dir="ltr">{name}</code>
            {beside ? <span class="beside">{beside}</span> : null}
          </dt>
          <dd>{rich(meaning)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Parameter {
  type: string;
  required: boolean;
  default?: string;
}

export function Parameters<Name extends string>(props: {
  table: Readonly<Record<Name, Parameter>>;
  meanings: Readonly<Record<Name, string>>;
  words: Reference["words"];
  rich: Rich;
}) {
  const { table, meanings, words, rich } = props;
  const fields = (Object.keys(table) as Name[]).map((name) => ({
    name,
    beside: typeOf(table[name], words),
    meaning: meanings[name],
  }));
  return <Fields fields={fields} rich={rich} />;
}

function typeOf(parameter: Parameter, words: Reference["words"]): ComponentChildren {
  const type = <span dir="ltr">{parameter.type}</span>;
  if (parameter.required) return [type, ` · ${words.required}`];
  if (parameter.default === undefined) return type;
  return [type, ` · ${words.byDefault} `, <code dir="ltr">{parameter.default}</code>];
}

export function Meanings<Name extends string>(props: {
  names: readonly Name[];
  meanings: Readonly<Record<Name, string>>;
  rich: Rich;
}) {
  const { names, meanings, rich } = props;
  return <Fields fields={names.map((name) => ({ name, meaning: meanings[name] }))} rich={rich} />;
}

export function Errors({ meanings, rich }: { meanings: Record<ErrorCode, string>; rich: Rich }) {
  const codes = Object.keys(tables.errors) as ErrorCode[];
  const fields = codes.map((code) => ({
    name: code,
    beside: <span dir="ltr">{tables.errors[code].status}</span>,
    meaning: meanings[code],
  }));
  return <Fields fields={fields} rich={rich} />;
}

export function Tools({ purposes, rich }: { purposes: Record<Tool, string>; rich: Rich }) {
  const slugs = Object.keys(tables.tools) as Tool[];
  const fields = slugs.map((slug) => ({
    name: slug,
    beside: <span dir="ltr">{tables.tools[slug].tiers.join(", ")}</span>,
    meaning: purposes[slug],
  }));
  return <Fields fields={fields} rich={rich} />;
}
