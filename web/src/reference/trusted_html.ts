// SPDX-License-Identifier: Apache-2.0
// Swagger UI makes HTML of the Markdown in descriptions and writes it as text. Where the browser takes trusted HTML alone, that
// text goes through this policy: what a description may hold, and nothing else.
/// <reference types="trusted-types" />
import DOMPurify from "dompurify";

const kAllowed = {
  ALLOWED_TAGS: ["a", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"],
  ALLOWED_ATTR: ["href"],
};

// Swagger UI's own copy of DOMPurify has the policy that is named after it.
const own = window.trustedTypes?.createPolicy("cadlens-reference", { createHTML: (html) => html, createScript: () => "", createScriptURL: () => "" });
window.trustedTypes?.createPolicy("default", { createHTML: (html) => DOMPurify.sanitize(html, { ...kAllowed, ...(own && { TRUSTED_TYPES_POLICY: own }), RETURN_TRUSTED_TYPE: false }) });
