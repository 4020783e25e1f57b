// SPDX-License-Identifier: Apache-2.0
// What a page shows instead of its content: it waits, there is nothing, it went wrong.
import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

import { ApiError } from "../api/client";
import { Button } from "./button";
import css from "./states.module.css";
import tones from "./tones.module.css";

export function Loading({ label = "Loading" }: { label?: string }) {
  return (
    <div className={css["loading"]} role="status">
      <span className={css["spinner"]} aria-hidden="true" />
      <span>{label} …</span>
    </div>
  );
}

export function Empty({ icon, title, children, action }: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={css["empty"]}>
      {icon && <div className={css["icon"]}>{icon}</div>}
      <h3>{title}</h3>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

// What went wrong, in the server's words, and what a person can do.
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const known = error instanceof ApiError ? error : undefined;
  return (
    <div className={`${css["notice"]} ${tones["bad"]}`} role="alert">
      <CircleAlert aria-hidden="true" />
      <div>
        <p>{known ? known.message : "Something went wrong on this page. Reload it and try again."}</p>
        {known?.retryAfter !== undefined && <p>Try again in {known.retryAfter} s.</p>}
        {known?.requestId && known.status >= 500 && (
          <p className={css["fine"]}>
            Request <code>{known.requestId}</code>
          </p>
        )}
      </div>
      {retry && (
        <Button small onPress={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Notice({ tone = "accent", children }: { tone?: "accent" | "warn" | "good" | "bad"; children: ReactNode }) {
  return (
    <div className={`${css["notice"]} ${tones[tone]}`}>
      {tone === "warn" || tone === "bad" ? <TriangleAlert aria-hidden="true" /> : <Info aria-hidden="true" />}
      <div>{children}</div>
    </div>
  );
}
