// SPDX-License-Identifier: Apache-2.0
import { Link } from "wouter";

import type { ApiKey, Schemas } from "../../api/client";
import { Badge, type Column, Table, Time, type Tone } from "../../design";
import css from "./activity.module.css";
import { worded } from "./wording";

type Entry = Schemas["LogEntry"];

const kLevels: Record<Entry["level"], { tone: Tone; text: string }> = {
  info: { tone: "plain", text: "Info" },
  warn: { tone: "warn", text: "Warning" },
  error: { tone: "bad", text: "Error" },
};
const kSources: Record<Entry["source"], string> = { request: "Request", job: "Job", webhook: "Webhook", account: "Account" };

// Sessions act by the account's dashboard key, which no list has.
function caller(entry: Entry, keys: readonly ApiKey[]) {
  if (!entry.keyId) return null;
  return keys.find((key) => key.id === entry.keyId)?.name ?? "Dashboard";
}

export function LogTable({ entries, keys }: { entries: Entry[]; keys: readonly ApiKey[] }) {
  const columns: Column<Entry>[] = [
    { name: "When", cell: (entry) => <Time at={entry.timestamp} /> },
    { name: "About", cell: (entry) => kSources[entry.source] },
    { name: "Level", cell: (entry) => <Badge tone={kLevels[entry.level].tone}>{kLevels[entry.level].text}</Badge> },
    {
      name: "What",
      lead: true,
      cell: (entry) => (
        <span className={css["what"]}>
          {entry.source === "request" ? <code>{entry.message}</code> : worded(entry.message)}
          {entry.requestId && <code className={css["fine"]}>{entry.requestId}</code>}
        </span>
      ),
    },
    { name: "Job", cell: (entry) => (entry.jobId ? <Link href={`/drawings/${entry.jobId}`} className={css["job"]!}>{entry.jobId}</Link> : null) },
    { name: "By", cell: (entry) => caller(entry, keys) },
  ];
  return <Table label="Activity" columns={columns} rows={entries} id={(entry) => entry.id} />;
}
