// SPDX-License-Identifier: Apache-2.0
// An account after months of use. What takes time is written into the service's database while it is stopped.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { made_drawing } from "./drawing";
import { made_person, type Person } from "./person";
import { rich_drawing } from "./rich_drawing";
import { type Receiver, root, type Service, until } from "./service";

const kDay = 86_400_000;
const kUsageDays = 75;
const kSpike = 870;

const kAgents = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
  "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
  "python-requests/2.32.3 (a nightly import of the plant's drawings; contact: drawings at example.com)",
];

const house = () => readFileSync(join(root, "examples/house.dxf"));

// The head of a DWG of AutoCAD 2018; the rest is nothing, or, as the flags say, behind a password.
export function dwg_head(flags = 0): Buffer {
  const file = Buffer.alloc(4096);
  file.write("AC1032");
  file.writeUInt32LE(flags, 0x18);
  return file;
}
// Jobs that fail like this are hard to come by: it is written behind their backs.
const kFailures: [string, string, string][] = [
  ["encrypted.dwg", "ENCRYPTED_DRAWING", "This drawing is protected by a password. Open it in the program that made it, remove the password and save it again."],
  ["huge.dwg", "TIME_LIMIT", "The drawing was not read within 300 s."],
  ["crash.dwg", "PARSE_CRASHED", "The reader ended while it read this drawing."],
];
const kDrawings: [string, () => Buffer][] = [
  ...kFailures.map(([name]): [string, () => Buffer] => [name, dwg_head]),
  ["damaged.dwg", dwg_head],
  ["cut-off.dxf", () => house().subarray(0, 300)],
  ["house.dxf", house],
  ["2024-11-07_Project-4711_Building-C_Level-03_Architecture_Floor-plan_Revision-F_for-construction_approved-by-the-city_FINAL-final(2).dxf", made_drawing],
  ["NoSpacesAtAllInThisVeryLongNameThatSomeExportOfSomeProgramHasMadeOfEverythingItKnewAboutTheDrawing_000001.dxf", made_drawing],
  ["مخطط الطابق الأرضي.dxf", made_drawing],
  ["תוכנית קומה א.dxf", made_drawing],
  ["図面_第1階平面図.dxf", made_drawing],
  ["План этажа №3.dxf", made_drawing],
  ...Array.from({ length: 27 }, (_, at): [string, () => Buffer] => [`part-${String(at + 1).padStart(3, "0")}.dxf`, made_drawing]),
  ["tower.dxf", rich_drawing],
];

export interface RichAccount {
  person: Person;
  // Jobs by the name of their file.
  jobs: Map<string, string>;
  token: string;
}

class Caller {
  constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  async call<T>(method: string, path: string, body?: object | FormData, headers: Record<string, string> = {}): Promise<T> {
    const form = body instanceof FormData;
    const answer = await fetch(this.base + path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, ...(body && !form ? { "Content-Type": "application/json" } : {}), ...headers },
      ...(body ? { body: form ? body : JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
}

async function signed_in(service: Service, person: Person, agent: string): Promise<string> {
  const answer = await fetch(`${service.base}/v1/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "User-Agent": agent },
    body: JSON.stringify(person),
  });
  return ((await answer.json()) as { token: string }).token;
}

async function made_keys(caller: Caller): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  const make = async (name: string, more: object = {}) => {
    const { id } = await caller.call<{ id: string }>("POST", "/v1/keys", { name, ...more });
    ids.set(name, id);
  };
  await make("Nightly import", { label: "production" });
  await make("Plant 2", { label: "production", allowedNetworks: ["192.0.2.0/24", "2001:db8:4711::/48", "198.51.100.7"] });
  await make("Connector of the document management system that the purchasing department has run since 2019 (ask Jordan before you end it)", {
    label: "staging environment of the subsidiary, second attempt",
    scopes: ["parse", "jobs:read", "jobs:delete", "usage:read"],
  });
  await make("Viewer of the intranet", { label: "intranet", scopes: ["jobs:read"] });
  await make("Ends on Friday", { expiresAt: new Date(Date.now() + 3 * kDay).toISOString() });
  await make("Never used");
  await make("Forgotten", { label: "old server" });
  await make("Long over", { expiresAt: new Date(Date.now() + kDay).toISOString() });
  await make("Trial", { label: "test" });
  await make("مفتاح الإنتاج", { label: "生産" });
  await make("Leaked");
  await make("Contractor", { label: "external" });
  for (const gone of ["Contractor", "Trial"]) await caller.call("DELETE", `/v1/keys/${ids.get(gone)}`);
  await caller.call("POST", `/v1/keys/${ids.get("Nightly import")}/rotate`, { overlapHours: 168 });
  await caller.call("POST", `/v1/keys/${ids.get("Viewer of the intranet")}/rotate`, {});
  return ids;
}

async function made_endpoints(caller: Caller, good: Receiver, failing: Receiver): Promise<void> {
  const make = async (url: string, as_default: boolean) => (await caller.call<{ id: string }>("POST", "/v1/me/webhooks", { url, setAsDefault: as_default })).id;
  await make(good.url, true);
  const bad = await make(failing.url, false);
  await caller.call("POST", `/v1/me/webhooks/${bad}/test`);
  await make(`https://hooks.example.com/${"tenants/0123456789abcdef/".repeat(8)}cadlens?environment=production&region=eu-central-1`, false);
  const off = await make("https://retired.example.com/cadlens", false);
  await caller.call("PATCH", `/v1/me/webhooks/${off}`, { isActive: false });
}

async function sent(caller: Caller): Promise<Map<string, string>> {
  const jobs = new Map<string, string>();
  for (const [name, content] of kDrawings) {
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(content())]), name);
    form.append("mode", "async");
    jobs.set(name, (await caller.call<{ job_id: string }>("POST", "/v1/parse", form)).job_id);
  }
  await until("the end of all jobs", async () => {
    const left = await Promise.all(["PENDING", "PROCESSING"].map((status) => caller.call<{ jobs: unknown[] }>("GET", `/v1/jobs?status=${status}`)));
    return left.every((page) => page.jobs.length === 0) || undefined;
  });
  return jobs;
}

// As if all of it had happened over weeks.
function aged(data: string, person: Person, keys: Map<string, string>) {
  const database = new DatabaseSync(join(data, "cadlens.db"));
  const run = (sql: string, ...values: (string | number)[]) => database.prepare(sql).run(...values);
  const now = Date.now();
  const { account_id: account } = database.prepare("SELECT account_id FROM users WHERE email = ?").get(person.email) as { account_id: string };
  const key = (name: string) => keys.get(name)!;
  const today = Math.floor(now / kDay);

  database.exec("BEGIN");
  run("UPDATE api_keys SET created_at = ? WHERE account_id = ?", now - 200 * kDay, account);
  for (const [name, days] of [["Nightly import", 0.01], ["Plant 2", 2], ["Leaked", 0.5], ["Ends on Friday", 12], ["Forgotten", 97]] as const)
    run("UPDATE api_keys SET last_used_at = ? WHERE id = ?", Math.round(now - days * kDay), key(name));
  run("UPDATE api_keys SET expires_at = ? WHERE id = ?", now - 20 * kDay, key("Long over"));
  run("UPDATE api_keys SET created_at = ? WHERE id = ?", now - 8 * kDay, key("Never used"));
  run("UPDATE api_keys SET created_at = ? WHERE generation > 0 AND account_id = ?", now - 2 * kDay, account);

  run("DELETE FROM usage WHERE account_id = ?", account);
  let of_month = 0;
  for (let ago = 0; ago < kUsageDays; ++ago)
    for (const [name, format, most] of [["Nightly import", "DWG", 60], ["Nightly import", "DXF", 21], ["Plant 2", "DWG", 34], ["Leaked", "DXF", 6]] as const) {
      const weekend = [0, 6].includes(new Date((today - ago) * kDay).getUTCDay());
      const requests = name === "Leaked" && ago === 1 ? kSpike : Math.max(1, Math.round((most * (7 + ((ago * 7919) % 5))) / (weekend ? 40 : 11)));
      const failed = Math.floor(requests / 23);
      run("INSERT INTO usage (account_id, day, key_id, format, requests, completed, failed) VALUES (?,?,?,?,?,?,?)", account, today - ago, key(name), format, requests, requests - failed, failed);
      if (new Date((today - ago) * kDay).getUTCMonth() === new Date(now).getUTCMonth()) of_month += requests;
    }
  const month = Number(new Date(now).toISOString().slice(0, 7).replace("-", ""));
  run("INSERT INTO quota_months (account_id, month, used) VALUES (?,?,?) ON CONFLICT DO UPDATE SET used = excluded.used", account, month, of_month);
  run("INSERT INTO usage_spikes (account_id, key_id, day, requests, usual, at) VALUES (?,?,?,?,?,?)", account, key("Leaked"), today - 1, kSpike, 5, now - kDay);

  const jobs = database.prepare("SELECT id FROM jobs WHERE account_id = ? ORDER BY created_at").all(account) as { id: string }[];
  jobs.forEach(({ id }, at) => {
    const before = (jobs.length - 1 - at) * 5 * 3_600_000;
    run("UPDATE jobs SET created_at = created_at - ?, started_at = started_at - ?, completed_at = completed_at - ? WHERE id = ?", before, before, before, id);
  });
  for (const [name, code, message] of kFailures) run("UPDATE jobs SET error_code = ?, error_msg = ? WHERE file_name = ?", code, message, name);

  const failed_sign_ins = Array.from({ length: 60 }, (_, at) => [now - at * 7 * 3_600_000, ["signin.failed", "signin.ok", "password.changed", "session.refresh_reused"][at % 4]!] as const);
  for (const [at, message] of failed_sign_ins)
    run("INSERT INTO activity (id, account_id, at, source, level, message, detail) VALUES (?,?,?,'account',?,?,'{}')", `log_${at.toString(16).padStart(12, "0")}${at.toString(16).padStart(12, "0")}`, account, at, message === "signin.failed" || message.includes("reused") ? "warn" : "info", message);
  database.exec("COMMIT");
  database.close();
}

export async function rich_account(service: Service, good: Receiver, failing: Receiver): Promise<RichAccount> {
  const person = await made_person(service);
  service.admin("set-plan", person.email, "PRO");
  const [token = ""] = await Promise.all(kAgents.map((agent) => signed_in(service, person, agent)));
  const caller = new Caller(service.base, token);
  const keys = await made_keys(caller);
  await made_endpoints(caller, good, failing);
  const jobs = await sent(caller);
  // The feed is written in batches.
  await until("the feed to be written", async () => (await caller.call<{ logs: unknown[] }>("GET", "/v1/me/logs?q=job")).logs.length > 0 || undefined);
  await service.without(async () => aged(service.data, person, keys));
  return { person, jobs, token };
}
