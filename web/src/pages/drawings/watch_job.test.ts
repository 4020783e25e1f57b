// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { watch_job } from "./watch_job";

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 1;
  onopen?: () => void;
  onerror?: () => void;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  send(name: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
  fail(state: number) {
    this.readyState = state;
    this.onerror?.();
  }
}

const change = vi.fn();
const ask = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

test("progress is told, and the end has the job asked for and the stream closed", () => {
  watch_job("job_1", { change, ask });
  const [source] = FakeSource.all;
  expect(source!.url).toBe("/v1/jobs/job_1/events");
  source!.send("progress", { jobId: "job_1", status: "PROCESSING" });
  expect(change).toHaveBeenCalledExactlyOnceWith({ jobId: "job_1", status: "PROCESSING" });
  expect(ask).not.toHaveBeenCalled();
  source!.send("completed", {});
  expect(ask).toHaveBeenCalledOnce();
  expect(source!.readyState).toBe(FakeSource.CLOSED);
});

test("a stream that merely broke off is left to come back by itself", () => {
  watch_job("job_1", { change, ask });
  FakeSource.all[0]!.fail(0);
  vi.advanceTimersByTime(60_000);
  expect(ask).not.toHaveBeenCalled();
  expect(FakeSource.all).toHaveLength(1);
});

test("one that was refused has the job asked for, and is opened again after ever longer pauses", () => {
  watch_job("job_1", { change, ask });
  FakeSource.all[0]!.fail(FakeSource.CLOSED);
  expect(ask).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(2_000);
  expect(FakeSource.all).toHaveLength(2);
  FakeSource.all[1]!.fail(FakeSource.CLOSED);
  vi.advanceTimersByTime(3_999);
  expect(FakeSource.all).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(FakeSource.all).toHaveLength(3);
});

test("who stops watching hears nothing more", () => {
  const stop = watch_job("job_1", { change, ask });
  FakeSource.all[0]!.fail(FakeSource.CLOSED);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.all).toHaveLength(1);
});
