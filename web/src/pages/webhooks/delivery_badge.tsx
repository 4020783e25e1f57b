// SPDX-License-Identifier: Apache-2.0
import type { DeliveryState } from "../../api/client";
import { Badge, type Tone } from "../../design";

const kLooks: Record<DeliveryState, { tone: Tone; text: string }> = {
  pending: { tone: "accent", text: "Waiting" },
  delivered: { tone: "good", text: "Delivered" },
  failed: { tone: "bad", text: "Given up" },
};

export function DeliveryBadge({ state }: { state: DeliveryState }) {
  return <Badge tone={kLooks[state].tone}>{kLooks[state].text}</Badge>;
}
