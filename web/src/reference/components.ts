// SPDX-License-Identifier: Apache-2.0
// What we take in place of components of Swagger UI.
import type { ComponentType, ReactNode } from "react";
import type { Wrapper } from "swagger-ui-dist/swagger-ui-es-bundle";

const nothing: Wrapper = () => () => null;

// The operation's own button must not hold a link: its address is kept by the layout.
const plain_path: Wrapper = (_original, { React }) =>
  function Path({ text }: { text: string }) {
    return React.createElement("span", null, text);
  };

// A schema without a title would leave its button without a name.
const named_accordion: Wrapper = (original, { React }) =>
  function Accordion({ children, ...props }: { children: ReactNode }) {
    const name = React.createElement("span", { className: "visually-hidden" }, "schema");
    return React.createElement(original as ComponentType<{ children?: ReactNode }>, props, children, name);
  };

export const components = {
  authorizeBtn: nothing,
  authorizeOperationBtn: nothing,
  ServersContainer: nothing,
  DeepLink: plain_path,
  JSONSchema202012Accordion: named_accordion,
};
