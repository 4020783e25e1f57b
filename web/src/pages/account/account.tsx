// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function Account() {
  return <Page title="Account">{null}</Page>;
}
