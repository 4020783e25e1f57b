// SPDX-License-Identifier: Apache-2.0
import { Plus } from "lucide-react";
import { useState } from "react";

import { Button, Page } from "../../design";
import { AccountSecret } from "./account_secret";
import { Deliveries } from "./deliveries";
import { AddEndpoint } from "./endpoint_form";
import { Endpoints } from "./endpoints";

export function Webhooks() {
  const [adding, set_adding] = useState(false);
  const add = (
    <Button kind="primary" onPress={() => set_adding(true)}>
      <Plus aria-hidden="true" />
      Add an endpoint
    </Button>
  );
  return (
    <Page title="Webhooks" lead="Signed requests to your programs when a job starts and when it ends." actions={add}>
      <Endpoints add={add} />
      <Deliveries />
      <AccountSecret />
      {adding && <AddEndpoint onClose={() => set_adding(false)} />}
    </Page>
  );
}
