// SPDX-License-Identifier: Apache-2.0
// The guides say what the source does: endpoints, error codes, formats, promises.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { topics } from "../security/promises";
import { answered_codes, job_codes } from "./source_codes";

const kRoot = join(import.meta.dirname, "../../..");
const kGuides = join(import.meta.dirname, "guides");
const read = (path: string) => readFileSync(join(kRoot, path), "utf8");
const guides = readdirSync(kGuides).map((name) => ({ name, text: readFileSync(join(kGuides, name), "utf8") }));
const guide = (name: string) => guides.find((one) => one.name === name)!.text;

// Rows of the tables below a heading, as cells.
function rows(text: string, heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`no section "${heading}"`);
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", "")));
}

describe("endpoints", () => {
  const routes = new Map<string, string[]>();
  let path = "";
  for (const line of read("schema/openapi.yaml").split("\n")) {
    if (/^ {2}\/\S*:$/.test(line)) routes.set((path = line.trim().slice(0, -1)), []);
    const method = /^ {4}(get|post|put|patch|delete):$/.exec(line);
    if (method && path) routes.get(path)!.push(method[1]!.toUpperCase());
    if (/^\S/.test(line)) path = "";
  }

  // What a sample puts together at run time stands for any one segment.
  const fits = (pattern: string, said: string) => {
    const a = pattern.split("/");
    const b = said.split("/");
    return a.length === b.length && a.every((piece, at) => piece === b[at] || (piece.startsWith("{") && /[{$…]|^\d+\.png$/.test(b[at]!)));
  };
  const methods_of = (said: string) => [...routes].filter(([pattern]) => fits(pattern, said)).flatMap(([, methods]) => methods);

  const sayings = guides.flatMap(({ name, text }) =>
    [...text.matchAll(/(?:\b(GET|POST|PUT|PATCH|DELETE) )?(?<![\w/])(?:\$CADLENS_URL|\$\{url\}|\{url\}|https:\/\/…)?((?:\/v1)(?:\/[\w{}$.…\[\]'()-]+)+)/g)].map((match) => ({
      name,
      method: match[1] ?? "",
      path: match[2]!.replace(/\{sys\.argv\[1\]\}|\$\{process\.argv\[2\]\}/, "{id}").replace(/[.)]+$/, ""),
    })),
  );

  test("the guides speak of them at all", () => expect(sayings.length).toBeGreaterThan(40));

  test.each(sayings)("$name: $method $path", ({ method, path: said }) => {
    const methods = methods_of(said);
    expect(methods, `${said} is no path of openapi.yaml`).not.toEqual([]);
    if (method) expect(methods).toContain(method);
  });
});

describe("error codes", () => {
  const requests = ["Requests", "The drawing", "Who is asking", "Accounts, keys and webhooks", "The service"].flatMap((heading) =>
    rows(guide("errors.mdx"), heading),
  );
  const jobs = rows(guide("errors.mdx"), "Why a job failed");

  test("of answers: code and status, as the source has them", () => {
    const said = requests.flatMap(([code, statuses]) => statuses!.split(", ").map((status) => `${status} ${code}`));
    expect(said.sort()).toEqual([...answered_codes(kRoot)].sort());
  });

  test("of jobs, and which give their request back", () => {
    const { all, ours } = job_codes(kRoot);
    expect(jobs.map(([code]) => code!).sort()).toEqual([...all].sort());
    expect(
      jobs
        .filter(([, counts]) => counts === "no")
        .map(([code]) => code!)
        .sort(),
    ).toEqual([...ours].sort());
  });

  test("none is told of twice", () => {
    for (const table of [requests, jobs]) expect(new Set(table.map(([code]) => code)).size).toBe(table.length);
  });

  test("the codes that guides name are codes", () => {
    const known = new Set([...requests, ...jobs].map(([code]) => code));
    const named = guides.flatMap(({ text }) => [...text.matchAll(/\b[45]\d\d `([A-Z_]+)`/g)].map((match) => match[1]!));
    expect(named.length).toBeGreaterThan(5);
    for (const code of named) expect(known).toContain(code);
  });
});

describe("formats", () => {
  // Name, extensions, mime, versions, sniff, read.
  const row = /Format\{FormatId::\w+,\s*"([^"]*)",\s*"([^"]*)",\s*"[^"]*",\s*"([^"]*)",\s*\w+(?:::\w+)?,\s*([\w:]+)/g;
  const formats = [...read("src/formats/registry.cpp").matchAll(row)].map(([, name, extensions, versions, reader]) => ({
    name: name!,
    extensions: extensions!,
    versions: versions!,
    read: reader !== "nullptr",
  }));

  test("the registry is understood", () => expect(formats.length).toBeGreaterThan(5));

  test("those that are read have a section with their first and last release", () => {
    for (const { name, versions } of formats.filter((format) => format.read)) {
      const section = guide("formats.mdx").split(/^## /m).find((part) => part.startsWith(`${name}\n`));
      expect(section, name).toBeDefined();
      for (const code of versions.match(/AC\d{4}/g)!) expect(section).toContain(code);
    }
  });

  test("those that are recognized only are in the table of these", () => {
    const unread = formats.filter((format) => !format.read).map(({ name, extensions }) => [name, `.${extensions}`]);
    expect(rows(guide("formats.mdx"), "Recognized, not read").map(([name, extension]) => [name, extension])).toEqual(unread);
  });
});

test("the security page has each promise of docs/security.md once", () => {
  const promised = [...read("docs/security.md").matchAll(/^\| (S\d\d) \|/gm)].map((match) => match[1]!);
  expect(promised.length).toBeGreaterThan(20);
  expect(topics.flatMap((topic) => topic.promises.map(({ id }) => id)).sort()).toEqual(promised.sort());
});

test("the limits of rates are the server's defaults", () => {
  const help = read("src/rate/gcra.hpp");
  const said = rows(guide("limits.mdx"), "Rates").map(([, minute, once]) => [minute, once].map((cell) => Number(cell!.replace(",", ""))));
  expect(said.length).toBe(3);
  for (const name of ["per_key", "per_address", "per_costly"]) {
    const found = new RegExp(`${name}\\{(\\d[\\d']*),\\s*(\\d[\\d']*)\\}`).exec(help)!;
    expect(said).toContainEqual([1, 2].map((at) => Number(found[at]!.replaceAll("'", ""))));
  }
});
