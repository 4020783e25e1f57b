// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function Overview() {
  return <Page title="Overview">{null}</Page>;
}
