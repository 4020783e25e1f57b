// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";

import { api, data } from "../../api/client";

// How one can get in. Undefined until it is known: pages then offer what every server has.
export function useOptions() {
  return useQuery({ queryKey: ["auth-options"], queryFn: () => data(api.GET("/v1/auth/options")), staleTime: Infinity }).data;
}
