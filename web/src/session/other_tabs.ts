// SPDX-License-Identifier: Apache-2.0
// Who signs out means all tabs: they have one session. Others would notice with their next request, and keep their pages until then.
const kChannel = "cadlens-signed-out";

export function tell_other_tabs() {
  const channel = new BroadcastChannel(kChannel);
  channel.postMessage("");
  channel.close();
}

export function when_signed_out_elsewhere(then: () => void): () => void {
  const channel = new BroadcastChannel(kChannel);
  channel.onmessage = then;
  return () => channel.close();
}
