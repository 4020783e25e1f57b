// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function Welcome() {
  return <Page title="Welcome">{null}</Page>;
}
