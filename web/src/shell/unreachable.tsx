// SPDX-License-Identifier: Apache-2.0
import type { ApiError } from "../api/client";
import { Failure, Page } from "../design";
import { useSession } from "../session/session";
import { PlainFrame } from "./plain_frame";

// It is not known whether somebody is signed in: the server does not answer.
export function Unreachable({ error }: { error: ApiError }) {
  const { ask } = useSession();
  return (
    <PlainFrame>
      <Page title="CADLens cannot be reached">
        <Failure error={error} retry={() => void ask()} />
      </Page>
    </PlainFrame>
  );
}
