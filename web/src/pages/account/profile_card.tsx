// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { api, data, type Schemas } from "../../api/client";
import { Button, Card, Checkbox, Choice, Failure, Form, FormActions, Loading, say, TextField, useSubmission } from "../../design";
import { useSession } from "../../session/session";
import css from "./account.module.css";

type Profile = Schemas["Profile"];
type TextName = Exclude<keyof Schemas["ProfileChange"], "marketingOptIn" | "timezone">;

interface Field {
  name: TextName;
  label: string;
  autoComplete?: string;
}
const kPerson: Field[] = [
  { name: "fullName", label: "Full name", autoComplete: "name" },
  { name: "phone", label: "Phone", autoComplete: "tel" },
  { name: "country", label: "Country", autoComplete: "country-name" },
];
const kCompany: Field[] = [
  { name: "companyName", label: "Company name", autoComplete: "organization" },
  { name: "companySize", label: "Company size" },
  { name: "industry", label: "Industry" },
  { name: "vatNumber", label: "VAT number" },
];
const kBilling: Field[] = [
  { name: "billingAddressLine1", label: "Address", autoComplete: "billing address-line1" },
  { name: "billingAddressLine2", label: "Address, second line", autoComplete: "billing address-line2" },
  { name: "billingCity", label: "City", autoComplete: "billing address-level2" },
  { name: "billingState", label: "State or region", autoComplete: "billing address-level1" },
  { name: "billingPostalCode", label: "Postal code", autoComplete: "billing postal-code" },
  { name: "billingCountry", label: "Country", autoComplete: "billing country-name" },
];
const kNames = [...kPerson, ...kCompany, ...kBilling].map(({ name }) => name);
const kNoZone = "none";
const kZones = [{ id: kNoZone, label: "Not set" }, ...Intl.supportedValuesOf("timeZone").map((zone) => ({ id: zone, label: zone }))];

function ProfileForm({ profile }: { profile: Profile }) {
  const queries = useQueryClient();
  const { ask } = useSession();
  const [texts, set_texts] = useState(() => Object.fromEntries(kNames.map((name) => [name, profile[name] ?? ""])) as Record<TextName, string>);
  const [zone, set_zone] = useState(profile.timezone ?? kNoZone);
  const [opt_in, set_opt_in] = useState(profile.marketingOptIn ?? false);
  const submission = useSubmission([...kNames, "timezone"], async () => {
    const body = { ...texts, timezone: zone === kNoZone ? null : zone, marketingOptIn: opt_in };
    queries.setQueryData(["profile"], await data(api.PUT("/v1/me/profile", { body })));
    say("The profile is saved.");
    await ask();
  });
  const zones = kZones.some(({ id }) => id === zone) ? kZones : [...kZones, { id: zone, label: zone }];
  const group = (title: string, fields: Field[], more?: ReactNode) => (
    <fieldset className={css["group"]}>
      <legend>{title}</legend>
      {fields.map(({ name, label, autoComplete }) => (
        <TextField key={name} label={label} value={texts[name]} onChange={(text) => set_texts({ ...texts, [name]: text })} errors={submission.errors[name]} {...(autoComplete ? { autoComplete } : {})} />
      ))}
      {more}
    </fieldset>
  );
  return (
    <Form label="Profile" submission={submission}>
      {group("You", kPerson, <Choice label="Time zone" value={zone} onChange={set_zone} options={zones} errors={submission.errors["timezone"]} />)}
      {group("Company", kCompany)}
      {group("Billing", kBilling)}
      <Checkbox value={opt_in} onChange={set_opt_in}>
        Send me news about the service
      </Checkbox>
      <FormActions>
        <Button kind="primary" type="submit" busy={submission.busy}>
          Save the profile
        </Button>
      </FormActions>
    </Form>
  );
}

export function ProfileCard() {
  const { data: profile, error, refetch } = useQuery({ queryKey: ["profile"], queryFn: () => data(api.GET("/v1/me/profile")), staleTime: Infinity });
  return (
    <Card title="Profile">
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!profile && !error && <Loading />}
      {profile && <ProfileForm profile={profile} />}
    </Card>
  );
}
