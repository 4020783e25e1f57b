// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { Link, useLocation } from "wouter";

import { api, data } from "../../api/client";
import { Button, Form, say, TextField, useSubmission } from "../../design";
import { useSession } from "../../session/session";
import { take_token } from "./link_token";
import { NoToken } from "./no_token";
import { SignCard } from "./sign_card";

export function VerifyEmail() {
  const { ask } = useSession();
  const [, go] = useLocation();
  const [token] = useState(take_token);
  const [password, set_password] = useState("");
  const submission = useSubmission(["password"], async () => {
    const { email } = await data(api.POST("/v1/auth/verify-email", { body: { token, password } }));
    await api.POST("/v1/auth/login", { body: { email, password, cookies: true } });
    await ask();
    say("Welcome. Your account is ready.");
    go("/");
  });
  return (
    <SignCard title="Confirm your address" lead="The password that you signed up with shows that it was you." below={<Link href="/sign-in">Sign in</Link>}>
      {token ? (
        <Form label="Confirm your address" submission={submission}>
          <TextField label="Password" type="password" name="password" autoComplete="current-password" required autoFocus value={password} onChange={set_password} errors={submission.errors["password"]} />
          <Button kind="primary" type="submit" busy={submission.busy}>
            Confirm and sign in
          </Button>
        </Form>
      ) : (
        <NoToken />
      )}
    </SignCard>
  );
}
