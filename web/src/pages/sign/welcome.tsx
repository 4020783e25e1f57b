// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";

import { api } from "../../api/client";
import { Failure, Loading } from "../../design";
import { useSession } from "../../session/session";
import { take_token } from "./link_token";
import { NoToken } from "./no_token";
import { SignCard } from "./sign_card";

// The link that a first run prints: it signs the owner in, once.
export function Welcome() {
  const { ask } = useSession();
  const [, go] = useLocation();
  const [token] = useState(take_token);
  const [error, set_error] = useState<unknown>();
  const sent = useRef(false);

  const enter = useCallback(async () => {
    set_error(undefined);
    try {
      await api.POST("/v1/auth/one-time", { body: { token, cookies: true } });
      await ask();
      go("/", { replace: true });
    } catch (thrown) {
      set_error(thrown);
    }
  }, [token, ask, go]);

  useEffect(() => {
    if (!token || sent.current) return;
    sent.current = true;
    void enter();
  }, [token, enter]);

  return (
    <SignCard title="Welcome to CADLens" below={error !== undefined && <Link href="/sign-in">Sign in another way</Link>}>
      {!token ? <NoToken /> : error !== undefined ? <Failure error={error} retry={() => void enter()} /> : <Loading label="Signing you in" />}
    </SignCard>
  );
}
