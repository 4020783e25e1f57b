// SPDX-License-Identifier: Apache-2.0
import { Ellipsis } from "lucide-react";

import type { ApiKey } from "../../api/client";
import { Badge, type Column, date_time, day, Menu, Table, Time, type Tone, utc_day } from "../../design";
import { end_of, is_unused, kUnusedDays, type KeyState, state_of, works } from "./key_state";
import css from "./keys.module.css";

const kStates: Record<KeyState, { tone: Tone; text: string }> = {
  active: { tone: "good", text: "Active" },
  ending: { tone: "warn", text: "Ends soon" },
  replaced: { tone: "warn", text: "Being replaced" },
  expired: { tone: "plain", text: "Expired" },
  revoked: { tone: "plain", text: "Revoked" },
};

function State({ of, now }: { of: ApiKey; now: number }) {
  const { tone, text } = kStates[state_of(of, now)];
  return (
    <span className={css["badges"]}>
      <Badge tone={tone}>{text}</Badge>
      {is_unused(of, now) && <Badge tone="warn">Unused for {kUnusedDays} days</Badge>}
    </span>
  );
}

function Life({ of, now }: { of: ApiKey; now: number }) {
  const end = of.revokedAt ?? end_of(of);
  return (
    <span className={css["life"]}>
      <span title={date_time(of.createdAt)}>{day(of.createdAt)}</span>
      {end && (
        <span className={css["end"]} title={date_time(end)}>
          {Date.parse(end) > now ? "ends" : "ended"} {utc_day(end)}
        </span>
      )}
    </span>
  );
}

interface Acts {
  rotate: (key: ApiKey) => void;
  revoke: (key: ApiKey) => void;
}

export function KeyTable({ keys, now, acts }: { keys: ApiKey[]; now: number; acts: Acts }) {
  const columns: Column<ApiKey>[] = [
    {
      name: "Name",
      lead: true,
      cell: (key) => (
        <span className={css["who"]}>
          <strong>{key.name}</strong>
          <span className={css["badges"]}>
            <code>{key.keyPrefix}…</code>
            {key.label && <Badge>{key.label}</Badge>}
          </span>
        </span>
      ),
    },
    {
      name: "Scopes",
      cell: (key) => (
        <span className={css["may"]}>
          {key.scopes.join(", ")}
          {key.allowedNetworks.length > 0 && <span>from {key.allowedNetworks.join(", ")}</span>}
        </span>
      ),
    },
    { name: "State", cell: (key) => <State of={key} now={now} /> },
    { name: "Last used", cell: (key) => (key.lastUsedAt ? <Time at={key.lastUsedAt} /> : "never") },
    { name: "Created", cell: (key) => <Life of={key} now={now} /> },
    {
      name: "Actions",
      actions: true,
      cell: (key) => {
        const state = state_of(key, now);
        if (!works(state)) return null;
        const revoke = { id: "revoke", label: "Revoke …", danger: true, act: () => acts.revoke(key) };
        // A key is replaced once; its replacement is the one to rotate then.
        const rotate = { id: "rotate", label: "Rotate …", act: () => acts.rotate(key) };
        return <Menu label={`Actions of ${key.name} ${key.keyPrefix}`} trigger={<Ellipsis />} actions={key.replacedBy ? [revoke] : [rotate, revoke]} />;
      },
    },
  ];
  return <Table label="API keys" columns={columns} rows={keys} id={(key) => key.id} />;
}
