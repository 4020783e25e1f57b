// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function ConfirmEmail() {
  return <Page title="ConfirmEmail">{null}</Page>;
}
