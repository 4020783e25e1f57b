// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import { error_of, send } from "../../api/client";
import { Button, Failure, Stack } from "../../design";
import css from "./provider_buttons.module.css";
import { provider_name, return_path } from "./providers";

// Goes to the provider. It is asked before, as the browser would show a refusal as it comes.
async function go_to_provider(provider: string, back: string, invite?: string) {
  const query = new URLSearchParams({ returnTo: back, ...(invite ? { invite } : {}) });
  const url = new URL(`/v1/auth/${encodeURIComponent(provider)}?${query}`, window.location.origin);
  const answer = await send(new Request(url, { redirect: "manual" }));
  if (answer.type !== "opaqueredirect") throw await error_of(answer);
  window.location.assign(url);
}

export function ProviderButtons({ providers, invite = "" }: { providers: string[]; invite?: string }) {
  const [going, set_going] = useState("");
  const [error, set_error] = useState<unknown>();
  const go = async (provider: string) => {
    set_going(provider);
    set_error(undefined);
    try {
      await go_to_provider(provider, return_path(window.location.pathname, window.location.search), invite);
    } catch (thrown) {
      set_error(thrown);
      set_going("");
    }
  };
  if (providers.length === 0) return null;
  return (
    <>
      <p className={css["or"]}>or</p>
      <Stack gap={2}>
        {providers.map((provider) => (
          <Button key={provider} busy={going === provider} disabled={going !== "" && going !== provider} onPress={() => void go(provider)}>
            Continue with {provider_name(provider)}
          </Button>
        ))}
        {error !== undefined && <Failure error={error} />}
      </Stack>
    </>
  );
}
