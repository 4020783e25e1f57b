// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { Link } from "wouter";

import { api, data } from "../../api/client";
import { Button, Form, Notice, TextField, useSubmission } from "../../design";
import { take_token } from "./link_token";
import { useOptions } from "./options";
import { kPasswordHint } from "./password_hint";
import { ProviderButtons } from "./provider_buttons";
import { SignCard } from "./sign_card";

export function SignUp() {
  const options = useOptions();
  const [invite, set_invite] = useState(take_token);
  const [email, set_email] = useState("");
  const [password, set_password] = useState("");
  const [sent, set_sent] = useState<string>();
  const submission = useSubmission(["email", "password", "invite"], async () => {
    const body = { email, password, ...(invite ? { invite: invite.trim() } : {}) };
    set_sent((await data(api.POST("/v1/auth/register", { body }))).message);
  });
  const below = (
    <>
      Already have an account? <Link href="/sign-in">Sign in</Link>
    </>
  );
  if (sent)
    return (
      <SignCard title="One more step" lead={<>The account of {email} begins when its address is confirmed.</>} below={below}>
        <Notice tone="good">{sent}</Notice>
        <p>Remember the password: you are asked for it once more when you open the link.</p>
      </SignCard>
    );
  if (options?.registration === "closed")
    return (
      <SignCard title="Sign up" below={below}>
        <Notice>Accounts of this service are made by whoever runs it. Ask them for one.</Notice>
      </SignCard>
    );
  const invited = options?.registration === "invite" || invite !== "";
  return (
    <SignCard title="Sign up" lead={invited ? "With an invitation, which is good for one account." : "Your account holds your keys, drawings and results."} below={below}>
      <Form label="Sign up" submission={submission}>
        {invited && <TextField label="Invitation" name="invite" required value={invite} onChange={set_invite} errors={submission.errors["invite"]} autoComplete="off" />}
        <TextField label="E-mail" type="email" name="email" autoComplete="username" required value={email} onChange={set_email} errors={submission.errors["email"]} />
        <TextField label="Password" type="password" name="password" autoComplete="new-password" required value={password} onChange={set_password} errors={submission.errors["password"]} hint={kPasswordHint} />
        <Button kind="primary" type="submit" busy={submission.busy}>
          Sign up
        </Button>
      </Form>
      <ProviderButtons providers={options?.providers ?? []} invite={invite} />
    </SignCard>
  );
}
