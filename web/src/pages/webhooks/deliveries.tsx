// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useState } from "react";

import { type Delivery, type DeliveryState, api, data } from "../../api/client";
import { Button, Card, Choice, type Column, Empty, Failure, IconButton, Inset, Loading, More, relative, Table, Time } from "../../design";
import { kDeliveries, kWatchMs, webhooks_query } from "./calls";
import { DeliveryBadge } from "./delivery_badge";
import { DeliveryDialog } from "./delivery_dialog";
import css from "./webhooks.module.css";

const kPage = 25;
const kStates = [
  { id: "all", label: "All states" },
  { id: "pending", label: "Waiting" },
  { id: "delivered", label: "Delivered" },
  { id: "failed", label: "Given up" },
] as const;

function Outcome({ of: { lastStatus, lastError, state, attempts, nextTryAt } }: { of: Delivery }) {
  const last = lastError ?? (lastStatus !== null ? `Answered ${lastStatus}` : attempts === 0 ? "Not tried yet" : "—");
  return (
    <span className={css["last"]}>
      {last}
      {state === "pending" && attempts > 0 && nextTryAt && <span>Again {Date.parse(nextTryAt) > Date.now() ? relative(nextTryAt) : "shortly"}</span>}
    </span>
  );
}

function useDeliveries(webhook: string, state: string) {
  return useInfiniteQuery({
    queryKey: [...kDeliveries, webhook, state],
    queryFn: ({ pageParam }) =>
      data(
        api.GET("/v1/me/webhooks/deliveries", {
          params: { query: { limit: kPage, ...(pageParam ? { cursor: pageParam } : {}), ...(webhook === "all" ? {} : { webhookId: webhook }), ...(state === "all" ? {} : { state: state as DeliveryState }) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: ({ state: { data: pages } }) => (pages?.pages.some((page) => page.deliveries.some((delivery) => delivery.state === "pending")) ? kWatchMs : false),
  });
}

export function Deliveries() {
  const [webhook, set_webhook] = useState("all");
  const [state, set_state] = useState<(typeof kStates)[number]["id"]>("all");
  const [shown, set_shown] = useState<string>();
  const { data: webhooks = [] } = useQuery(webhooks_query);
  const { data: pages, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDeliveries(webhook, state);
  const deliveries = pages?.pages.flatMap((page) => page.deliveries) ?? [];
  const columns: Column<Delivery>[] = [
    { name: "Event", lead: true, cell: (of) => <code>{of.event}</code> },
    { name: "To", cell: (of) => <span className={css["url"]}>{of.url ?? "a removed endpoint"}</span> },
    { name: "State", cell: (of) => <DeliveryBadge state={of.state} /> },
    { name: "Tries", number: true, cell: (of) => of.attempts },
    { name: "Last", cell: (of) => <Outcome of={of} /> },
    { name: "When", cell: (of) => <Time at={of.createdAt} /> },
    {
      name: "Details",
      actions: true,
      cell: (of) => (
        <Button small onPress={() => set_shown(of.id)}>
          Details
        </Button>
      ),
    },
  ];
  return (
    <Card
      flush
      title="Deliveries"
      actions={
        <>
          <Choice bare label="Endpoint" value={webhook} onChange={set_webhook} options={[{ id: "all", label: "All endpoints" }, ...webhooks.map(({ id, url }) => ({ id, label: url }))]} />
          <Choice bare label="State" value={state} onChange={set_state} options={kStates} />
          <IconButton label="Refresh" onPress={() => void refetch()}>
            <RefreshCw />
          </IconButton>
        </>
      }
    >
      {error && (
        <Inset>
          <Failure error={error} retry={() => void refetch()} />
        </Inset>
      )}
      {!pages && !error && <Loading />}
      {deliveries.length > 0 && <Table label="Deliveries" columns={columns} rows={deliveries} id={(of) => of.id} />}
      {pages && deliveries.length === 0 && !hasNextPage && <Empty title="No deliveries">What is sent to your endpoints is listed here, with its payload, for as long as its job is kept.</Empty>}
      <More key={webhook + state} label="Show older" more={hasNextPage} busy={isFetchingNextPage} onMore={() => void fetchNextPage()} />
      {shown && <DeliveryDialog id={shown} onClose={() => set_shown(undefined)} />}
    </Card>
  );
}
