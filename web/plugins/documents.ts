// SPDX-License-Identifier: Apache-2.0
// documents.json: which HTML file answers which path. The server is built with it.
import type { Plugin } from "vite";

// `paths` of the app are index.html's; each other document has a path of its own.
export function documents(paths: readonly string[], others: Record<string, string> = {}): Plugin {
  return {
    name: "documents",
    apply: "build",
    generateBundle() {
      const table = { ...Object.fromEntries(paths.map((path) => [path, "index.html"])), ...others };
      this.emitFile({ type: "asset", fileName: "documents.json", source: JSON.stringify(table, undefined, 1) });
    },
  };
}
