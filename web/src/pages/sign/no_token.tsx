// SPDX-License-Identifier: Apache-2.0
import { Notice } from "../../design";

// The page was opened without its link, or reloaded: the link's token is read once and kept nowhere.
export function NoToken() {
  return <Notice tone="warn">This page needs the whole link. Open it again from where you have it, as the mail that brought it.</Notice>;
}
