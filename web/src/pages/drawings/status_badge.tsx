// SPDX-License-Identifier: Apache-2.0
import { Badge, type Tone } from "../../design";
import type { Status } from "./job_queries";

export const status_words: Record<Status, string> = {
  PENDING: "Waiting",
  PROCESSING: "Being read",
  COMPLETED: "Ready",
  FAILED: "Failed",
};

const tones: Record<Status, Tone> = { PENDING: "plain", PROCESSING: "accent", COMPLETED: "good", FAILED: "bad" };

export function StatusBadge({ status }: { status: Status }) {
  return <Badge tone={tones[status]}>{status_words[status]}</Badge>;
}

const phases: Record<string, string> = {
  queued: "Waiting for its turn",
  starting: "Starting",
  reading: "Reading the file",
  measuring: "Measuring what is drawn",
  drawing: "Drawing the previews",
  writing: "Writing the result",
};

// A phase that a later server has is shown by its own name.
export const phase_words = (phase: string) => phases[phase] ?? phase;
