// SPDX-License-Identifier: Apache-2.0
// The web app's files as they are compiled in, and which of its documents answers which path.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cad::web {

struct File {
  std::string_view path;    // "/assets/index-C2xk.js"
  std::string_view type;    // of its content
  std::string_view digest;  // of `plain`, in characters that an ETag may have
  std::string_view plain;
  std::string_view gzip, brotli;        // empty: not worth it
  bool named_by_content = false;        // another content would have another path
  std::string_view trusted_types = {};  // policies that a document's scripts may make
};

// Paths that an HTML file answers: "/drawings/:id", as the app's own table writes them.
struct Document {
  std::string_view pattern;
  const File* file;
};

struct Site {
  std::span<const File> files;          // by path; no HTML among them
  std::span<const Document> documents;  // empty: there is no app
  const File* missing = nullptr;        // the document that says that there is no such page
};

// Null: none has this path.
const File* find_file(const Site& site, std::string_view path);
// The path in segments, decoded; a "/" at its end makes no difference. The most literal pattern
// wins.
const File* find_document(const Site& site, const std::vector<std::string>& segments);

// What this program was built with; empty without CADLENS_WEB.
const Site& built_in();

}  // namespace cad::web
