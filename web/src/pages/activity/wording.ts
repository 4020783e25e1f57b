// SPDX-License-Identifier: Apache-2.0
// What concerns the account itself is told by stable names; people read sentences.
const kEvents: Record<string, string> = {
  "account.created": "The account was made",
  "account.resumed": "The account was let in again",
  "account.suspended": "The account was suspended",
  "email.changed": "The e-mail address was changed",
  "identity.linked": "A sign-in provider was linked",
  "identity.unlinked": "A sign-in provider was unlinked",
  "key.created": "An API key was made",
  "key.revoked": "An API key was revoked",
  "key.rotated": "An API key was rotated",
  "password.changed": "The password was changed",
  "plan.changed": "The plan was changed",
  "session.ended": "A session was ended",
  "session.refresh_reused": "A session was ended: its refresh token was used twice, so somebody else may have had it",
  "signin.failed": "Somebody failed to sign in",
  "signin.ok": "Somebody signed in",
  "user.added": "The account got its user",
};

// Others are shown as they came.
export const worded = (message: string) => kEvents[message] ?? message;
