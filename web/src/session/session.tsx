// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

import { ApiError, type User, api, data, when_session_ends } from "../api/client";

export type State =
  | { kind: "asking" }
  | { kind: "out"; expired: boolean }
  | { kind: "in"; user: User }
  | { kind: "unknown"; error: ApiError };

export interface Session {
  state: State;
  // Asks the server who is signed in: after signing in, and when the account's own data change.
  ask: () => Promise<void>;
  sign_out: () => Promise<void>;
}

const Context = createContext<Session | undefined>(undefined);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, set_state] = useState<State>({ kind: "asking" });
  const queries = useQueryClient();
  // Whose answers are kept: nothing of one account is shown to the next.
  const who = useRef<string>(undefined);

  const ask = useCallback(async () => {
    try {
      const user = await data(api.GET("/v1/auth/me"));
      if (who.current !== undefined && who.current !== user.id) queries.clear();
      who.current = user.id;
      set_state({ kind: "in", user });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      set_state((before) =>
        error.status === 401 || error.status === 403
          ? { kind: "out", expired: before.kind === "in" || (before.kind === "out" && before.expired) }
          : { kind: "unknown", error },
      );
    }
  }, [queries]);

  const sign_out = useCallback(async () => {
    try {
      await api.POST("/v1/auth/logout", { body: {} });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    queries.clear();
    set_state({ kind: "out", expired: false });
  }, [queries]);

  useEffect(() => {
    when_session_ends(() => {
      set_state((before) => {
        if (before.kind !== "in") return before;
        queries.clear();
        return { kind: "out", expired: true };
      });
    });
    void ask();
  }, [ask, queries]);

  const session = useMemo(() => ({ state, ask, sign_out }), [state, ask, sign_out]);
  return <Context.Provider value={session}>{children}</Context.Provider>;
}

export function useSession(): Session {
  const session = useContext(Context);
  if (!session) throw new Error("outside of SessionProvider");
  return session;
}

// Within pages that only who is signed in sees.
export function useUser(): User {
  const { state } = useSession();
  if (state.kind !== "in") throw new Error("nobody is signed in");
  return state.user;
}
