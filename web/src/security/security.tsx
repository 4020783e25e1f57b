// SPDX-License-Identifier: Apache-2.0
import { Page } from "../design";

export function Security() {
  return <Page title="Security">{null}</Page>;
}
