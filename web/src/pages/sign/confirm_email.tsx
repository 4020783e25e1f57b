// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { useLocation } from "wouter";

import { api } from "../../api/client";
import { Button, Form, say, useSubmission } from "../../design";
import { useSession } from "../../session/session";
import { take_token } from "./link_token";
import { NoToken } from "./no_token";
import { SignCard } from "./sign_card";

// By a button: what opens links in mails ahead of their reader must not confirm them.
export function ConfirmEmail() {
  const { ask } = useSession();
  const [, go] = useLocation();
  const [token] = useState(take_token);
  const submission = useSubmission([], async () => {
    await api.POST("/v1/auth/confirm-email", { body: { token } });
    say("The address is confirmed.");
    await ask();
    go("/account");
  });
  return (
    <SignCard title="Confirm your new address" lead="It becomes the address of your account, and the old one is told.">
      {token ? (
        <Form label="Confirm your new address" submission={submission}>
          <Button kind="primary" type="submit" busy={submission.busy}>
            Confirm the address
          </Button>
        </Form>
      ) : (
        <NoToken />
      )}
    </SignCard>
  );
}
