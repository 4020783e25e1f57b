// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";
import { Link } from "wouter";

import { api, data } from "../../api/client";
import { Button, Form, Notice, TextField, useSubmission } from "../../design";
import { SignCard } from "./sign_card";

export function ForgotPassword() {
  const [email, set_email] = useState("");
  const [sent, set_sent] = useState<string>();
  const submission = useSubmission(["email"], async () => {
    set_sent((await data(api.POST("/v1/auth/forgot-password", { body: { email } }))).message);
  });
  return (
    <SignCard title="Forgot your password?" lead="A link to choose a new one is sent to the address of your account." below={<Link href="/sign-in">Back to signing in</Link>}>
      {sent ? (
        <Notice tone="good">{sent}</Notice>
      ) : (
        <Form label="Ask for a link" submission={submission}>
          <TextField label="E-mail" type="email" name="email" autoComplete="username" required value={email} onChange={set_email} errors={submission.errors["email"]} />
          <Button kind="primary" type="submit" busy={submission.busy}>
            Send the link
          </Button>
        </Form>
      )}
    </SignCard>
  );
}
