// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";

import { ApiError, api } from "../api/client";
import { Failure, Loading } from "../design";
import css from "./security.module.css";

// The "Contact:" lines of security.txt (RFC 9116); none where the operator has named nobody.
async function read_contacts(): Promise<string[]> {
  try {
    const { data: text } = await api.GET("/.well-known/security.txt", { parseAs: "text" });
    return [...text!.matchAll(/^Contact: (.+)$/gm)].map((line) => line[1]!);
  } catch (error) {
    if (error instanceof ApiError && error.code === "NOT_CONFIGURED") return [];
    throw error;
  }
}

export function Contacts() {
  const asked = useQuery({ queryKey: ["security.txt"], queryFn: read_contacts, staleTime: Infinity });
  if (asked.isPending) return <Loading label="Asking the server" />;
  if (asked.isError) return <Failure error={asked.error} retry={() => void asked.refetch()} />;
  if (asked.data.length === 0)
    return <p>Whoever runs this installation has named no contact of their own. Report defects of the software through its repository: “Report a vulnerability”.</p>;
  return (
    <>
      <ul>
        {asked.data.map((contact) => (
          <li key={contact}>
            <a href={contact}>{contact.replace(/^(mailto|tel):/, "")}</a>
          </li>
        ))}
      </ul>
      <p className={css["fine"]}>
        For programs: <a href="/.well-known/security.txt">security.txt</a>
      </p>
    </>
  );
}
