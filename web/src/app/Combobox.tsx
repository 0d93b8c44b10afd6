// A field in which a language is found by typing (WAI-ARIA 1.2, editable combobox with a list).

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type Language, search } from "./languages";

interface Props {
  label: string;
  languages: readonly Language[];
  /** A code of `languages`. */
  value: string;
  onChange: (code: string) => void;
}

export function LanguageField({ label, languages, value, onChange }: Props) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [query, setQuery] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [marked, setMarked] = useState(0);
  const chosen = languages.find((one) => one.code === value);
  const found = isOpen ? search(languages, query ?? "") : [];

  useEffect(() => {
    list.current?.children[marked]?.scrollIntoView({ block: "nearest" });
  }, [marked, isOpen]);

  const open = () => {
    setOpen(true);
    setMarked(query === null ? Math.max(0, languages.findIndex((one) => one.code === value)) : 0);
  };
  const close = () => {
    setOpen(false);
    setQuery(null);
  };
  const choose = (language: Language | undefined) => {
    if (!language?.available) return;
    onChange(language.code);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      if (!isOpen) open();
      else setMarked(Math.min(found.length - 1, Math.max(0, marked + step)));
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      choose(found[marked]);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      close();
    }
  };

  return (
    <div class="field combobox">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && found[marked] ? `${id}-${found[marked].code}` : undefined}
        value={query ?? (chosen ? chosen.name : value)}
        onFocus={(event) => event.currentTarget.select()}
        onClick={open}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setMarked(0);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
        onBlur={close}
      />
      <ul id={`${id}-list`} ref={list} role="listbox" aria-label={label} hidden={!isOpen || !found.length}>
        {found.map((language, place) => (
          <li
            key={language.code}
            id={`${id}-${language.code}`}
            role="option"
            aria-selected={language.code === value}
            aria-disabled={!language.available}
            class={place === marked ? "marked" : undefined}
            onMouseDown={(event) => event.preventDefault() /* the field keeps the focus */}
            onClick={() => choose(language)}
          >
            <span>{language.name}</span>
            {language.native_name && language.native_name !== language.name && (
              <span class="muted" lang={language.code} dir={language.direction}>
                {language.native_name}
              </span>
            )}
          </li>
        ))}
      </ul>
      {isOpen && !found.length && (
        <p class="none muted" role="status">
          No language has this name
        </p>
      )}
    </div>
  );
}
