// SPDX-License-Identifier: Apache-2.0
import { Page } from "../../design";
import { useUser } from "../../session/session";
import css from "./account.module.css";
import { DeleteCard } from "./delete_card";
import { EmailCard } from "./email_card";
import { PasswordCard } from "./password_card";
import { ProfileCard } from "./profile_card";
import { ProvidersCard } from "./providers_card";
import { SessionsCard } from "./sessions_card";
import { SetUpCard } from "./set_up_card";

export function Account() {
  const user = useUser();
  return (
    <Page title="Account" lead={user.email ?? "No address yet"}>
      {user.email === null && <SetUpCard />}
      <ProfileCard />
      {user.email !== null && (
        <div className={css["halves"]}>
          <EmailCard />
          <PasswordCard />
        </div>
      )}
      <ProvidersCard />
      <SessionsCard />
      <DeleteCard />
    </Page>
  );
}
