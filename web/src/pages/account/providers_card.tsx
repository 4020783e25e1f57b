// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import { api, data } from "../../api/client";
import { Badge, Button, Card, ConfirmDialog, Failure, say, Stack } from "../../design";
import { useSession, useUser } from "../../session/session";
import { useOptions } from "../sign/options";
import { provider_name } from "../sign/providers";
import css from "./account.module.css";

// The providers that this service offers; without any there is no such card.
export function ProvidersCard() {
  const { ask } = useSession();
  const user = useUser();
  const options = useOptions();
  const [going, set_going] = useState("");
  const [unlinking, set_unlinking] = useState<string>();
  const [failed, set_failed] = useState<unknown>();
  if (!options || options.providers.length === 0) return null;

  const link = async (provider: string) => {
    set_going(provider);
    set_failed(undefined);
    try {
      const { authorizationUrl } = await data(api.POST("/v1/auth/{provider}/link", { params: { path: { provider } }, body: { returnTo: "/account" } }));
      window.location.assign(authorizationUrl);
    } catch (thrown) {
      set_failed(thrown);
      set_going("");
    }
  };
  const unlink = async (provider: string) => {
    await api.DELETE("/v1/auth/{provider}/link", { params: { path: { provider } } });
    say(`${provider_name(provider)} is unlinked.`);
    await ask();
  };
  return (
    <Card title="Other ways to sign in">
      <Stack gap={3}>
        {options.providers.map((provider) => (
          <div key={provider} className={css["provider"]}>
            <span className={css["badges"]}>
              <strong>{provider_name(provider)}</strong>
              {user.primaryProvider === provider && <Badge tone="accent">Signed up with it</Badge>}
            </span>
            <Stack row gap={2}>
              <Button small busy={going === provider} onPress={() => void link(provider)}>
                Link
              </Button>
              <Button small onPress={() => set_unlinking(provider)}>
                Unlink …
              </Button>
            </Stack>
          </div>
        ))}
        {failed !== undefined && <Failure error={failed} />}
      </Stack>
      {unlinking && (
        <ConfirmDialog title={`Unlink ${provider_name(unlinking)}?`} open onClose={() => set_unlinking(undefined)} label="Unlink it" act={() => unlink(unlinking)}>
          <p>You cannot sign in with {provider_name(unlinking)} any more. The account and all that is in it stay.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
