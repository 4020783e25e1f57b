// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function Activity() {
  return <Page title="Activity">{null}</Page>;
}
