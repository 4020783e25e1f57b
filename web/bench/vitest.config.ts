// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

// Measurements are no tests: they are run by hand, and nothing fails for being slow.
export default defineConfig({ test: { include: ["bench/*.ts"], exclude: ["**/*.config.ts"], disableConsoleIntercept: true } });
