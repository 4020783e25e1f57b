// SPDX-License-Identifier: Apache-2.0
// A scene by ranges: the head, then all before the geometry, then chunks as they are wanted.
import { kHeadBytes } from "../scene/format";
import { read_head } from "../scene/head";
import { read_tables, type Tables } from "../scene/tables";

// What the server answered instead of the scene.
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId?: string,
  ) {
    super(message);
  }
}

async function refusal(response: Response): Promise<Refused> {
  try {
    const body = (await response.json()) as { error: string; code: string; requestId?: string };
    return new Refused(response.status, body.code, body.error, body.requestId);
  } catch {
    return new Refused(response.status, "UNREADABLE_ANSWER", `The server answered ${response.status}.`);
  }
}

export class Source {
  private size = 0;
  private geometry_at = 0;

  // `renew` asks for a fresh session when the two hours of one are over.
  constructor(
    private readonly url: string,
    private readonly renew: () => Promise<boolean>,
  ) {}

  async open(): Promise<Tables> {
    const first = await this.range(0, kHeadBytes);
    const head = read_head(first, this.size);
    this.geometry_at = head.sections[11]!.offset;
    const rest = this.geometry_at > kHeadBytes ? await this.range(kHeadBytes, this.geometry_at) : new ArrayBuffer(0);
    return read_tables(head, rest, kHeadBytes);
  }

  geometry(from: number, to: number): Promise<ArrayBuffer> {
    return this.range(this.geometry_at + from, this.geometry_at + to);
  }

  private async range(from: number, to: number): Promise<ArrayBuffer> {
    let response = await this.ask(from, to);
    if (response.status === 401 && (await this.renew())) response = await this.ask(from, to);
    if (!response.ok) throw await refusal(response);
    const bytes = await response.arrayBuffer();
    if (response.status === 200) {
      this.size = bytes.byteLength;
      return bytes.slice(from, to);
    }
    this.size = total_of(response.headers.get("Content-Range"));
    return bytes;
  }

  private async ask(from: number, to: number): Promise<Response> {
    try {
      return await fetch(this.url, { headers: { Range: `bytes=${from}-${to - 1}` } });
    } catch {
      throw new Refused(0, "NO_NETWORK", "The server cannot be reached. Check the connection and try again.");
    }
  }
}

// "bytes 0-415/123456"
export function total_of(range: string | null): number {
  const size = /^bytes \d+-\d+\/(\d+)$/.exec(range ?? "")?.[1];
  return size === undefined ? 0 : Number(size);
}

