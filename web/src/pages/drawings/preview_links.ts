// SPDX-License-Identifier: Apache-2.0
// Previews are had by signed links that are good for an hour, and new in every answer.

const parsed = (link: string) => new URL(link, "http://localhost");

// Ours are on this very server, whatever name it calls itself by; a store's own link stays as it is.
export function on_this_server(link: string): string {
  const { pathname, search } = parsed(link);
  return pathname.startsWith("/v1/previews/") ? pathname + search : link;
}

const kSoon = 60_000;
const last = new Map<string, string>();

const expiry = (link: string) => Number(parsed(link).searchParams.get("expires") ?? 0) * 1000;

// The link by which the picture was had before, as long as it is good: another one would have it sent again.
export function usable(picture: string, fresh: string | null | undefined, now: number): string | undefined {
  const before = last.get(picture);
  if (before && expiry(before) > now + kSoon) return before;
  if (!fresh) return undefined;
  const link = on_this_server(fresh);
  last.set(picture, link);
  return link;
}

// A sheet without a picture has no link, so links are told apart by the number at their end.
export function image_of(images: { imageUrl: string | null; imageUrls: string[] }, sheet: number | undefined): string | null {
  if (sheet === undefined) return images.imageUrl;
  return images.imageUrls.find((link) => /(\d+)(\.png)?$/.exec(parsed(link).pathname)?.[1] === String(sheet)) ?? null;
}
