// SPDX-License-Identifier: Apache-2.0
// One file to POST /v1/parse. XMLHttpRequest, as fetch does not tell how much of a body has been sent.
import { ApiError, api, data, error_of, type Schemas } from "../../api/client";

export type Accepted = Schemas["Accepted"];
// `key` makes sending again safe: what the server has already taken is not taken, and not counted, twice.
export type Send = (file: File, key: string, on_sent: (bytes: number) => void, signal: AbortSignal) => Promise<Accepted>;

function post(file: File, key: string, on_sent: (bytes: number) => void, signal: AbortSignal): Promise<Accepted> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/parse");
    request.setRequestHeader("Idempotency-Key", key);
    // The form's own bytes are sent, too: a few hundred more than the file has.
    request.upload.onprogress = ({ loaded }) => on_sent(Math.min(loaded, file.size));
    request.onload = () => {
      const retry = request.getResponseHeader("Retry-After");
      const answer = new Response(request.response as string, { status: request.status, headers: retry ? { "Retry-After": retry } : {} });
      void (answer.ok ? (answer.json() as Promise<Accepted>).then(resolve, reject) : error_of(answer).then(reject));
    };
    request.onerror = () =>
      reject(new ApiError(0, "NO_NETWORK", "The connection broke off while the file was sent. Check the connection and the file, and try again."));
    signal.addEventListener("abort", () => request.abort());
    request.onabort = () => reject(new DOMException("The upload was canceled.", "AbortError"));
    const form = new FormData();
    form.set("file", file);
    request.send(form);
  });
}

export const send_file: Send = async (file, key, on_sent, signal) => {
  try {
    return await post(file, key, on_sent, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    // The session's two hours are over: asking who is signed in renews it, or ends it for good.
    await data(api.GET("/v1/auth/me"));
    return await post(file, key, on_sent, signal);
  }
};
