// SPDX-License-Identifier: Apache-2.0
import mdx from "@mdx-js/rollup";
import rehypeShiki from "@shikijs/rehype";
import react from "@vitejs/plugin-react";
import rehypeSlug from "rehype-slug";
import remarkGfm from "remark-gfm";
import { createCssVariablesTheme } from "shiki";
import { defineConfig } from "vite";

import { documents } from "./plugins/documents";
import { licenses } from "./plugins/licenses";
import { cell_names } from "./src/docs/build/cell_names";
import { docs_index } from "./src/docs/build/search_index";
import { paths } from "./src/paths";

const languages = ["bash", "go", "http", "javascript", "json", "php", "python"] as const;
const server = process.env.CADLENS_SERVER ?? "http://127.0.0.1:3001";

export default defineConfig({
  plugins: [
    {
      enforce: "pre",
      ...mdx({
        remarkPlugins: [remarkGfm],
        rehypePlugins: [rehypeSlug, cell_names, [rehypeShiki, { theme: createCssVariablesTheme(), addLanguageClass: true, langs: languages }]],
      }),
    },
    docs_index(),
    react({ include: /\.(tsx|mdx)$/ }),
    documents({
      "index.html": { paths, trusted_types: ["cadlens-viewer"] },
      "reference.html": { paths: ["/docs/reference"], trusted_types: ["default", "dompurify", "cadlens-reference"] },
    }),
    licenses(),
  ],
  build: {
    target: "es2022",
    // A data: URL would have to be allowed by the policy of content.
    assetsInlineLimit: 0,
    sourcemap: false,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { proxy: { "/v1": server, "/openapi.json": server, "/health": server, "/.well-known": server } },
});
