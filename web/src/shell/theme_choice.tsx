// SPDX-License-Identifier: Apache-2.0
import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";

import { IconButton } from "../design";
import { choose_theme, type Theme, theme } from "./theme";

const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const names: Record<Theme, string> = { system: "as the device", light: "light", dark: "dark" };

export function ThemeChoice() {
  const [chosen, set_chosen] = useState(theme());
  const Icon = chosen === "system" ? Monitor : chosen === "light" ? Sun : Moon;
  return (
    <IconButton
      label={`Theme: ${names[chosen]}`}
      onPress={() => {
        choose_theme(next[chosen]);
        set_chosen(next[chosen]);
      }}
    >
      <Icon />
    </IconButton>
  );
}
