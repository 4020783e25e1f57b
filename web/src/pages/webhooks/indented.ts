// SPDX-License-Identifier: Apache-2.0
// JSON text for people. What is none is shown as it is.
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
