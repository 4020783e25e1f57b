// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function View() {
  return <Page title="View">{null}</Page>;
}
