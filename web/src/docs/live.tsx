// SPDX-License-Identifier: Apache-2.0
// Parts of guides that this server tells: where it is, what it reads, what it offers.
import { useQuery } from "@tanstack/react-query";

import { api, data } from "../api/client";
import { Failure, Loading, number, Table } from "../design";
import { CodeBlock } from "./code";
import css from "./live.module.css";

export function Environment() {
  return (
    <CodeBlock tabIndex={0}>
      <code>{`export CADLENS_URL=${window.location.origin}\nexport CADLENS_API_KEY=cadl_…   # your key`}</code>
    </CodeBlock>
  );
}

export function FormatList() {
  const asked = useQuery({ queryKey: ["formats"], queryFn: () => data(api.GET("/v1/formats")), staleTime: Infinity });
  if (asked.isPending) return <Loading label="Asking the server" />;
  if (asked.isError) return <Failure error={asked.error} retry={() => void asked.refetch()} />;
  return (
    <div className={css["box"]}>
      <Table
        label="Formats that this server reads"
        rows={asked.data.formats}
        id={(row) => row.format}
        columns={[
          { name: "Format", lead: true, cell: (row) => <strong>{row.format}</strong> },
          { name: "Extensions", cell: (row) => row.extensions.join(" ") },
          { name: "Releases", cell: (row) => row.versions },
          { name: "Media type", cell: (row) => <code>{row.mimeType}</code> },
        ]}
      />
    </div>
  );
}

// Plans count in powers of two, as the server does when it measures an upload.
const size_of = (most: number) => (most >= 2 ** 30 ? `${most / 2 ** 30} GB` : `${most / 2 ** 20} MB`);

function price_of(price: { amount: number; currency: string; interval: string } | null): string {
  if (price === null) return "—";
  const money = new Intl.NumberFormat("en-US", { style: "currency", currency: price.currency });
  const digits = money.resolvedOptions().maximumFractionDigits ?? 2;
  return `${money.format(price.amount / 10 ** digits)} a ${price.interval}`;
}

export function PlanList() {
  const asked = useQuery({ queryKey: ["pricing"], queryFn: () => data(api.GET("/v1/pricing")), staleTime: Infinity });
  if (asked.isPending) return <Loading label="Asking the server" />;
  if (asked.isError) return <Failure error={asked.error} retry={() => void asked.refetch()} />;
  const plans = asked.data.plans;
  if (plans.length === 0) return <p>None: accounts here have what whoever runs the service gives them.</p>;
  const priced = plans.some((plan) => plan.price !== null);
  return (
    <div className={css["box"]}>
      <Table
        label="Plans"
        rows={plans}
        id={(row) => row.name}
        columns={[
          { name: "Plan", lead: true, cell: (row) => <strong>{row.label}</strong> },
          { name: "Requests a month", number: true, cell: (row) => (row.requestsPerMonth === null ? "Unlimited" : number(row.requestsPerMonth)) },
          { name: "Largest file", number: true, cell: (row) => size_of(row.maxFileBytes) },
          ...(priced ? [{ name: "Price", number: true, cell: (row: (typeof plans)[number]) => price_of(row.price) }] : []),
        ]}
      />
    </div>
  );
}
