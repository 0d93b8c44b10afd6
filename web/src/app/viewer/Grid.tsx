import type { Table } from "../../api";
import { rowsOf } from "./grid";

export function Grid({ table }: { table: Table }) {
  const rows = rowsOf(table);
  const [head, body] = [rows.slice(0, table.header_rows), rows.slice(table.header_rows)];
  return (
    <div class="scrolled" tabIndex={0} role="region" aria-label={`Table, ${table.rows} rows, ${table.columns} columns`}>
      <table>
        {head.length > 0 && <thead>{head.map((cells, row) => <Row key={row} cells={cells} isHead />)}</thead>}
        <tbody>
          {body.map((cells, row) => (
            <Row key={row} cells={cells} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ cells, isHead = false }: { cells: Table["cells"]; isHead?: boolean }) {
  return (
    <tr>
      {cells.map((cell) => {
        const Tag = isHead && cell.text ? "th" : "td";
        return (
          <Tag key={cell.column} rowSpan={cell.row_span} colSpan={cell.column_span} dir="auto">
            {cell.text}
          </Tag>
        );
      })}
    </tr>
  );
}
