// SPDX-License-Identifier: Apache-2.0
import { Page } from "../design";

export function Docs() {
  return <Page title="Docs">{null}</Page>;
}
