// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import { api, data } from "../../api/client";
import { Badge, Button, Card, ConfirmDialog, Failure, say, Stack, Time } from "../../design";
import { useSession, useUser } from "../../session/session";
import { useOptions } from "../sign/options";
import { provider_name } from "../sign/providers";
import css from "./account.module.css";
import { type Way, ways_in } from "./ways_in";

// The providers that this service offers, and those that are linked; without any there is no such card.
export function ProvidersCard() {
  const { ask } = useSession();
  const user = useUser();
  const options = useOptions();
  const [going, set_going] = useState("");
  const [unlinking, set_unlinking] = useState<string>();
  const [failed, set_failed] = useState<unknown>();
  if (!options) return null;
  const ways = ways_in(options.providers, user);
  if (ways.length === 0) return null;

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
        {ways.map((way) => (
          <div key={way.provider} className={css["provider"]}>
            <div>
              <span className={css["badges"]}>
                <strong>{provider_name(way.provider)}</strong>
                {user.primaryProvider === way.provider && <Badge tone="accent">Signed up with it</Badge>}
              </span>
              <Told way={way} />
            </div>
            {way.identities.length === 0 && (
              <Button small busy={going === way.provider} onPress={() => void link(way.provider)}>
                Link
              </Button>
            )}
            {way.identities.length > 0 && !way.only && (
              <Button small onPress={() => set_unlinking(way.provider)}>
                Unlink …
              </Button>
            )}
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

function Told({ way: { identities, offered, only } }: { way: Way }) {
  const user = useUser();
  return (
    <>
      {identities.length === 0 && <p className={css["fine"]}>Not linked</p>}
      {identities.map(({ email, linkedAt }) => (
        <p key={linkedAt + email} className={css["fine"]}>
          {email ?? "An identity without a verified address"}, linked <Time at={linkedAt} />
        </p>
      ))}
      {!offered && <p className={css["fine"]}>This service offers it no more.</p>}
      {only && <p className={css["fine"]}>It is your only way to sign in: before it can be unlinked, choose {user.email === null ? "an address and a password" : "a password"} above.</p>}
    </>
  );
}
