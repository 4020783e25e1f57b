// SPDX-License-Identifier: Apache-2.0
// What whoever sent a drawing can do when it could not be read, by the job's errorCode.

export interface Advice {
  todo: string;
  // Whether the request counts: what is no fault of the drawing does not.
  counted: boolean;
}

const repair = "Open it in your CAD program, have it repaired (in AutoCAD: RECOVER, then AUDIT), save it, and send the saved file.";
const too_much =
  "The drawing needs more than one job may use here. Send less of it: purge what is unused, detach what is not needed, or split it. Who runs this server can also allow jobs more.";
const ours = "This was no fault of the drawing. Send it again; if it fails again, tell who runs this server, with the id of the job.";

const advice: Record<string, Advice> = {
  DAMAGED_DRAWING: { todo: repair, counted: true },
  NOT_A_DRAWING: { todo: "Check that it is the drawing itself, and not an archive, a shortcut or a picture of it.", counted: true },
  ENCRYPTED_DRAWING: { todo: "Open it in your CAD program with its password, remove the password, save it, and send the saved file.", counted: true },
  UNSUPPORTED_FORMAT: { todo: "Save or export it as one of the formats that are read here, and send that file.", counted: true },
  UNSUPPORTED_VERSION: { todo: "Save it in a version that is read here, such as AutoCAD 2018, and send that file.", counted: true },
  LIMIT_EXCEEDED: { todo: too_much, counted: true },
  OUT_OF_MEMORY: { todo: too_much, counted: true },
  CPU_LIMIT: { todo: too_much, counted: true },
  TIME_LIMIT: { todo: too_much, counted: true },
  OUTPUT_LIMIT: { todo: too_much, counted: true },
  NOT_FOUND: { todo: "The upload reached its age before its turn came. Send it again.", counted: false },
  PARSE_CRASHED: {
    todo: "The reader has a defect that this drawing brings out. Saving it in another version may help. Please report it to who runs this server, with the id of the job.",
    counted: false,
  },
  INTERNAL: { todo: ours, counted: false },
  UNAVAILABLE: { todo: ours, counted: false },
  IO_ERROR: { todo: ours, counted: false },
  INTEGRITY_ERROR: { todo: ours, counted: false },
  INTERRUPTED: { todo: ours, counted: false },
  WORKER_KILLED: { todo: ours, counted: false },
  WORKER_UNAVAILABLE: { todo: ours, counted: false },
};

export function advice_for(code: string | null): Advice {
  return advice[code ?? ""] ?? { todo: repair, counted: true };
}
