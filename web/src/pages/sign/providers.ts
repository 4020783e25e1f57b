// SPDX-License-Identifier: Apache-2.0
const kSpelled: Record<string, string> = { google: "Google", github: "GitHub" };

export function provider_name(provider: string): string {
  return kSpelled[provider] ?? provider.charAt(0).toUpperCase() + provider.slice(1);
}

// Where the browser is to be after a detour: the page that asked for a sign-in, but no page of signing in.
export function return_path(pathname: string, search: string): string {
  return /^\/(sign-in|sign-up|forgot-password|reset-password|verify-email|welcome)\b/.test(pathname) ? "/" : pathname + search;
}
