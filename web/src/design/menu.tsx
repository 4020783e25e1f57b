// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { Button, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components";

import css from "./menu.module.css";
import { useOverlayPlace } from "./overlay_place";

export interface MenuAction {
  id: string;
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  act: () => void;
}

// `label` names the button; `trigger` is what it shows.
export function Menu({ label, trigger, actions }: { label: string; trigger: ReactNode; actions: MenuAction[] }) {
  const place = useOverlayPlace();
  return (
    <MenuTrigger>
      <Button aria-label={label} className={css["trigger"]!}>
        {trigger}
      </Button>
      <Popover {...place} className={css["popover"]!} placement="bottom end">
        <AriaMenu className={css["menu"]!} items={actions}>
          {(action) => (
            <MenuItem onAction={action.act} textValue={action.label} className={`${css["item"]} ${action.danger ? css["danger"] : ""}`}>
              {action.icon}
              <span>{action.label}</span>
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
