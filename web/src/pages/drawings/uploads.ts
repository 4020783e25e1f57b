// SPDX-License-Identifier: Apache-2.0
// Files on their way to the server. They go on while other pages are looked at.
import type { Accepted, Send } from "./send_file";

export interface Upload {
  id: string;
  file: File;
  state: "waiting" | "sending" | "failed";
  sent: number;
  error?: unknown;
}

// A browser holds six connections to one server; the rest are for what the page shows meanwhile.
const kAtOnce = 2;

export class Uploads {
  #list: readonly Upload[] = [];
  #listeners = new Set<() => void>();
  #aborts = new Map<string, AbortController>();

  constructor(
    private readonly send: Send,
    private readonly accepted: (job: Accepted) => void,
  ) {}

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  list = () => this.#list;

  add(files: readonly File[]) {
    this.#set([...this.#list, ...files.map((file) => ({ id: crypto.randomUUID(), file, state: "waiting" as const, sent: 0 }))]);
    this.#start();
  }

  retry(id: string) {
    this.#change(id, { state: "waiting", sent: 0, error: undefined });
    this.#start();
  }

  // Of one that waits, is being sent, or has failed.
  remove(id: string) {
    this.#set(this.#list.filter((upload) => upload.id !== id));
    this.#aborts.get(id)?.abort();
    this.#start();
  }

  remove_all() {
    this.#set([]);
    for (const abort of this.#aborts.values()) abort.abort();
  }

  #set(list: readonly Upload[]) {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }

  #change(id: string, to: Partial<Upload>) {
    this.#set(this.#list.map((upload) => (upload.id === id ? { ...upload, ...to } : upload)));
  }

  #start() {
    const free = kAtOnce - this.#aborts.size;
    const next = this.#list.filter(({ state }) => state === "waiting").slice(0, Math.max(0, free));
    for (const upload of next) void this.#run(upload);
  }

  async #run({ id, file }: Upload) {
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    this.#change(id, { state: "sending" });
    try {
      const job = await this.send(file, id, (sent) => this.#change(id, { sent }), abort.signal);
      this.#set(this.#list.filter((upload) => upload.id !== id));
      this.accepted(job);
    } catch (error) {
      this.#change(id, { state: "failed", error });
    } finally {
      this.#aborts.delete(id);
      this.#start();
    }
  }
}
