// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function VerifyEmail() {
  return <Page title="VerifyEmail">{null}</Page>;
}
