// Tables as rows of cells for HTML, and as text that a spreadsheet takes.

import type { Cell, Table } from "../../api";

/** The cells row by row, each where its upper left corner is: what the rows of an HTML table hold. */
export function rowsOf(table: Table): Cell[][] {
  const rows: Cell[][] = Array.from({ length: table.rows }, () => []);
  for (const cell of table.cells) rows[cell.row]?.push(cell);
  for (const row of rows) row.sort((one, other) => one.column - other.column);
  return rows;
}

/** A line a row, columns divided by tabs; what spans several places stands in the first of them. */
export function tsvOf(table: Table): string {
  const lines = Array.from({ length: table.rows }, () => new Array<string>(table.columns).fill(""));
  for (const cell of table.cells) {
    const line = lines[cell.row];
    if (line && cell.column < table.columns) line[cell.column] = harmless(cell.text.replace(/\s+/g, " ").trim());
  }
  return lines.map((line) => line.join("\t")).join("\n");
}

/** A spreadsheet would take such text for a formula, and a document is nobody's to trust; numbers stay numbers. */
function harmless(text: string): string {
  return /^[=@]|^[+-](?![\d.,\s]*%?$)/.test(text) ? `'${text}` : text;
}
