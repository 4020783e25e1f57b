// SPDX-License-Identifier: Apache-2.0
// The viewer without its page (tests/viewer/harness.html), for tests and measurements of what it draws: a service, Vite's
// development server in front of it, as the harness is no part of what is built, and a browser that is signed in.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";

import { kSoftwareGl, launch } from "./browser";
import { kUnlimited, made_person, token_of } from "./person";
import { free_port, root, Service, until } from "./service";

const web = join(root, "web");
export const corpus = process.env.CADLENS_CORPUS ?? join(root, "../shared/corpus");
// Where it is absent its tests are skipped, but in CI it has to be there.
export const without_corpus = !existsSync(corpus) && !process.env.CI;

export class Stage {
  private constructor(
    readonly service: Service,
    private readonly development: ViteDevServer,
    private readonly browser: Browser,
    readonly context: BrowserContext,
    private readonly token: string,
  ) {}

  static async start(): Promise<Stage> {
    const service = await Service.start(kUnlimited);
    const person = await made_person(service);
    process.env.CADLENS_SERVER = service.base;
    const development = await createServer({
      root: web,
      configFile: join(web, "vite.config.ts"),
      logLevel: "error",
      server: { host: "localhost", port: await free_port(), strictPort: true },
    });
    await development.listen();
    const browser = await launch(kSoftwareGl);
    const context = await browser.newContext();
    const answer = await context.request.post(`${service.base}/v1/auth/login`, { data: { ...person, cookies: true } });
    if (!answer.ok()) throw new Error(`signing in: ${answer.status()}`);
    return new Stage(service, development, browser, context, await token_of(service, person));
  }

  // Uploads a drawing and waits for it: its job.
  async parse(path: string, content: Buffer<ArrayBuffer> = readFileSync(path)): Promise<string> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const body = new FormData();
    body.set("file", new Blob([content]), basename(path));
    const { job_id, error } = (await (await fetch(`${this.service.base}/v1/parse`, { method: "POST", headers, body })).json()) as { job_id?: string; error?: string };
    if (!job_id) throw new Error(`${path}: ${error}`);
    return until(
      `${path} to be read`,
      async () => {
        const { status, errorMsg } = (await (await fetch(`${this.service.base}/v1/jobs/${job_id}`, { headers })).json()) as { status: string; errorMsg: string | null };
        if (status === "FAILED") throw new Error(`${path}: ${errorMsg}`);
        return status === "COMPLETED" ? job_id : undefined;
      },
      120,
    );
  }

  // The viewer with a sheet of a drawing, as large as the window.
  async open(job: string, sheet: number, size: { width: number; height: number }): Promise<Page> {
    const page = await this.context.newPage();
    await page.setViewportSize(size);
    await page.goto(`http://localhost:${this.development.config.server.port}/tests/viewer/harness.html?job=${job}&sheet=${sheet}`);
    await page.waitForFunction(() => (window as unknown as { viewer?: object }).viewer !== undefined);
    return page;
  }

  async stop() {
    await this.browser.close();
    await this.development.close();
    await this.service.stop();
  }
}

// Until everything that is seen has been drawn, and is on the screen.
export async function settled(page: Page) {
  const frames = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  // Whether there is something to do shows in the next frame.
  await frames();
  await page.waitForFunction(
    () => {
      const state = (window as unknown as { viewer?: { store: { get(): { busy: boolean; phase: string } } } }).viewer?.store.get();
      return state?.phase === "ready" && !state.busy;
    },
    undefined,
    { timeout: 120_000, polling: 20 },
  );
  await frames();
}
