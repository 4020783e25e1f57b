// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";

// Draws a page anew every minute, so that "2 minutes ago" stays true.
export function useMinute() {
  const [, set_count] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => set_count((count) => count + 1), 60_000);
    return () => clearInterval(timer);
  }, []);
}
