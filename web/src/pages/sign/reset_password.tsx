// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { Link, useLocation } from "wouter";

import { api } from "../../api/client";
import { Button, Form, say, TextField, useSubmission } from "../../design";
import { useSession } from "../../session/session";
import { take_token } from "./link_token";
import { NoToken } from "./no_token";
import { kPasswordHint } from "./password_hint";
import { SignCard } from "./sign_card";

export function ResetPassword() {
  const { ask } = useSession();
  const [, go] = useLocation();
  const [token] = useState(take_token);
  const [password, set_password] = useState("");
  const submission = useSubmission(["password"], async () => {
    await api.POST("/v1/auth/reset-password", { body: { token, password } });
    say("The password is changed. Sign in with it.");
    // Every session has ended with the old password, this browser's, too.
    await ask();
    go("/sign-in");
  });
  return (
    <SignCard title="Choose a password" lead="Every session of the account ends, in all browsers." below={<Link href="/forgot-password">Ask for another link</Link>}>
      {token ? (
        <Form label="Choose a password" submission={submission}>
          <TextField label="New password" type="password" name="password" autoComplete="new-password" required autoFocus value={password} onChange={set_password} errors={submission.errors["password"]} hint={kPasswordHint} />
          <Button kind="primary" type="submit" busy={submission.busy}>
            Save the password
          </Button>
        </Form>
      ) : (
        <NoToken />
      )}
    </SignCard>
  );
}
