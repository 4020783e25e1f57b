// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";

import css from "./table.module.css";

export interface Column<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  number?: boolean;
  // A column of buttons: its head is for screen readers alone.
  actions?: boolean;
  // What the row is about: on a phone it heads the card, without its column's name.
  lead?: boolean;
}

function look_of(column: Pick<Column<never>, "number" | "actions" | "lead">) {
  return column.number ? css["number"] : column.actions ? css["actions"] : column.lead ? css["lead"] : undefined;
}

// A plain table. On a phone each row is a card whose cells carry their column's name.
export function Table<Row>({ label, columns, rows, id }: { label: string; columns: Column<Row>[]; rows: readonly Row[]; id: (row: Row) => string }) {
  return (
    <div className={css["frame"]}>
      <table className={css["table"]} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={column.number ? css["number"] : undefined}>
                {column.actions ? <span className="visually-hidden">{column.name}</span> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={id(row)}>
              {columns.map((column) => (
                <td key={column.name} data-label={column.actions || column.lead ? undefined : column.name} className={look_of(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
