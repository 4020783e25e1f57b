// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function Drawing() {
  return <Page title="Drawing">{null}</Page>;
}
