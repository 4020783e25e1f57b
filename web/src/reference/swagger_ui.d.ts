// SPDX-License-Identifier: Apache-2.0
// Of Swagger UI, what we use.
declare module "swagger-ui-dist/swagger-ui-es-bundle" {
  import type { ComponentType } from "react";

  interface Options {
    url: string;
    domNode: HTMLElement;
    deepLinking: boolean;
    docExpansion: "list" | "full" | "none";
    defaultModelsExpandDepth: number;
    supportedSubmitMethods: string[];
    syntaxHighlight: { activated: boolean };
    validatorUrl: null;
    plugins: { wrapComponents: Record<string, () => ComponentType> }[];
  }
  const SwaggerUI: (options: Options) => unknown;
  export default SwaggerUI;
}
