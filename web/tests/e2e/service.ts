// SPDX-License-Identifier: Apache-2.0
// A real service on loopback for one test file, with data of its own, and what it talks to.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../../..");
const program = process.env.CADLENS_PROGRAM ?? join(root, "build/release/cadlens");

export async function free_port(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>, seconds = 20): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`waited ${seconds} s for ${what}`);
}

export interface Started {
  stop: () => Promise<void>;
}

async function stopped(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  await over;
}

export class Service implements Started {
  private constructor(
    readonly port: number,
    readonly data: string,
    private child: ChildProcess,
    private readonly options: string[],
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  // Browsers keep __Host- cookies without TLS on localhost alone.
  get base(): string {
    return `http://localhost:${this.port}`;
  }

  static async start(options: string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Service> {
    const port = await free_port();
    const data = mkdtempSync(join(tmpdir(), "cadlens-e2e-"));
    const all = ["--public-url", `http://localhost:${port}`, "--registration", "open", "--preview-px", "1024", ...options];
    const service = new Service(port, data, Service.run(port, data, all, environment), all, environment);
    await service.ready();
    return service;
  }

  private static run(port: number, data: string, options: string[], environment: NodeJS.ProcessEnv): ChildProcess {
    return spawn(program, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, "--owner-key-file", join(data, "owner.key"), ...options], {
      stdio: ["ignore", "ignore", process.env.CADLENS_E2E_LOG ? "inherit" : "ignore"],
      env: { ...process.env, ...environment },
    });
  }

  private ready() {
    return until("the service to start", async () => {
      if (this.child.exitCode !== null) throw new Error(`the service ended with ${this.child.exitCode}`);
      try {
        return (await fetch(`${this.base}/health`)).ok || undefined;
      } catch {
        return undefined;
      }
    });
  }

  // What an operator does beside the running service; gives what it printed.
  admin(...words: string[]): string {
    return execFileSync(program, ["admin", ...words, "--data", this.data], { encoding: "utf8" });
  }

  owner_key(): string {
    return readFileSync(join(this.data, "owner.key"), "utf8").trim();
  }

  // The service is away for as long as `meanwhile` takes.
  async without(meanwhile: () => Promise<void>) {
    await stopped(this.child);
    await meanwhile();
    this.child = Service.run(this.port, this.data, this.options, this.environment);
    await this.ready();
  }

  async stop() {
    await stopped(this.child);
    rmSync(this.data, { recursive: true, force: true });
  }
}

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

// Takes webhooks. `answer` is the status it gives.
export class Receiver implements Started {
  readonly received: Received[] = [];
  answer = 200;
  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createHttpServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const receiver = new Receiver(`http://127.0.0.1:${address.port}/hook`, server);
    server.on("request", (request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        receiver.received.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(parts).toString() });
        response.writeHead(receiver.answer).end();
      });
    });
    return receiver;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

// What nobody has used before: passwords that are typed into the forms.
export const made_password = () => `pw ${randomBytes(12).toString("base64url")}`;
export const made_address = () => `person-${randomBytes(4).toString("hex")}@example.com`;
