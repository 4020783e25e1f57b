// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function Drawings() {
  return <Page title="Drawings">{null}</Page>;
}
