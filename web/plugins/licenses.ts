// SPDX-License-Identifier: Apache-2.0
// licenses.txt: whose code and fonts the app holds, with the notices that their licenses ask to be passed on.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const allowed = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "OFL-1.1", "Unlicense"];

// "(MPL-2.0 OR Apache-2.0)" leaves the choice, "MIT AND ISC" does not.
export function is_allowed(license: string): boolean {
  const all_of = (part: string) => part.split(" AND ").every((one) => allowed.includes(one.trim()));
  return license.replace(/^\((.*)\)$/, "$1").split(" OR ").some(all_of);
}

interface Locked {
  dev?: boolean;
  optional?: boolean;
}

// What the app is made of: optional packages, like dev's, are tools alone.
export function shipped(packages: Record<string, Locked>): string[] {
  return Object.keys(packages).filter((folder) => folder !== "" && !packages[folder]?.dev && !packages[folder]?.optional);
}

function notice_of(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (!is_allowed(license)) throw new Error(`licenses: ${name} is under ${license}, which is not among ${allowed.join(", ")}`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)(\..*)?$/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version} (${license})`, ...texts].join("\n\n");
}

export function licenses(): Plugin {
  let root = "";
  return {
    name: "licenses",
    apply: "build",
    configResolved: (config) => void (root = config.root),
    generateBundle() {
      const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
      const notices = shipped(packages).map((folder) => notice_of(join(root, folder)));
      this.emitFile({ type: "asset", fileName: "licenses.txt", source: notices.join(`\n\n${"-".repeat(80)}\n\n`) + "\n" });
    },
  };
}
