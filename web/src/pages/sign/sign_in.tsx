// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";

export function SignIn() {
  return <Page title="SignIn">{null}</Page>;
}
