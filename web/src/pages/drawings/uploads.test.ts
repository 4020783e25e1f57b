// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test, vi } from "vitest";

import type { Accepted } from "./send_file";
import { Uploads } from "./uploads";

interface Sent {
  name: string;
  key: string;
  on_sent: (bytes: number) => void;
  signal: AbortSignal;
  accept: () => void;
  refuse: (error: unknown) => void;
}

const file = (name: string) => new File(["12345"], name);
const settle = () => new Promise((resolve) => setTimeout(resolve));

let sent: Sent[];
let accepted: ReturnType<typeof vi.fn<(job: Accepted) => void>>;
let uploads: Uploads;

beforeEach(() => {
  sent = [];
  accepted = vi.fn();
  uploads = new Uploads(
    ({ name }, key, on_sent, signal) =>
      new Promise((resolve, refuse) => {
        const accept = () => resolve({ job_id: name, status: "PENDING", fileName: name, fileSize: 5, createdAt: "" });
        signal.addEventListener("abort", () => refuse(signal.reason));
        sent.push({ name, key, on_sent, signal, accept, refuse });
      }),
    accepted,
  );
});

const states = () => uploads.list().map(({ file: { name }, state }) => `${name} ${state}`);

test("two are sent at a time, the others wait for their turn", async () => {
  uploads.add([file("a"), file("b"), file("c")]);
  expect(states()).toEqual(["a sending", "b sending", "c waiting"]);
  sent[1]!.accept();
  await settle();
  expect(states()).toEqual(["a sending", "c sending"]);
  expect(accepted).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ job_id: "b" }));
});

test("what was sent of one is told", () => {
  uploads.add([file("a")]);
  const told = vi.fn();
  uploads.subscribe(told);
  sent[0]!.on_sent(3);
  expect(told).toHaveBeenCalledOnce();
  expect(uploads.list()[0]).toMatchObject({ sent: 3 });
});

test("one that failed keeps its error, lets the next go, and is sent again by the same key", async () => {
  uploads.add([file("a"), file("b"), file("c")]);
  const error = new Error("too large");
  sent[0]!.refuse(error);
  await settle();
  expect(states()).toEqual(["a failed", "b sending", "c sending"]);
  expect(uploads.list()[0]!.error).toBe(error);
  sent[1]!.accept();
  await settle();
  uploads.retry(uploads.list()[0]!.id);
  expect(states()).toEqual(["a sending", "c sending"]);
  expect(uploads.list()[0]!.error).toBeUndefined();
  expect(sent[3]!.key).toBe(sent[0]!.key);
});

test("one that is canceled is broken off and gone", async () => {
  uploads.add([file("a"), file("b"), file("c")]);
  uploads.remove(uploads.list()[0]!.id);
  await settle();
  expect(sent[0]!.signal.aborted).toBe(true);
  expect(states()).toEqual(["b sending", "c sending"]);
  expect(accepted).not.toHaveBeenCalled();
});

test("when all are removed none is begun", async () => {
  uploads.add([file("a"), file("b"), file("c")]);
  uploads.remove_all();
  await settle();
  expect(sent.map(({ name, signal }) => `${name} ${signal.aborted}`)).toEqual(["a true", "b true"]);
  expect(states()).toEqual([]);
});
