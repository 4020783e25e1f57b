// SPDX-License-Identifier: Apache-2.0
// The page's end of the worker.
import type { EntityInfo, Found, FromWorker, Opened, Snap, Spot, TileData, TileRequest, ToWorker } from "./protocol";
import worker_url from "./worker.ts?worker&url";

export interface Failed {
  status: number;
  code: string;
  message: string;
  requestId?: string;
  // There is nothing to show.
  fatal: boolean;
}

export interface Hears {
  opened(scene: Opened): void;
  failed(failed: Failed): void;
  tile(tile: TileData): void;
  // The session is over: is there a new one?
  renew(): Promise<boolean>;
}

interface Policy {
  createScriptURL(url: string): unknown;
}

// Where Trusted Types are enforced a worker's address has to be one of them.
function trusted(url: string): string | URL {
  const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }).trustedTypes;
  policy ??= types?.createPolicy("cadlens-viewer", { createScriptURL: (text) => (text === worker_url ? text : "about:blank") });
  return (policy?.createScriptURL(url) ?? url) as string;
}
let policy: Policy | undefined;

type Ask = { say: "pick" | "snap"; at: Spot } | { say: "entity"; handle: string } | { say: "search"; text: string };

export class SceneWorker {
  private readonly worker: Worker;
  private readonly asked = new Map<number, (value: unknown) => void>();
  private next = 0;

  constructor(url: string, hears: Hears) {
    this.worker = new Worker(trusted(worker_url), { type: "module", name: "scene" });
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      switch (data.say) {
        case "opened":
          hears.opened(data.scene);
          break;
        case "failed":
          hears.failed(data);
          break;
        case "tile":
          hears.tile(data.tile);
          break;
        case "renew":
          void hears.renew().then((ok) => this.say({ say: "renewed", ok }));
          break;
        case "answer":
          this.asked.get(data.ask)?.(data.value);
          this.asked.delete(data.ask);
          break;
      }
    };
    this.worker.onerror = () => hears.failed({ status: 0, code: "VIEWER_FAILED", message: "The viewer could not be started. Reload the page.", fatal: true });
    this.say({ say: "open", url });
  }

  want(wanted: TileRequest[]) {
    this.say({ say: "tiles", wanted });
  }
  pick(at: Spot) {
    return this.ask<EntityInfo | undefined>({ say: "pick", at });
  }
  snap(at: Spot) {
    return this.ask<Snap | undefined>({ say: "snap", at });
  }
  entity(handle: string) {
    return this.ask<EntityInfo | undefined>({ say: "entity", handle });
  }
  search(text: string) {
    return this.ask<Found[] | undefined>({ say: "search", text });
  }
  end() {
    this.worker.terminate();
  }

  private ask<T>(question: Ask): Promise<T> {
    const ask = this.next++;
    return new Promise((done) => {
      this.asked.set(ask, done as (value: unknown) => void);
      this.say({ ...question, ask });
    });
  }
  private say(message: ToWorker) {
    this.worker.postMessage(message);
  }
}
