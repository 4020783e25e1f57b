// SPDX-License-Identifier: Apache-2.0
// A browser that is signed in. CADLENS_WEB is where the development server listens; CADLENS_EMAIL and CADLENS_PASSWORD are an
// account of the server behind it.
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const kArguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
// Software WebGL has to be asked for.
const kSoftwareGl = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

export const web = process.env["CADLENS_WEB"] ?? "http://localhost:5173";

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export async function browse(webgl = true): Promise<Browser> {
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: webgl ? [...kArguments, ...kSoftwareGl] : [...kArguments, "--disable-3d-apis"] });
}

export async function sign_in(context: BrowserContext) {
  const answer = await context.request.post(`${web}/v1/auth/login`, { data: { email: needed("CADLENS_EMAIL"), password: needed("CADLENS_PASSWORD"), cookies: true } });
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()}`);
}

// Uploads a drawing and waits for it.
export async function parse(context: BrowserContext, name: string, buffer: Buffer): Promise<string> {
  // As a page of the service would ask: a cookie alone changes nothing.
  const posted = await context.request.post(`${web}/v1/parse`, { headers: { Origin: web }, multipart: { file: { name, mimeType: "application/octet-stream", buffer } }, timeout: 300_000 });
  const { job_id, error } = (await posted.json()) as { job_id?: string; error?: string };
  if (!job_id) throw new Error(`${name}: ${error}`);
  for (;;) {
    const { status, errorMsg } = (await (await context.request.get(`${web}/v1/jobs/${job_id}`)).json()) as { status: string; errorMsg: string | null };
    if (status === "COMPLETED") return job_id;
    if (status === "FAILED") throw new Error(`${name}: ${errorMsg}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

export const harness = (job: string, sheet: number) => `${web}/tests/viewer/harness.html?job=${job}&sheet=${sheet}`;

// Until everything that is seen has been drawn.
export async function settled(page: Page) {
  // Whether there is something to do shows in the next frame.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(
    () => {
      const state = (window as unknown as { viewer?: { store: { get(): { busy: boolean; phase: string } } } }).viewer?.store.get();
      return state?.phase === "ready" && !state.busy;
    },
    undefined,
    { timeout: 120_000, polling: 20 },
  );
}
