// SPDX-License-Identifier: Apache-2.0
// Error codes as the service's source has them, for the test that holds the guide to it.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const kStatusOfKind: Record<string, number> = { unknown: 401, forbidden: 403, missing: 404, conflict: 409 };

function sources(root: string, pattern: string): string {
  const files = globSync(pattern, { cwd: root }).filter((name) => !/_(test|fuzz)\.cpp$/.test(name));
  if (files.length === 0) throw new Error(`nothing matches ${pattern}`);
  return files.map((name) => readFileSync(join(root, name), "utf8")).join("\n");
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match.slice(1) as string[]);

// base/result.cpp: what each ErrorCode is called outside.
function names_of_errors(root: string): Map<string, string> {
  const pairs = all(sources(root, "src/base/result.cpp"), /case ErrorCode::(\w+): return "([A-Z_]+)"/g);
  return new Map(pairs as [string, string][]);
}

// http/api_error.cpp: those that are published with a status, by their own names.
function published_as_they_are(root: string): string[] {
  const [cases, status] = all(sources(root, "src/http/api_error.cpp"), /((?:\s*case ErrorCode::\w+:)+) return \{(\d{3}), to_string\(code\)\}/g)[0]!;
  const names = names_of_errors(root);
  return all(cases!, /ErrorCode::(\w+)/g).map(([code]) => `${status} ${names.get(code!)}`);
}

// "404 NOT_FOUND" and so on: every answer that names its code where it is made.
export function answered_codes(root: string): Set<string> {
  const http = sources(root, "src/http/**/*.cpp");
  const plain = [/ApiError(?:\s+\w+)?\(\s*(\d{3}),\s*"([A-Z_]+)"/g, /refus\w+\(\s*(\d{3}),\s*"([A-Z_]+)"/g, /return \{(\d{3}), "([A-Z_]+)"/g];
  const by_status = plain.flatMap((pattern) => all(http, pattern));
  const by_kind = [
    ...all(sources(root, "src/accounts/*.cpp"), /problem\(\s*Kind::(\w+),\s*"([A-Z_]+)"/g),
    ...all(sources(root, "src/auth/*.cpp"), /refuse\(\s*Why::(\w+),\s*"([A-Z_]+)"/g),
  ].map(([kind, code]) => [kStatusOfKind[kind!], code]);
  return new Set([...[...by_status, ...by_kind].map(([status, code]) => `${status} ${code}`), ...published_as_they_are(root)]);
}

// What a job may fail with, and which of it is no fault of its drawing.
export function job_codes(root: string): { all: Set<string>; ours: Set<string> } {
  const jobs = sources(root, "src/jobs/*.cpp");
  const named = [/give_up\(\s*"([A-Z_]+)"/g, /fail_for_good\([^"]*"([A-Z_]+)"/g].flatMap((pattern) => all(jobs, pattern).flat());
  const readers = names_of_errors(root);
  // A worker says it when its job was cancelled, and then there is no job any more.
  readers.delete("conflict");
  const list = all(jobs, /is_our_fault[^{]*\{[^}]*\{([^}]*)\}/g)[0]![0]!;
  return { all: new Set([...named, ...readers.values()]), ours: new Set(all(list, /"([A-Z_]+)"/g).flat()) };
}
