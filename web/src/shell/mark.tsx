// SPDX-License-Identifier: Apache-2.0
export function Mark() {
  return <img src="/icon.svg" alt="" width={26} height={26} />;
}
