// SPDX-License-Identifier: Apache-2.0
import type { Usage } from "../../api/client";
import { ShareBar } from "../../charts";
import { Badge, Card, number, Table } from "../../design";
import css from "./overview.module.css";

const share = (requests: number, of: readonly { requests: number }[]) => requests / Math.max(1, ...of.map((other) => other.requests));

export function ByKey({ usage }: { usage: Usage }) {
  const keys = usage.byKey.toSorted((a, b) => b.requests - a.requests);
  const spiked = new Set(usage.spikes.map((spike) => spike.keyId));
  return (
    <Card flush title="By key">
      <Table
        label="Requests by key"
        rows={keys}
        id={(key) => key.keyId}
        columns={[
          {
            name: "Key",
            lead: true,
            cell: (key) => (
              <span className={css["key"]}>
                <strong>{key.name}</strong>
                {key.keyPrefix && <code>{key.keyPrefix}…</code>}
                {key.label && <Badge>{key.label}</Badge>}
                {spiked.has(key.keyId) && <Badge tone="warn">Unusual</Badge>}
              </span>
            ),
          },
          { name: "Requests", number: true, cell: (key) => <ShareBar share={share(key.requests, keys)}>{number(key.requests)}</ShareBar> },
        ]}
      />
    </Card>
  );
}

export function ByFormat({ usage }: { usage: Usage }) {
  const formats = usage.byFormat.toSorted((a, b) => b.requests - a.requests);
  return (
    <Card flush title="By format">
      <Table
        label="Requests by format"
        rows={formats}
        id={(format) => format.format}
        columns={[
          { name: "Format", lead: true, cell: (format) => format.format.toUpperCase() },
          { name: "Requests", number: true, cell: (format) => <ShareBar share={share(format.requests, formats)}>{number(format.requests)}</ShareBar> },
        ]}
      />
    </Card>
  );
}
