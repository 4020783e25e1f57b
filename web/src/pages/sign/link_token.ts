// SPDX-License-Identifier: Apache-2.0
// Links of mails, invitations and first runs carry their token behind "#", which no server gets to see.

// "#token=T", "#invite=T", or the token alone.
export function token_in(fragment: string): string {
  const text = fragment.replace(/^#/, "");
  const named = new URLSearchParams(text);
  return named.get("token") ?? named.get("invite") ?? (text.includes("=") ? "" : decoded(text));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // is no token, which the server will say
  }
}

let taken = { path: "", token: "" };

// Another link of the same page, followed where one has been: only what is behind "#" changes, and the page would keep the old one.
function watch() {
  window.addEventListener("hashchange", () => {
    if (window.location.pathname === taken.path && token_in(window.location.hash)) window.location.reload();
  });
}
let watching = false;

// The token of the page's link. It is taken out of the address, so that neither the history nor a bookmark keeps it.
export function take_token(): string {
  const { pathname, search, hash } = window.location;
  if (!watching) watch();
  watching = true;
  if (hash) {
    taken = { path: pathname, token: token_in(hash) };
    window.history.replaceState(window.history.state, "", pathname + search);
  }
  if (taken.path !== pathname) taken = { path: pathname, token: "" };
  return taken.token;
}
