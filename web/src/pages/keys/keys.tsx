// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";

import type { ApiKey } from "../../api/client";
import { Button, Card, Empty, Failure, Loading, Page, SwitchField } from "../../design";
import { keys_query } from "./calls";
import { CreateKey } from "./create_key";
import { KeyTable } from "./key_table";
import { overlaps, state_of, works } from "./key_state";
import { RevokeKey } from "./revoke_key";
import { RotateKey } from "./rotate_key";
import { Rotations } from "./rotations";

type Doing = { what: "create" } | { what: "rotate" | "revoke"; key: ApiKey };

export function Keys() {
  const { data: keys, error, refetch } = useQuery(keys_query);
  const [doing, set_doing] = useState<Doing>();
  const [all, set_all] = useState(false);
  const now = Date.now();
  const create = (
    <Button kind="primary" onPress={() => set_doing({ what: "create" })}>
      <Plus aria-hidden="true" />
      Create a key
    </Button>
  );
  const working = keys?.filter((key) => works(state_of(key, now))) ?? [];
  const ended = (keys?.length ?? 0) - working.length;
  const shown = all ? (keys ?? []) : working;
  const close = () => set_doing(undefined);
  return (
    <Page title="API keys" lead="Programs sign in with keys. Give each its own, with what it needs and no more." actions={create}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!keys && !error && <Loading />}
      {keys && (
        <>
          <Rotations pairs={overlaps(keys, now)} now={now} onRevoke={(key) => set_doing({ what: "revoke", key })} />
          <Card
            flush
            title="Keys"
            actions={
              ended > 0 && (
                <SwitchField value={all} onChange={set_all}>
                  Show {ended} expired or revoked
                </SwitchField>
              )
            }
          >
            {shown.length > 0 ? (
              <KeyTable keys={shown} now={now} acts={{ rotate: (key) => set_doing({ what: "rotate", key }), revoke: (key) => set_doing({ what: "revoke", key }) }} />
            ) : (
              <Empty icon={<KeyRound />} title="No active keys" action={create}>
                Create one to send drawings from a program. These pages need none.
              </Empty>
            )}
          </Card>
        </>
      )}
      {doing?.what === "create" && <CreateKey onClose={close} />}
      {doing?.what === "rotate" && <RotateKey of={doing.key} onClose={close} />}
      {doing?.what === "revoke" && <RevokeKey of={doing.key} onClose={close} />}
    </Page>
  );
}
