// SPDX-License-Identifier: Apache-2.0
// The viewer's picture of real drawings is the preview's. tests/viewer/compare.ts says what "the same" means.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

import { kUnlimited, made_person, type Person } from "./person";
import { free_port, root, Service, until } from "./service";

const corpus = process.env.CADLENS_CORPUS ?? join(root, "../shared/corpus");
const drawings = [
  "dxf/acadsharp/dynamic-blocks__BLOCKXYPARAMETER.dxf",
  "dxf/acadsharp/samples__sample_AC1027_binary.dxf",
  "dxf/dxf/issue27c.dxf",
  "dxf/dxf/testHatch.dxf",
  "dxf/ezdxf/data__groups.dxf",
  "dxf/ezdxf/edgeminer__2_polylines.dxf",
  "dwg/acadsharp/aec_objects__AecObjects.dwg",
  "dwg/acadsharp/samples__sample_AC1021.dwg",
  "dwg/aspose-net/ZD_-_Senior_D6m_H2m45.dwg",
  "dwg/tika/architectural_-_annotation_scaling_and_multileaders.dwg",
];
const web = join(root, "web");
const present = existsSync(corpus);

let service: Service;
let development: ViteDevServer;
let person: Person;
let out: string;

beforeAll(async () => {
  if (!present) return;
  out = mkdtempSync(join(tmpdir(), "cadlens-pictures-"));
  service = await Service.start(kUnlimited);
  person = await made_person(service);
  process.env.CADLENS_SERVER = service.base;
  development = await createServer({
    root: web,
    configFile: join(web, "vite.config.ts"),
    logLevel: "error",
    server: { host: "localhost", port: await free_port(), strictPort: true },
  });
  await development.listen();
});
afterAll(async () => {
  await development?.close();
  await service?.stop();
  if (out) rmSync(out, { recursive: true, force: true });
});

async function sent(path: string, token: string): Promise<string> {
  const headers = { Authorization: `Bearer ${token}` };
  const body = new FormData();
  body.set("file", new Blob([readFileSync(join(corpus, path))]), basename(path));
  const { job_id } = (await (await fetch(`${service.base}/v1/parse`, { method: "POST", headers, body })).json()) as { job_id: string };
  await until(`${path} to be read`, async () => {
    const { status } = (await (await fetch(`${service.base}/v1/jobs/${job_id}`, { headers })).json()) as { status: string };
    expect(status, path).not.toBe("FAILED");
    return status === "COMPLETED" || undefined;
  });
  return job_id;
}

// In CI the corpus has to be there.
test.skipIf(!present && !process.env.CI)("ten drawings of the corpus look as their previews do", async () => {
  expect(present, `the corpus is at ${corpus}`).toBe(true);
  const signed_in = await fetch(`${service.base}/v1/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(person),
  });
  const { token } = (await signed_in.json()) as { token: string };
  const jobs: string[] = [];
  for (const path of drawings) jobs.push(await sent(path, token));
  const { port } = development.config.server;
  const { stdout } = await promisify(execFile)(process.execPath, ["tests/viewer/compare.ts", out, ...jobs], {
    cwd: web,
    env: { ...process.env, CADLENS_WEB: `http://localhost:${port}`, CADLENS_EMAIL: person.email, CADLENS_PASSWORD: person.password },
  }).catch((failed: { stdout?: string; message: string }) => {
    throw new Error(`${failed.message}\n${failed.stdout ?? ""}`);
  });
  console.log(jobs.reduce((text, job, at) => text.replaceAll(job, basename(drawings[at]!)), stdout));
  for (const job of jobs) expect(stdout).toMatch(new RegExp(`^same +${job} sheet 0`, "m"));
});
