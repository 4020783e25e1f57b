// SPDX-License-Identifier: Apache-2.0
import { Page } from "../design";

export function NotFound() {
  return <Page title="NotFound">{null}</Page>;
}
