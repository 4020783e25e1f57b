// SPDX-License-Identifier: Apache-2.0
// The API reference, a document of its own: its renderer is larger than the whole app.
import "./trusted_html";
import "./reference.css";
import "./narrow.css";

import { createRoot } from "react-dom/client";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle";

import { apply_theme } from "../shell/theme";
import { components } from "./components";
import { ReferenceHeader } from "./header";
import { spread_parameters } from "./spread_parameters";

apply_theme();
createRoot(document.getElementById("top")!).render(<ReferenceHeader />);

SwaggerUI({
  url: "/openapi.json",
  domNode: document.getElementById("reference")!,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  // Its examples are made up from patterns: times like "8454-82-88" explain nothing.
  defaultModelRendering: "model",
  defaultModelExpandDepth: 2,
  // It is read here, not tried: no key is ever typed into this page.
  supportedSubmitMethods: [],
  syntaxHighlight: { activated: false },
  validatorUrl: null,
  responseInterceptor: (answer) => (answer.ok ? { ...answer, text: JSON.stringify(spread_parameters(JSON.parse(answer.text))) } : answer),
  plugins: [{ wrapComponents: components }],
});
