// SPDX-License-Identifier: Apache-2.0
// Holds one sheet's scene: fetches it, checks it, cuts it into tiles, and finds things in it. The page stays free meanwhile.
import { pick } from "../pick";
import { Chunks, plan_fetches } from "../scene/chunks";
import { kEntityWords, kNone, kRunWords } from "../scene/format";
import type { Tables } from "../scene/tables";
import { rounded, snap } from "../snap";
import { ClipMeshes } from "./clip_meshes";
import { Features } from "./features";
import { Looks } from "./looks";
import type { FromWorker, Opened, Spot, TileData, TileRequest, ToWorker } from "./protocol";
import { entity_with_handle, info_of, search } from "./search";
import { Refused, Source } from "./source";
import { TileMaker } from "./tile";

const tell = (message: FromWorker, give: Transferable[] = []) => (self as unknown as { postMessage(m: FromWorker, t: Transferable[]): void }).postMessage(message, give);

let renewed: ((ok: boolean) => void) | undefined;
const renew = () =>
  new Promise<boolean>((done) => {
    renewed = done;
    tell({ say: "renew" });
  });

function opened(tables: Tables): Opened {
  const runs = new Uint32Array(tables.layers.length);
  for (let at = 0; at < tables.runs.length; at += kRunWords) if (tables.runs[at] !== kNone) ++runs[tables.runs[at]!]!;
  return {
    layers: tables.layers.map((layer, i) => ({ ...layer, runs: runs[i]! })),
    view: tables.head.view,
    mm_per_unit: tables.head.mm_per_unit,
    truncated: tables.head.truncated,
    entities: tables.entities.length / kEntityWords,
    primitives: tables.head.primitives,
  };
}

function fail(error: unknown, fatal: boolean) {
  if (error instanceof Refused) tell({ say: "failed", status: error.status, code: error.code, message: error.message, fatal, ...(error.requestId ? { requestId: error.requestId } : {}) });
  else tell({ say: "failed", status: 0, code: "SCENE_DAMAGED", message: error instanceof Error ? error.message : String(error), fatal });
}

class Sheet {
  private readonly chunks: Chunks;
  private readonly maker: TileMaker;
  private readonly features: Features;
  private wanted: TileRequest[] = [];
  private busy = false;

  constructor(
    private readonly source: Source,
    private readonly tables: Tables,
  ) {
    this.chunks = new Chunks(tables);
    const clips = new ClipMeshes(tables);
    this.maker = new TileMaker(tables, this.chunks, new Looks(tables.styles), clips);
    this.features = new Features(tables, this.chunks, clips);
  }

  // Replaces what was wanted before.
  want(requests: TileRequest[]) {
    this.wanted = requests;
    if (!this.busy) void this.work();
  }

  private async work() {
    this.busy = true;
    try {
      while (this.wanted.length > 0) {
        await this.load(new Set(this.wanted.flatMap((request) => this.maker.needs(request))));
        const request = this.wanted.find((one) => this.chunks.missing(this.maker.needs(one)).length === 0);
        if (!request) continue;
        this.wanted = this.wanted.filter((one) => one !== request);
        send(this.maker.make(request));
        // Messages that came meanwhile go first: they may want other tiles.
        await new Promise((done) => setTimeout(done));
      }
    } catch (error) {
      this.wanted = [];
      fail(error, false);
    } finally {
      this.busy = false;
    }
  }

  async load(wanted: Iterable<number>) {
    for (const fetch of plan_fetches(this.tables.chunks, this.chunks.missing(wanted))) {
      if (this.chunks.missing(fetch.chunks).length === 0) continue;
      this.chunks.add(fetch, await this.source.geometry(fetch.from, fetch.to));
    }
  }

  pick(at: Spot) {
    const run = pick(this.features.near(at), at.radius);
    return run === undefined ? undefined : info_of(this.tables, this.chunks.entity_of[run]!);
  }
  snap(at: Spot) {
    const found = snap(this.features.near(at), at.radius);
    return found && { kind: found.kind, x: rounded(found.x + at.x, found.digits), y: rounded(found.y + at.y, found.digits) };
  }
  entity(handle: string) {
    return entity_with_handle(this.tables, handle);
  }
  async search(text: string) {
    await this.load(this.tables.chunks.keys());
    return search(this.tables, this.chunks, text);
  }
}

const send = (tile: TileData) => tell({ say: "tile", tile }, [tile.segments.buffer, tile.vertices.buffer, tile.indices.buffer, tile.dots.buffer, tile.ramps.buffer]);

let sheet: Sheet | undefined;

async function open(url: string) {
  try {
    const source = new Source(url, renew);
    const tables = await source.open();
    sheet = new Sheet(source, tables);
    tell({ say: "opened", scene: opened(tables) });
  } catch (error) {
    fail(error, true);
  }
}

async function answer(ask: number, find: () => unknown) {
  try {
    tell({ say: "answer", ask, value: (await find()) as never });
  } catch (error) {
    tell({ say: "answer", ask, value: undefined });
    fail(error, false);
  }
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  switch (data.say) {
    case "open":
      void open(data.url);
      break;
    case "renewed":
      renewed?.(data.ok);
      break;
    case "tiles":
      sheet?.want(data.wanted);
      break;
    case "pick":
      void answer(data.ask, () => sheet?.pick(data.at));
      break;
    case "snap":
      void answer(data.ask, () => sheet?.snap(data.at));
      break;
    case "entity":
      void answer(data.ask, () => sheet?.entity(data.handle));
      break;
    case "search":
      void answer(data.ask, () => sheet?.search(data.text));
      break;
  }
};
