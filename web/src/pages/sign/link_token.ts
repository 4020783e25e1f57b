// SPDX-License-Identifier: Apache-2.0
// Links of mails, invitations and first runs carry their token behind "#", which no server gets to see.

// "#token=T", "#invite=T", or the token alone.
export function token_in(fragment: string): string {
  const text = fragment.replace(/^#/, "");
  const named = new URLSearchParams(text);
  return named.get("token") ?? named.get("invite") ?? (text.includes("=") ? "" : decodeURIComponent(text));
}

let taken = { path: "", token: "" };

// The token of the page's link. It is taken out of the address, so that neither the history nor a bookmark keeps it.
export function take_token(): string {
  const { pathname, search, hash } = window.location;
  if (hash) {
    taken = { path: pathname, token: token_in(hash) };
    window.history.replaceState(window.history.state, "", pathname + search);
  }
  return taken.path === pathname ? taken.token : "";
}
