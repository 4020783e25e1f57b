// SPDX-License-Identifier: Apache-2.0
// Turns the built app into what the compiler takes: files.bin (every content, as it is and
// compressed), files.s (which includes it) and files.cpp (the tables of site.hpp).
//   node pack.mjs DIST OUT
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [dist, out] = process.argv.slice(2);
const documents_json = "documents.json";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

function type_of(path) {
  const type = types[extname(path)];
  if (!type) throw new Error(`pack: ${path}: no content type is known for "${extname(path)}"`);
  return type;
}

const parts = [];
let size = 0;
function add(bytes) {
  parts.push(bytes);
  size += bytes.length;
  return `at(${size - bytes.length}, ${bytes.length})`;
}

// Formats that are compressed already would only be decompressed by the browser once more.
const if_worth_it = (compressed, plain) => add(compressed.length < 0.95 * plain.length ? compressed : Buffer.alloc(0));

function row(path, trusted_types = []) {
  if (!/^[\w./-]+$/.test(path)) throw new Error(`pack: ${path}: a name that would have to be escaped in a URL`);
  const plain = readFileSync(join(dist, path));
  const brotli = brotliCompressSync(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
  const fields = [
    JSON.stringify("/" + path),
    JSON.stringify(type_of(path)),
    JSON.stringify(createHash("sha256").update(plain).digest("base64url").slice(0, 22)),
    add(plain),
    if_worth_it(gzipSync(plain, { level: 9 }), plain),
    if_worth_it(brotli, plain),
    // Vite gives those the hash of their content as part of their name.
    path.startsWith("assets/"),
    JSON.stringify(trusted_types.join(" ")),
  ];
  return `    File{${fields.join(", ")}},\n`;
}

const array = (type, name, rows) => `constexpr std::array<${type}, ${rows.length}> ${name}{{\n${rows.join("")}}};\n`;

const found = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(join(dist, "/").length))
  .filter((path) => path !== documents_json)
  .sort();
const documents = JSON.parse(readFileSync(join(dist, documents_json), "utf8"));
const pages = Object.keys(documents);
const page = (name) => `&kPages[${pages.indexOf(name)}]`;

const page_rows = pages.map((name) => row(name, documents[name].trusted_types));
const file_rows = found.filter((path) => !pages.includes(path)).map((path) => row(path));
const document_rows = pages.flatMap((name) => documents[name].paths.map((path) => `    Document{${JSON.stringify(path)}, ${page(name)}},\n`));

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "files.bin"), Buffer.concat(parts));
writeFileSync(
  join(out, "files.s"),
  `    .section .rodata
    .balign 16
    .globl cadlens_web_files
cadlens_web_files:
    .incbin "files.bin"
    .section .note.GNU-stack,"",%progbits
`,
);
writeFileSync(
  join(out, "files.cpp"),
  `#include <array>

#include "web/site.hpp"

extern "C" const char cadlens_web_files[${size}];

namespace cad::web {
namespace {

constexpr std::string_view at(std::size_t from, std::size_t size) { return {cadlens_web_files + from, size}; }

${array("File", "kPages", page_rows)}
${array("File", "kFiles", file_rows)}
${array("Document", "kDocuments", document_rows)}
constexpr Site kSite{kFiles, kDocuments, ${page("index.html")}};

}  // namespace

const Site& built_in() { return kSite; }

}  // namespace cad::web
`,
);
console.log(`${found.length} files, ${size} bytes`);
