// SPDX-License-Identifier: Apache-2.0
// A browser and its system as people call them. What says neither is shown as it is.
const kBrowsers: [RegExp, string][] = [
  [/\bEdg\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\//, "Firefox"],
  [/Chrom(e|ium)\//, "Chrome"],
  [/\bVersion\/.*Safari\//, "Safari"],
];
const kSystems: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

export function agent_name(agent: string): string {
  const browser = kBrowsers.find(([pattern]) => pattern.test(agent))?.[1];
  const system = kSystems.find(([pattern]) => pattern.test(agent))?.[1];
  if (browser) return system ? `${browser} on ${system}` : browser;
  return agent || "Unknown program";
}
