// SPDX-License-Identifier: Apache-2.0
import { DraftingCompass } from "lucide-react";

import { Card, Empty, LinkButton, Stack } from "../../design";

export function FirstSteps() {
  return (
    <Card title="First steps">
      <Empty
        icon={<DraftingCompass />}
        title="Send a drawing to see its data"
        action={
          <Stack row gap={2}>
            <LinkButton kind="primary" href="/drawings">
              Upload a drawing
            </LinkButton>
            <LinkButton href="/docs">Start from a program</LinkButton>
          </Stack>
        }
      >
        Drop a DWG or DXF here in the browser, or send it with an API key: the quickstart takes a few minutes. Your usage appears on this page.
      </Empty>
    </Card>
  );
}
