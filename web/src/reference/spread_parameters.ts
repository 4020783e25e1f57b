// SPDX-License-Identifier: Apache-2.0
// Swagger UI resolves references within an operation, but not those of the path that it belongs to.
interface PathItem {
  parameters?: unknown[];
  [method: string]: unknown;
}

const kMethods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

// Gives each operation its path's parameters: the same document, said otherwise.
export function spread_parameters<Document extends { paths: Record<string, PathItem> }>(document: Document): Document {
  const paths = Object.entries(document.paths).map(([path, { parameters = [], ...item }]) => {
    for (const method of kMethods) {
      const operation = item[method] as PathItem | undefined;
      if (operation && parameters.length > 0) item[method] = { ...operation, parameters: [...parameters, ...(operation.parameters ?? [])] };
    }
    return [path, item];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}
