// SPDX-License-Identifier: Apache-2.0
import type { User } from "../../api/client";

export type Identity = User["identities"][number];

export interface Way {
  provider: string;
  // Who the user is there; none: it is not linked.
  identities: Identity[];
  offered: boolean;
  // Without it, nobody gets into the account: the server refuses to unlink it, too.
  only: boolean;
}

// What the service offers, and what is linked though it is offered no more.
export function ways_in(offered: readonly string[], user: Pick<User, "hasPassword" | "identities">): Way[] {
  const providers = new Set<string>([...offered, ...user.identities.map(({ provider }) => provider)]);
  return [...providers].map((provider) => {
    const identities = user.identities.filter((identity) => identity.provider === provider);
    return {
      provider,
      identities,
      offered: offered.includes(provider),
      only: identities.length > 0 && !user.hasPassword && identities.length === user.identities.length,
    };
  });
}
