// SPDX-License-Identifier: Apache-2.0
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

import { ApiError, type User, api, data, when_session_ends } from "../api/client";
import { tell_other_tabs, when_told_by_another_tab } from "./other_tabs";

// `left`: whose pages wait as they were, for the same person to sign in again.
export type State =
  | { kind: "asking" }
  | { kind: "out"; expired: boolean; left?: User | undefined }
  | { kind: "in"; user: User }
  | { kind: "unknown"; error: ApiError; left?: User | undefined };

// Who is signed in, or was when the session ended or the server went away.
export function who_was_in(state: State): User | undefined {
  if (state.kind === "asking") return undefined;
  return state.kind === "in" ? state.user : state.left;
}

// Nobody is there any more who would go on.
const kLongestLeft = 60 * 60_000;

// A page that came back without its answers would begin anew.
function keep_answers(queries: QueryClient) {
  for (const query of queries.getQueryCache().getAll()) query.setOptions({ ...query.options, gcTime: kLongestLeft });
}

const kOut: State = { kind: "out", expired: false };

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
      if (who.current !== user.id) tell_other_tabs(user.id);
      who.current = user.id;
      set_state({ kind: "in", user });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      keep_answers(queries);
      set_state((before) => {
        const left = who_was_in(before);
        if (error.status !== 401 && error.status !== 403) return { kind: "unknown", error, left };
        return { kind: "out", expired: before.kind === "in" || (before.kind === "out" && before.expired), left };
      });
    }
  }, [queries]);

  const drop = useCallback(() => {
    who.current = undefined;
    queries.clear();
    set_state(kOut);
  }, [queries]);

  const sign_out = useCallback(async () => {
    try {
      await api.POST("/v1/auth/logout", { body: {} });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    drop();
    tell_other_tabs(null);
  }, [drop]);

  useEffect(() => {
    when_session_ends(() => {
      keep_answers(queries);
      set_state((before) => (before.kind === "in" ? { kind: "out", expired: true, left: before.user } : before));
    });
    void ask();
  }, [ask, queries]);

  useEffect(
    () =>
      when_told_by_another_tab((account) => {
        if (account === who.current) return;
        drop();
        if (account !== null) void ask();
      }),
    [ask, drop],
  );

  const waiting = state.kind !== "in" && who_was_in(state) !== undefined;
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => {
      queries.clear();
      set_state((before) => (before.kind === "in" || before.kind === "asking" ? before : { ...before, left: undefined }));
    }, kLongestLeft);
    return () => clearTimeout(timer);
  }, [waiting, queries]);

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
  const user = who_was_in(useSession().state);
  if (!user) throw new Error("nobody is signed in");
  return user;
}
