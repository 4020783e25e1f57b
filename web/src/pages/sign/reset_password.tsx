// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function ResetPassword() {
  return <Page title="ResetPassword">{null}</Page>;
}
