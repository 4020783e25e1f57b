// SPDX-License-Identifier: Apache-2.0
// Swagger UI makes HTML of the Markdown in descriptions and writes it as text. Where the browser takes trusted HTML alone, that
// text goes through this policy: what a description may hold, and nothing else.
/// <reference types="trusted-types" />
import DOMPurify from "dompurify";

const kAllowed = {
  ALLOWED_TAGS: ["a", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"],
  ALLOWED_ATTR: ["href"],
};

window.trustedTypes?.createPolicy("default", { createHTML: (html) => DOMPurify.sanitize(html, kAllowed) });
