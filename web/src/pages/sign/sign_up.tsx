// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function SignUp() {
  return <Page title="SignUp">{null}</Page>;
}
