import type { Warning } from "../../api";

/** Those of a document name the pages that they are about; those of its only page are told beside its text alone. */
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning.code} class="notice">
          {warning.message}
        </p>
      ))}
    </>
  );
}
