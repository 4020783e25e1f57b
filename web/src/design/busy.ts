// SPDX-License-Identifier: Apache-2.0
import { createContext } from "react";

// The form around is being sent: nothing of it can be pressed.
export const Sending = createContext(false);
// Tells the dialog around: while its request is under way it stays, as the answer may be a secret that is shown this once.
export const HoldDialog = createContext<(hold: boolean) => void>(() => {});
