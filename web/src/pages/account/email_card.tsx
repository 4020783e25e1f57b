// SPDX-License-Identifier: Apache-2.0
import { useState } from "react";

import { api, data } from "../../api/client";
import { Button, Card, Form, FormActions, Notice, Stack, TextField, useSubmission } from "../../design";
import { useUser } from "../../session/session";

export function EmailCard() {
  const user = useUser();
  return (
    <Card title="E-mail address">
      <Stack>
        <p>
          Your account's address is <strong>{user.email}</strong>. A new one takes effect when you open the link that is mailed to it.
        </p>
        {user.hasPassword ? <ChangeForm /> : <p>Changing it takes a password, and this account has none yet.</p>}
      </Stack>
    </Card>
  );
}

function ChangeForm() {
  const [email, set_email] = useState("");
  const [password, set_password] = useState("");
  const [sent, set_sent] = useState<string>();
  const submission = useSubmission(["email", "password"], async () => {
    set_sent((await data(api.POST("/v1/auth/change-email", { body: { email, password } }))).message);
    set_password("");
  });
  return (
    <Form label="Change the e-mail address" submission={submission}>
      <TextField label="New address" type="email" autoComplete="email" required value={email} onChange={set_email} errors={submission.errors["email"]} />
      <TextField label="Your password" type="password" autoComplete="current-password" required value={password} onChange={set_password} errors={submission.errors["password"]} />
      {sent && <Notice tone="good">{sent}</Notice>}
      <FormActions>
        <Button type="submit" busy={submission.busy} disabled={!email || !password}>
          Change the address
        </Button>
      </FormActions>
    </Form>
  );
}
