// SPDX-License-Identifier: Apache-2.0
// Every path that the app has a page for. The build hands them to the server, which answers all others with 404.
export const paths = [
  "/",
  "/drawings",
  "/drawings/:id",
  "/drawings/:id/view",
  "/keys",
  "/webhooks",
  "/activity",
  "/account",
  "/sign-in",
  "/sign-in/:provider",
  "/sign-up",
  "/forgot-password",
  "/reset-password",
  "/verify-email",
  "/confirm-email",
  "/welcome",
  "/docs",
  "/docs/:guide",
  "/security",
] as const;

export type Path = (typeof paths)[number];
