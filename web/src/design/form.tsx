// SPDX-License-Identifier: Apache-2.0
// A form whose fields show what the server said against them.
import { type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";

import { ApiError } from "../api/client";
import { HoldDialog, Sending } from "./busy";
import css from "./form.module.css";
import { Failure } from "./states";

export interface Submission {
  busy: boolean;
  // Of the server, by the fields' names.
  errors: Readonly<Record<string, string[]>>;
  // What no field shows.
  failure: unknown;
  submit: () => Promise<void>;
}

const kNone = {};

// Faults of fields that the form does not have are said as one sentence.
function beside_fields(thrown: unknown, names: readonly string[]): unknown {
  if (!(thrown instanceof ApiError)) return thrown;
  const faults = Object.entries(thrown.fieldErrors);
  if (faults.length === 0) return thrown;
  const others = faults.filter(([name]) => !names.includes(name));
  if (others.length === 0) return undefined;
  return new ApiError(thrown.status, thrown.code, others.map(([name, texts]) => `${name}: ${texts.join(" ")}`).join(" "), thrown.requestId);
}

// `names`: the fields that show their errors themselves. What `act` throws is kept for them; their values are the caller's.
export function useSubmission(names: readonly string[], act: () => Promise<void>): Submission {
  const [busy, set_busy] = useState(false);
  const [thrown, set_thrown] = useState<unknown>();
  const submit = async () => {
    if (busy) return;
    set_busy(true);
    set_thrown(undefined);
    try {
      await act();
    } catch (error) {
      set_thrown(error);
    } finally {
      set_busy(false);
    }
  };
  const errors = thrown instanceof ApiError ? thrown.fieldErrors : kNone;
  return { busy, errors, failure: beside_fields(thrown, names), submit };
}

export function Form({ label, submission, children }: { label: string; submission: Submission; children: ReactNode }) {
  const form = useRef<HTMLFormElement>(null);
  const { busy, errors, failure } = submission;
  const hold = useContext(HoldDialog);
  useEffect(() => {
    hold(busy);
    return () => hold(false);
  }, [busy, hold]);
  const wrong = useMemo(() => Object.keys(errors).length > 0, [errors]);
  useEffect(() => {
    if (wrong) form.current?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
  }, [wrong, errors]);
  useEffect(() => {
    if (failure !== undefined) form.current?.lastElementChild?.scrollIntoView({ block: "nearest" });
  }, [failure]);
  return (
    <form
      ref={form}
      aria-label={label}
      className={css["form"]}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submission.submit();
      }}
    >
      <Sending value={busy}>{children}</Sending>
      {failure !== undefined && <Failure error={failure} />}
    </form>
  );
}

// The buttons of a form or a dialog.
export function FormActions({ children }: { children: ReactNode }) {
  return <div className={css["actions"]}>{children}</div>;
}
