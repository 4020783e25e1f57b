// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";

import { api, data } from "../../api/client";
import { Button, date_time, Dialog, Failure, FormActions, Loading, Notice, say, Stack } from "../../design";
import { kDeliveries, kWatchMs } from "./calls";
import { DeliveryBadge } from "./delivery_badge";
import { indented } from "./indented";
import css from "./webhooks.module.css";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function DeliveryDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const queries = useQueryClient();
  const params = { path: { id } };
  const { data: delivery, error, refetch } = useQuery({
    queryKey: [...kDeliveries, id],
    queryFn: () => data(api.GET("/v1/me/webhooks/deliveries/{id}", { params })),
    refetchInterval: ({ state }) => (state.data?.state === "pending" ? kWatchMs : false),
  });
  const [busy, set_busy] = useState(false);
  const [failed, set_failed] = useState<unknown>();
  const resend = async () => {
    set_busy(true);
    set_failed(undefined);
    try {
      await api.POST("/v1/me/webhooks/deliveries/{id}/resend", { params });
      say("It is on its way.");
      onClose();
      await queries.invalidateQueries({ queryKey: kDeliveries });
    } catch (thrown) {
      set_failed(thrown);
      set_busy(false);
    }
  };
  return (
    <Dialog title="Delivery" open onClose={onClose} wide>
      <Stack>
        {error && <Failure error={error} retry={() => void refetch()} />}
        {!delivery && !error && <Loading />}
        {delivery && (
          <>
            <dl className={css["facts"]}>
              <Fact name="State">
                <DeliveryBadge state={delivery.state} />
              </Fact>
              <Fact name="Event">
                <code>{delivery.event}</code>
              </Fact>
              <Fact name="To">{delivery.url ?? "a removed endpoint"}</Fact>
              <Fact name="Job">{delivery.jobId ? <Link href={`/drawings/${delivery.jobId}`}>{delivery.jobId}</Link> : "none"}</Fact>
              <Fact name="Event id">
                <code>{delivery.eventId}</code>
              </Fact>
              <Fact name="Tries">{delivery.attempts}</Fact>
              <Fact name="Made">{date_time(delivery.createdAt)}</Fact>
              {delivery.deliveredAt && <Fact name="Delivered">{date_time(delivery.deliveredAt)}</Fact>}
              {delivery.nextTryAt && <Fact name="Next try">{date_time(delivery.nextTryAt)}</Fact>}
              {delivery.lastStatus !== null && <Fact name="Last answer">{delivery.lastStatus}</Fact>}
              {delivery.lastError && <Fact name="Last error">{delivery.lastError}</Fact>}
            </dl>
            {delivery.payload === null ? (
              <Notice>The payload is gone with its job.</Notice>
            ) : (
              <pre className={css["payload"]} tabIndex={0} role="region" aria-label="Payload">
                {indented(delivery.payload)}
              </pre>
            )}
            {failed !== undefined && <Failure error={failed} />}
            <FormActions>
              <Button onPress={onClose}>Close</Button>
              {delivery.payload !== null && (
                <Button kind="primary" busy={busy} onPress={() => void resend()}>
                  {delivery.state === "pending" ? "Send it now" : "Send it again"}
                </Button>
              )}
            </FormActions>
          </>
        )}
      </Stack>
    </Dialog>
  );
}
