// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function Webhooks() {
  return <Page title="Webhooks">{null}</Page>;
}
