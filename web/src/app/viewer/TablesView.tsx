import type { Page, Table } from "../../api";
import { CopyButton } from "./CopyButton";
import { Grid } from "./Grid";
import { tsvOf } from "./grid";

export function tablesOf(page: Page): Table[] {
  return page.blocks.map((block) => block.table).filter((table) => table !== undefined);
}

export function TablesView({ page }: { page: Page }) {
  const tables = tablesOf(page);
  if (!tables.length) return <p class="muted">There is no table on this page.</p>;
  return (
    <div class="stack">
      {tables.map((table, index) => (
        <section key={index} class="table">
          <div class="row">
            <h3>Table {index + 1}</h3>
            <CopyButton label="Copy for a spreadsheet" text={() => tsvOf(table)} />
          </div>
          <Grid table={table} />
        </section>
      ))}
    </div>
  );
}
