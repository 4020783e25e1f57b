// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { Link } from "wouter";

import { api } from "../../api/client";
import { Button, Form, Notice, TextField, useSubmission } from "../../design";
import { useSession } from "../../session/session";
import { useOptions } from "./options";
import { ProviderButtons } from "./provider_buttons";
import { SignCard } from "./sign_card";

// Also shown in the place of a page that needs a session: who has signed in is on that page then.
export function SignIn() {
  const { state, ask } = useSession();
  const options = useOptions();
  const [email, set_email] = useState("");
  const [password, set_password] = useState("");
  const submission = useSubmission(["email", "password"], async () => {
    await api.POST("/v1/auth/login", { body: { email, password, cookies: true } });
    await ask();
  });
  const expired = state.kind === "out" && state.expired;
  return (
    <SignCard title="Sign in" below={options?.registration !== "closed" && <>No account yet? <Link href="/sign-up">Sign up</Link></>}>
      {expired && <Notice tone="warn">You were signed out, as your session had ended. Sign in again to go on where you were.</Notice>}
      <Form label="Sign in" submission={submission}>
        <TextField label="E-mail" type="email" name="email" autoComplete="username" required value={email} onChange={set_email} errors={submission.errors["email"]} />
        <TextField label="Password" type="password" name="password" autoComplete="current-password" required value={password} onChange={set_password} errors={submission.errors["password"]} />
        <Button kind="primary" type="submit" busy={submission.busy}>
          Sign in
        </Button>
      </Form>
      <Link href="/forgot-password">Forgot your password?</Link>
      <ProviderButtons providers={options?.providers ?? []} />
    </SignCard>
  );
}
