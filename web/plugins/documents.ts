// SPDX-License-Identifier: Apache-2.0
// documents.json, which the server is built with: the paths that each HTML file answers, and the Trusted Types policies that its
// scripts may make.
import type { Plugin } from "vite";

export interface Document {
  paths: readonly string[];
  trusted_types: readonly string[];
}

export function documents(table: Record<string, Document>): Plugin {
  return {
    name: "documents",
    apply: "build",
    config: () => ({ build: { rollupOptions: { input: Object.keys(table) } } }),
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "documents.json", source: JSON.stringify(table, undefined, 1) });
    },
  };
}
