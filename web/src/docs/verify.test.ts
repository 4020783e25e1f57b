// SPDX-License-Identifier: Apache-2.0
// The code that verifies webhooks, taken from the guide and run against the vector of src/webhooks/sign_test.cpp.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

const kRoot = join(import.meta.dirname, "../../..");
const guide = readFileSync(join(import.meta.dirname, "guides/webhooks.mdx"), "utf8");
const vectors = readFileSync(join(kRoot, "src/webhooks/sign_test.cpp"), "utf8");

const constant = (name: string) => JSON.parse(new RegExp(`${name} = (".*");`).exec(vectors)![1]!) as string;
const vector = {
  secret: constant("kSecret"),
  id: constant("kId"),
  body: constant("kBody"),
  time: 1614265330,
  signature: /"(v1,[^"]+=)"/.exec(vectors)![1]!,
};

function sample(language: string): string {
  const found = [...guide.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].filter((match) => /verify\(/i.test(match[1]!));
  if (found.length !== 1) throw new Error(`${found.length} samples in ${language}`);
  return found[0]![1]!;
}

// Each takes cases as JSON on its standard input, stops the clock at the vector's time plus `late`, and prints "true" or "false".
const drivers = {
  python: {
    command: ["/usr/bin/python3", "main.py"],
    file: "main.py",
    program: `${sample("python")}
import json, sys
case = json.load(sys.stdin)
time.time = lambda: ${vector.time} + case["late"]
print("true" if verify(case["secret"], case["headers"], case["body"].encode()) else "false")
`,
  },
  javascript: {
    command: [process.execPath, "main.mjs"],
    file: "main.mjs",
    program: `${sample("javascript")}
import { readFileSync } from "node:fs";
const one = JSON.parse(readFileSync(0, "utf8"));
Date.now = () => (${vector.time} + one.late) * 1000;
console.log(verify(one.secret, one.headers, Buffer.from(one.body)));
`,
  },
  go: {
    command: ["go", "run", "main.go"],
    file: "main.go",
    // Go's clock cannot be stopped: the sample asks a clock of ours.
    program: sample("go")
      .replace("package webhook", "package main")
      .replace('import (', 'import (\n\t"encoding/json"\n\t"fmt"\n\t"os"')
      .replace("time.Since(", "since(")
      .concat(`
var late int64

func since(then time.Time) time.Duration { return time.Unix(${vector.time}+late, 0).Sub(then) }

func main() {
	var one struct {
		Secret, Body string
		Late         int64
		Headers      map[string]string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&one); err != nil {
		panic(err)
	}
	late = one.Late
	header := http.Header{}
	for name, value := range one.Headers {
		header.Set(name, value)
	}
	fmt.Println(Verify(one.Secret, header, []byte(one.Body)))
}
`),
  },
  php: {
    command: ["php", "main.php"],
    file: "main.php",
    // A function of the namespace goes before PHP's own.
    program: `${sample("php").replace("<?php", "<?php\nnamespace webhook;")}
function time(): int { global $one; return ${vector.time} + $one['late']; }
$one = json_decode(stream_get_contents(STDIN), true);
echo verify($one['secret'], $one['headers'], $one['body']) ? 'true' : 'false';
`,
  },
};

const other = vector.signature.replace(/.=$/, "A=");
const cases = [
  { name: "the published vector", expected: true },
  { name: "beside another secret's signature", expected: true, signature: `${other} ${vector.signature}` },
  { name: "five minutes later", expected: true, late: 299 },
  { name: "played again", expected: false, late: 301 },
  { name: "from the future", expected: false, late: -301 },
  { name: "another body", expected: false, body: `${vector.body} ` },
  { name: "another id", expected: false, id: "msg_2" },
  { name: "another signature", expected: false, signature: other },
  { name: "no number for a time", expected: false, time: "soon" },
];

const folder = mkdtempSync(join(tmpdir(), "verify-"));
beforeAll(() => {
  for (const { file, program } of Object.values(drivers)) writeFileSync(join(folder, file), program);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(Object.entries(drivers))("%s", (_language, { command: [program, ...rest] }) => {
  const is_here = spawnSync(program!, ["--version"]).error === undefined;
  test.skipIf(!is_here).each(cases)("$name: $expected", ({ expected, late = 0, body = vector.body, id = vector.id, time = `${vector.time}`, signature = vector.signature }) => {
    const headers = { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signature };
    const input = JSON.stringify({ secret: vector.secret, headers, body, late });
    const answer = execFileSync(program!, rest, { cwd: folder, input, encoding: "utf8" });
    expect(answer.trim()).toBe(String(expected));
  }, 60_000);
});
