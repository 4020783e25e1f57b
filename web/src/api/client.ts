// SPDX-License-Identifier: Apache-2.0
// The public API, typed from openapi.yaml. The session lives in cookies that no script can read.
import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type Job = Schemas["Job"];
export type User = Schemas["User"];
export type ApiKey = Schemas["ApiKey"];
export type Usage = Schemas["Usage"];
export type UsageDay = Usage["byDay"][number];
export type Delivery = Schemas["Delivery"];
export type DeliveryState = Delivery["state"];

// An answer that is no success, or none at all (`status` 0: the network).
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId?: string,
    readonly fieldErrors: Record<string, string[]> = {},
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

export async function error_of(response: Response): Promise<ApiError> {
  const retry = Number(response.headers.get("Retry-After")) || undefined;
  try {
    const body = (await response.json()) as Schemas["Error"];
    return new ApiError(response.status, body.code, body.error, body.requestId, body.details?.fieldErrors, retry);
  } catch {
    return new ApiError(response.status, "UNREADABLE_ANSWER", `The server answered ${response.status}.`, undefined, {}, retry);
  }
}

// A body that nobody reads keeps its connection.
const done_with = async (response: Response) => void (await response.body?.cancel());

let refreshing: Promise<boolean> | undefined;

// False: the session has ended. A server that is busy, or away, has not said so.
async function ask_anew(): Promise<boolean> {
  return await navigator.locks.request("cadlens-refresh", async (): Promise<boolean> => {
    const answer = await fetch("/v1/auth/refresh", { method: "POST" });
    if (answer.status === 429 || answer.status >= 500) throw await error_of(answer);
    await done_with(answer);
    return answer.ok;
  });
}

// A refresh token works once: whoever finds the session's two hours over waits for the same refresh, in all tabs.
function refresh(): Promise<boolean> {
  refreshing ??= ask_anew().finally(() => (refreshing = undefined));
  return refreshing;
}

type Ended = () => void;
let on_session_end: Ended = () => {};
export function when_session_ends(then: Ended) {
  on_session_end = then;
}

// Requests that are to be signed in, and are not any more, are sent once more after a refresh.
export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  let response: Response;
  try {
    response = await fetch(request);
    if (response.status !== 401 || /\/v1\/auth\/(login|refresh|register|verify|reset|forgot|confirm|one-time|\w+\/exchange)/.test(request.url)) return response;
    if (await refresh()) {
      await done_with(response);
      return await fetch(again);
    }
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "NO_NETWORK", "The server cannot be reached. Check the connection and try again.");
  }
  await done_with(response);
  on_session_end();
  throw new ApiError(401, "SESSION_ENDED", "Your session had ended, so nothing was done. Do it again now.");
}

const failing: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await error_of(response);
  },
};

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send });
api.use(failing);

// What openapi-fetch calls possibly absent is there: `failing` has thrown otherwise.
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
