// How the next files are to be read. Nothing here has to be touched.

import type { Catalog } from "./catalog";
import { LanguageField } from "./Combobox";
import { AUTOMATIC, readersLanguage } from "./languages";
import { type Options, type Tool, translates, withTier, withTool } from "./options";
import { counted } from "./task";

interface Props {
  catalog: Catalog;
  options: Options;
  onChange: (options: Options) => void;
}

export function Choices({ catalog, options, onChange }: Props) {
  const tool = catalog.tools.find((one) => one.slug === options.tool) ?? null;
  const pick = (slug: string) => {
    const picked = catalog.tools.find((one) => one.slug === slug) ?? null;
    onChange(withTool(options, picked, readersLanguage(catalog.languages, navigator.languages)));
  };
  return (
    <div class="choices">
      <LanguageField
        label="Language"
        languages={[AUTOMATIC, ...catalog.languages]}
        value={options.language}
        onChange={(language) => onChange({ ...options, language })}
      />
      <div class="field">
        <label for="tool">Read for</label>
        <select id="tool" value={options.tool ?? ""} onChange={(event) => pick(event.currentTarget.value)}>
          <option value="">Text</option>
          {catalog.tools.map((one) => (
            <option key={one.slug} value={one.slug} disabled={!one.available}>
              {one.available ? one.title : `${one.title} (needs an AI model)`}
            </option>
          ))}
        </select>
      </div>
      {tool && translates(tool) && (
        <LanguageField
          label="Translate to"
          languages={catalog.languages}
          value={options.translateTo ?? "en"}
          onChange={(translateTo) => onChange({ ...options, translateTo })}
        />
      )}
      <Tiers catalog={catalog} tool={tool} options={options} onChange={onChange} />
      {tool && <p class="purpose muted">{tool.purpose}</p>}
    </div>
  );
}

function Tiers({ catalog, tool, options, onChange }: Props & { tool: Tool | null }) {
  if (!catalog.tiers.length) return null;
  const lacks = catalog.tiers.some((tier) => !tier.available);
  return (
    <fieldset class="field tiers">
      <legend>Quality</legend>
      {catalog.tiers.map((tier) => (
        <label key={tier.name} class={tier.available ? undefined : "off"}>
          <input
            type="radio"
            name="tier"
            value={tier.name}
            checked={options.tier === tier.name}
            disabled={!tier.available}
            aria-describedby={tier.available ? undefined : "no-tier"}
            onChange={() => onChange(withTier(options, tier.name, tool))}
          />
          <span>
            <TierName title={tier.title} />
            {tier.creditsPerPage !== null && <small>{counted(tier.creditsPerPage, "credit")} a page</small>}
          </span>
        </label>
      ))}
      {lacks && (
        <p id="no-tier" class="muted">
          Premium AI is off: this service has no model
        </p>
      )}
    </fieldset>
  );
}

/** "Fast: printed documents": the name, and below it what it is for. */
function TierName({ title }: { title: string }) {
  const [name, ...purpose] = title.split(": ");
  return (
    <>
      <strong>{name}</strong>
      {purpose.length > 0 && <small>{purpose.join(": ")}</small>}
    </>
  );
}
