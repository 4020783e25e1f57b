// SPDX-License-Identifier: Apache-2.0
// What dockerfile-utils finds in the Dockerfile on standard input, as one JSON array of messages.
const { validate } = require("dockerfile-utils");
const text = require("fs").readFileSync(0, "utf8");
const found = validate(text).map((d) => `line ${d.range.start.line + 1}: ${d.message}`);
process.stdout.write(JSON.stringify(found));
