// SPDX-License-Identifier: Apache-2.0
// All tabs have one session: who signs out, or in as somebody else, does so in each of them. Others would notice with their next
// request at best, and show one account's pages while they act for another.
const kChannel = "cadlens-session";

// Whose session it is now; null: nobody's.
export function tell_other_tabs(account: string | null) {
  const channel = new BroadcastChannel(kChannel);
  channel.postMessage(account);
  channel.close();
}

export function when_told_by_another_tab(then: (account: string | null) => void): () => void {
  const channel = new BroadcastChannel(kChannel);
  channel.onmessage = ({ data }: MessageEvent<string | null>) => then(data);
  return () => channel.close();
}
