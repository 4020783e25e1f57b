// SPDX-License-Identifier: Apache-2.0
// Of Swagger UI, what we use.
declare module "swagger-ui-dist/swagger-ui-es-bundle" {
  // Gives the component to take instead. Its React is a copy of its own.
  type Wrapper = (original: unknown, system: { React: typeof import("react") }) => (props: never) => import("react").ReactNode;

  interface Answer {
    ok: boolean;
    text: string;
  }
  interface Options {
    url: string;
    domNode: HTMLElement;
    deepLinking: boolean;
    docExpansion: "list" | "full" | "none";
    defaultModelsExpandDepth: number;
    defaultModelRendering: "example" | "model";
    defaultModelExpandDepth: number;
    supportedSubmitMethods: string[];
    syntaxHighlight: { activated: boolean };
    validatorUrl: null;
    responseInterceptor: (answer: Answer) => Answer;
    plugins: { wrapComponents: Record<string, Wrapper> }[];
  }
  const SwaggerUI: (options: Options) => unknown;
  export default SwaggerUI;
  export type { Wrapper };
}
