// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, data } from "../../api/client";
import { Button, Checkbox, Choice, Dialog, Form, FormActions, Stack, TextArea, TextField, useSubmission } from "../../design";
import { refresh_keys } from "./calls";
import css from "./keys.module.css";
import { kScopes, kUsualScopes, type Scope } from "./scopes";
import { NewKey } from "./new_key";

const kLives = [
  { id: "never", label: "Never" },
  { id: "30", label: "In 30 days" },
  { id: "90", label: "In 90 days" },
  { id: "365", label: "In a year" },
  { id: "date", label: "On a date …" },
] as const;
type Life = (typeof kLives)[number]["id"];

// A day ends with it, in UTC as all of the API's days.
function end_of_life(life: Life, day: string): string | null {
  if (life === "never") return null;
  if (life === "date") return day ? `${day}T23:59:59.000Z` : null;
  return new Date(Date.now() + Number(life) * 86_400_000).toISOString();
}

function CreateForm({ onMade, onClose }: { onMade: (key: string) => void; onClose: () => void }) {
  const queries = useQueryClient();
  const [name, set_name] = useState("");
  const [label, set_label] = useState("");
  const [scopes, set_scopes] = useState<Scope[]>(kUsualScopes);
  const [life, set_life] = useState<Life>("never");
  const [last_day, set_last_day] = useState("");
  const [networks, set_networks] = useState("");
  const submission = useSubmission(["name", "label", "allowedNetworks", "expiresAt"], async () => {
    const made = await data(
      api.POST("/v1/keys", {
        body: { name, label, scopes, expiresAt: end_of_life(life, last_day), allowedNetworks: networks.split(/[\s,]+/).filter(Boolean) },
      }),
    );
    onMade(made.key);
    await refresh_keys(queries);
  });
  const { errors } = submission;
  const unready = name.trim() === "" || scopes.length === 0 || (life === "date" && !last_day);
  return (
    <Form label="Create a key" submission={submission}>
      <TextField label="Name" required autoFocus maxLength={200} value={name} onChange={set_name} errors={errors["name"]} hint="What will use the key." />
      <TextField label="Project or environment" maxLength={200} value={label} onChange={set_label} errors={errors["label"]} placeholder="production" />
      <fieldset className={css["scopes"]}>
        <legend>What it may do</legend>
        {kScopes.map(([scope, meaning]) => (
          <Checkbox key={scope} value={scopes.includes(scope)} onChange={(on) => set_scopes(on ? [...scopes, scope] : scopes.filter((other) => other !== scope))}>
            {meaning} <code>{scope}</code>
          </Checkbox>
        ))}
      </fieldset>
      <div className={css["pair"]}>
        <Choice label="Expires" value={life} onChange={set_life} options={kLives} errors={errors["expiresAt"]} />
        {life === "date" && <TextField label="Last day (UTC)" type="date" required min={new Date().toISOString().slice(0, 10)} value={last_day} onChange={set_last_day} />}
      </div>
      <TextArea label="Allowed networks" rows={2} value={networks} onChange={set_networks} errors={errors["allowedNetworks"]} hint="Addresses and networks, as 192.0.2.7 or 2001:db8::/48. Empty: from everywhere." />
      <FormActions>
        <Button onPress={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" busy={submission.busy} disabled={unready}>
          Create the key
        </Button>
      </FormActions>
    </Form>
  );
}

export function CreateKey({ onClose }: { onClose: () => void }) {
  const [secret, set_secret] = useState<string>();
  return (
    <Dialog title={secret ? "Your new key" : "Create a key"} open onClose={onClose} keep={secret !== undefined}>
      <Stack>{secret ? <NewKey secret={secret} onDone={onClose} /> : <CreateForm onMade={set_secret} onClose={onClose} />}</Stack>
    </Dialog>
  );
}
