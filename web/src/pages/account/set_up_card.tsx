// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api } from "../../api/client";
import { Button, Card, Form, FormActions, Notice, say, Stack, TextField, useSubmission } from "../../design";
import { useSession } from "../../session/session";
import { kPasswordHint } from "../sign/password_hint";
import css from "./account.module.css";
import { kSessions } from "./sessions_card";

// Of an owner who came by the link of a first run, which works once.
export function SetUpCard() {
  const queries = useQueryClient();
  const { ask } = useSession();
  const [email, set_email] = useState("");
  const [password, set_password] = useState("");
  const submission = useSubmission(["email", "password"], async () => {
    await api.POST("/v1/auth/set-up", { body: { email, password } });
    say("From now on you sign in with these.");
    await ask();
    await queries.invalidateQueries({ queryKey: kSessions });
  });
  return (
    <Card title="How you sign in">
      <Stack>
        <Notice tone="warn">The link that brought you here works once. Choose an address and a password to sign in with from now on.</Notice>
        <Form label="Choose an address and a password" submission={submission}>
          <div className={css["group"]}>
            <TextField label="E-mail" type="email" autoComplete="username" required value={email} onChange={set_email} errors={submission.errors["email"]} />
            <TextField label="Password" type="password" autoComplete="new-password" required value={password} onChange={set_password} errors={submission.errors["password"]} hint={kPasswordHint} />
          </div>
          <FormActions>
            <Button kind="primary" type="submit" busy={submission.busy} disabled={!email || !password}>
              Save
            </Button>
          </FormActions>
        </Form>
      </Stack>
    </Card>
  );
}
