// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, Webhook as WebhookIcon } from "lucide-react";
import { type ReactNode, useState } from "react";

import { api } from "../../api/client";
import { Badge, Card, type Column, ConfirmDialog, date_time, Empty, Failure, Inset, Loading, Menu, say, Table, Time } from "../../design";
import { change, kDeliveries, type Webhook, webhooks_query } from "./calls";
import { ChangeUrl } from "./endpoint_form";
import { RotateSecret } from "./rotate_secret";
import css from "./webhooks.module.css";

interface Doing {
  what: "url" | "secret" | "delete";
  of: Webhook;
}

function State({ of }: { of: Webhook }) {
  return (
    <span className={css["badges"]}>
      {of.isActive ? <Badge tone="good">Active</Badge> : <Badge tone="warn">Inactive</Badge>}
      {of.isDefault && <Badge tone="accent">Default</Badge>}
      {!of.isActive && of.disabledReason && <span className={css["reason"]} title={of.disabledAt ? date_time(of.disabledAt) : ""}>{of.disabledReason}</span>}
    </span>
  );
}

export function Endpoints({ add }: { add: ReactNode }) {
  const queries = useQueryClient();
  const { data: webhooks, error, refetch } = useQuery(webhooks_query);
  const [doing, set_doing] = useState<Doing>();
  const [failed, set_failed] = useState<unknown>();
  const close = () => set_doing(undefined);

  const run = async (act: () => Promise<unknown>, done: string) => {
    set_failed(undefined);
    try {
      await act();
      say(done);
    } catch (thrown) {
      set_failed(thrown);
    }
    await queries.invalidateQueries({ queryKey: webhooks_query.queryKey });
  };
  const test = (of: Webhook) =>
    run(async () => {
      await api.POST("/v1/me/webhooks/{id}/test", { params: { path: { id: of.id } } });
      await queries.invalidateQueries({ queryKey: kDeliveries });
    }, "A test event is on its way. Its delivery is in the log below.");

  const actions = (of: Webhook) => [
    { id: "test", label: "Send a test event", act: () => void test(of) },
    { id: "default", label: of.isDefault ? "Remove as default" : "Make default", act: () => void run(() => change(of.id, { setAsDefault: !of.isDefault }), of.isDefault ? "It is the default no longer." : "It is the default now.") },
    { id: "active", label: of.isActive ? "Deactivate" : "Activate", act: () => void run(() => change(of.id, { isActive: !of.isActive }), of.isActive ? "The endpoint is inactive." : "The endpoint is active.") },
    { id: "url", label: "Change the URL …", act: () => set_doing({ what: "url", of }) },
    { id: "secret", label: "Rotate the secret …", act: () => set_doing({ what: "secret", of }) },
    { id: "delete", label: "Delete …", danger: true, act: () => set_doing({ what: "delete", of }) },
  ];
  const columns: Column<Webhook>[] = [
    { name: "URL", lead: true, cell: (of) => <span className={css["url"]}>{of.url}</span> },
    { name: "State", cell: (of) => <State of={of} /> },
    { name: "Added", cell: (of) => <Time at={of.createdAt} /> },
    { name: "Actions", actions: true, cell: (of) => <Menu label={`Actions of ${of.url}`} trigger={<Ellipsis />} actions={actions(of)} /> },
  ];
  return (
    <Card flush title="Endpoints">
      {error && (
        <Inset>
          <Failure error={error} retry={() => void refetch()} />
        </Inset>
      )}
      {failed !== undefined && (
        <Inset>
          <Failure error={failed} />
        </Inset>
      )}
      {!webhooks && !error && <Loading />}
      {webhooks && webhooks.length > 0 && <Table label="Endpoints" columns={columns} rows={webhooks} id={(of) => of.id} />}
      {webhooks?.length === 0 && (
        <Empty icon={<WebhookIcon />} title="No endpoints yet" action={add}>
          An endpoint gets a signed request when a job starts and when it ends, so that your programs need not ask.
        </Empty>
      )}
      {doing?.what === "url" && <ChangeUrl of={doing.of} onClose={close} />}
      {doing?.what === "secret" && <RotateSecret of={doing.of} onClose={close} />}
      {doing?.what === "delete" && (
        <ConfirmDialog
          title="Delete the endpoint?"
          open
          onClose={close}
          label="Delete the endpoint"
          act={() => api.DELETE("/v1/me/webhooks/{id}", { params: { path: { id: doing.of.id } } }).then(() => queries.invalidateQueries({ queryKey: webhooks_query.queryKey }))}
        >
          <p className={css["url"]}>{doing.of.url}</p>
          <p>Nothing is sent to it any more, and its secret is deleted.</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
