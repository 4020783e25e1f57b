// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { api, data, type Schemas } from "../../api/client";
import { Badge, Button, Card, type Column, Failure, Inset, Loading, say, Table, Time } from "../../design";
import css from "./account.module.css";
import { agent_name } from "./agent";

type SessionInfo = Schemas["SessionInfo"];

export const kSessions = ["sessions"];

export function SessionsCard() {
  const queries = useQueryClient();
  const { data: sessions, error, refetch } = useQuery({ queryKey: kSessions, queryFn: async () => (await data(api.GET("/v1/auth/sessions"))).sessions });
  // The session that is being ended, or "others".
  const [ending, set_ending] = useState("");
  const [failed, set_failed] = useState<unknown>();
  const end = async (which: string, act: () => Promise<unknown>) => {
    set_ending(which);
    set_failed(undefined);
    try {
      await act();
    } catch (thrown) {
      set_failed(thrown);
    }
    await queries.invalidateQueries({ queryKey: kSessions });
    set_ending("");
  };
  const end_one = (id: string) => end(id, () => api.DELETE("/v1/auth/sessions/{id}", { params: { path: { id } } }));
  const end_others = () =>
    end("others", async () => {
      const { ended } = await data(api.DELETE("/v1/auth/sessions"));
      say(ended === 1 ? "One other session is ended." : `${ended} other sessions are ended.`);
    });
  const columns: Column<SessionInfo>[] = [
    {
      name: "Where",
      lead: true,
      cell: (session) => (
        <span className={css["badges"]} title={session.userAgent}>
          <strong>{agent_name(session.userAgent)}</strong>
          {session.current && <Badge tone="accent">This one</Badge>}
        </span>
      ),
    },
    { name: "IP address", cell: (session) => <code>{session.address}</code> },
    { name: "Signed in", cell: (session) => <Time at={session.createdAt} /> },
    { name: "Last used", cell: (session) => <Time at={session.lastUsedAt} /> },
    { name: "Ends", cell: (session) => <Time at={session.expiresAt} /> },
    {
      name: "End",
      actions: true,
      cell: (session) =>
        !session.current && (
          <Button small busy={ending === session.id} onPress={() => void end_one(session.id)}>
            End
          </Button>
        ),
    },
  ];
  const others = sessions?.some((session) => !session.current);
  return (
    <Card
      flush
      title="Sessions"
      actions={
        others && (
          <Button small busy={ending === "others"} onPress={() => void end_others()}>
            End all others
          </Button>
        )
      }
    >
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
      {!sessions && !error && <Loading />}
      {sessions && <Table label="Sessions" columns={columns} rows={sessions} id={(session) => session.id} />}
    </Card>
  );
}
