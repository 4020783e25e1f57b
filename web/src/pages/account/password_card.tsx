// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";

import { api } from "../../api/client";
import { Button, Card, Form, FormActions, say, TextField, useSubmission } from "../../design";
import { kPasswordHint } from "../sign/password_hint";
import { kSessions } from "./sessions_card";

const kNone = (
  <>
    None yet, or forgotten? <Link href="/forgot-password">Have a link sent</Link>
  </>
);

export function PasswordCard() {
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
    <Card title="Password">
      <Form label="Change the password" submission={submission}>
        <TextField label="Current password" type="password" autoComplete="current-password" required value={present} onChange={set_present} errors={errors["currentPassword"]} hint={kNone} />
        <TextField label="New password" type="password" autoComplete="new-password" required value={next} onChange={set_next} errors={errors["newPassword"] ?? errors["password"]} hint={kPasswordHint} />
        <FormActions>
          <Button type="submit" busy={submission.busy} disabled={!present || !next}>
            Change the password
          </Button>
        </FormActions>
      </Form>
    </Card>
  );
}
