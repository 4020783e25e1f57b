// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function ForgotPassword() {
  return <Page title="ForgotPassword">{null}</Page>;
}
