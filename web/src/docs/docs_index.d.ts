// SPDX-License-Identifier: Apache-2.0
declare module "virtual:docs-index" {
  const sections: import("./search").Section[];
  export default sections;
}
