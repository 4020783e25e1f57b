// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function Keys() {
  return <Page title="Keys">{null}</Page>;
}
