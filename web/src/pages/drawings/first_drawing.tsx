// SPDX-License-Identifier: Apache-2.0
import { useQuery } from "@tanstack/react-query";
import { DraftingCompass } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";

import { Card, CopyField, Empty } from "../../design";
import css from "./drawings.module.css";
import { formats } from "./job_queries";

export function FirstDrawing({ action }: { action: ReactNode }) {
  const known = useQuery(formats).data;
  const command = `curl -H "Authorization: Bearer $CADLENS_API_KEY" -F file=@drawing${known?.[0]?.extensions[0] ?? ""} ${window.location.origin}/v1/parse`;
  return (
    <Card>
      <Empty icon={<DraftingCompass />} title="Send your first drawing" action={action}>
        Drop files anywhere on this page, or choose them. Every drawing says when it is deleted, and you can delete it before.
        <span className={css["formats"]}>
          {known?.map(({ format, versions }) => (
            <span key={format}>
              <strong>{format}</strong> {versions}
            </span>
          ))}
        </span>
      </Empty>
      <div className={css["by-program"]}>
        <p>
          Or send it by a program, with an <Link href="/keys">API key</Link>:
        </p>
        <CopyField label="Command that sends a drawing" value={command} />
      </div>
    </Card>
  );
}
