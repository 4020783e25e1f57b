// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";

import { api, data } from "../../api/client";
import { Button, Card, Form, FormActions, Notice, say, TextField, useSubmission } from "../../design";
import { useUser } from "../../session/session";
import { kPasswordHint } from "../sign/password_hint";
import { kSessions } from "./sessions_card";

const kForgotten = (
  <>
    Forgotten? <Link href="/forgot-password">Have a link sent</Link>
  </>
);

export function PasswordCard() {
  const { hasPassword } = useUser();
  return <Card title="Password">{hasPassword ? <ChangeForm /> : <FirstForm />}</Card>;
}

function ChangeForm() {
  const queries = useQueryClient();
  const [present, set_present] = useState("");
  const [next, set_next] = useState("");
  const submission = useSubmission(["currentPassword", "newPassword", "password"], async () => {
    await api.POST("/v1/auth/change-password", { body: { currentPassword: present, newPassword: next } });
    set_present("");
    set_next("");
    say("The password is changed, and the other sessions are ended.");
    await queries.invalidateQueries({ queryKey: kSessions });
  });
  const { errors } = submission;
  return (
    <Form label="Change the password" submission={submission}>
      <TextField label="Current password" type="password" autoComplete="current-password" required value={present} onChange={set_present} errors={errors["currentPassword"]} hint={kForgotten} />
      <TextField label="New password" type="password" autoComplete="new-password" required value={next} onChange={set_next} errors={errors["newPassword"] ?? errors["password"]} hint={kPasswordHint} />
      <FormActions>
        <Button type="submit" busy={submission.busy} disabled={!present || !next}>
          Change the password
        </Button>
      </FormActions>
    </Form>
  );
}

// Who has signed in with a provider alone: the mailbox proves that a password is theirs to choose, a session does not.
function FirstForm() {
  const { email } = useUser();
  const [sent, set_sent] = useState<string>();
  const submission = useSubmission([], async () => {
    if (email !== null) set_sent((await data(api.POST("/v1/auth/forgot-password", { body: { email } }))).message);
  });
  return (
    <Form label="Choose a password" submission={submission}>
      <p>
        This account has no password. A link to choose one is mailed to <strong>{email}</strong>; choosing it ends all sessions, and you sign in with it.
      </p>
      {sent && <Notice tone="good">{sent}</Notice>}
      <FormActions>
        <Button type="submit" busy={submission.busy}>
          Have a link sent
        </Button>
      </FormActions>
    </Form>
  );
}
