// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useRef, useState } from "react";
import { Link, useLocation, useParams } from "wouter";

import { ApiError, api } from "../../api/client";
import { Failure, Loading } from "../../design";
import { useSession } from "../../session/session";
import { provider_name } from "./providers";
import { SignCard } from "./sign_card";

// Where a provider sends the browser back to (`--oauth-callback-url`), with a code or with why there is none.
export function ProviderCallback() {
  const { provider = "" } = useParams<{ provider: string }>();
  const { ask } = useSession();
  const [, go] = useLocation();
  const [query] = useState(() => new URLSearchParams(window.location.search));
  const [error, set_error] = useState<unknown>();
  const sent = useRef(false);

  const finish = useCallback(async () => {
    try {
      const [code, state, iss] = [query.get("code"), query.get("state"), query.get("iss")];
      if (!code || !state) throw new ApiError(400, "SIGN_IN_REFUSED", `${provider_name(provider)} did not sign you in: you, or it, said no.`);
      // Where the sign-in was begun is the server's secret: it answers with a redirection there.
      const { response } = await api.POST("/v1/auth/{provider}/exchange", {
        params: { path: { provider } },
        body: { code, state, cookies: true, ...(iss ? { iss } : {}) },
        parseAs: "text",
      });
      await ask();
      const there = new URL(response.url);
      go(response.redirected ? there.pathname + there.search : "/", { replace: true });
    } catch (thrown) {
      set_error(thrown);
    }
  }, [provider, query, ask, go]);

  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    window.history.replaceState(window.history.state, "", window.location.pathname);
    void finish();
  }, [finish]);

  return (
    <SignCard title={`Sign in with ${provider_name(provider)}`} below={error !== undefined && <Link href="/sign-in">Back to signing in</Link>}>
      {error !== undefined ? <Failure error={error} /> : <Loading label="Signing you in" />}
    </SignCard>
  );
}
