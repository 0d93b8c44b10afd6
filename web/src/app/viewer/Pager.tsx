// From page to page.

interface Props {
  /** From 0. */
  index: number;
  count: number;
  onPage: (index: number) => void;
}

export function Pager({ index, count, onPage }: Props) {
  if (count < 2) return null;
  return (
    <div class="pager row" role="group" aria-label="Pages">
      <button type="button" class="plain" aria-label="Page before" disabled={index === 0} onClick={() => onPage(index - 1)}>
        <span aria-hidden="true">‹</span>
      </button>
      <label>
        <span class="hidden">Page</span>
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={count}
          value={index + 1}
          onChange={(event) => {
            const wanted = event.currentTarget.valueAsNumber;
            if (Number.isInteger(wanted)) onPage(Math.min(count, Math.max(1, wanted)) - 1);
            else event.currentTarget.value = String(index + 1);
          }}
        />
      </label>
      <span>of {count.toLocaleString("en")}</span>
      <button type="button" class="plain" aria-label="Next page" disabled={index + 1 >= count} onClick={() => onPage(index + 1)}>
        <span aria-hidden="true">›</span>
      </button>
    </div>
  );
}
