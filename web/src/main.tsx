// SPDX-License-Identifier: Apache-2.0
import "./design/base.css";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ApiError } from "./api/client";
import { App } from "./app";
import { Toasts } from "./design";
import { SessionProvider } from "./session/session";
import { apply_theme } from "./shell/theme";

apply_theme();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Whether there is a network is seen by asking: a page that waits for one would load forever.
      networkMode: "always",
      staleTime: 10_000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
    mutations: { networkMode: "always" },
  },
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <App />
        <Toasts />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
