// SPDX-License-Identifier: Apache-2.0
import { type ReactNode, useContext } from "react";
import { Button as AriaButton, Tooltip, TooltipTrigger } from "react-aria-components";
import { Link } from "wouter";

import { Sending } from "./busy";
import css from "./button.module.css";
import { useOverlayPlace } from "./overlay_place";

type Kind = "primary" | "plain" | "danger" | "quiet";

interface Looks {
  kind?: Kind;
  small?: boolean;
  children: ReactNode;
}

export function Button({
  kind = "plain",
  small = false,
  busy = false,
  disabled = false,
  type = "button",
  onPress,
  children,
}: Looks & { busy?: boolean; disabled?: boolean; type?: "button" | "submit"; onPress?: () => void }) {
  const sending = useContext(Sending);
  // Not React Aria's isPending: its announcements name a button that may be gone, which axe-core reports.
  return (
    <>
      <AriaButton
        type={busy ? "button" : type}
        isDisabled={disabled || (sending && !busy)}
        className={`${css["button"]} ${css[kind]} ${small ? css["small"] : ""} ${busy ? css["busy"] : ""}`}
        {...(onPress && !busy ? { onPress } : {})}
      >
        {busy && <span className={css["spinner"]} aria-hidden="true" />}
        {children}
      </AriaButton>
      <span className="visually-hidden" aria-live="polite">
        {busy ? "Working" : ""}
      </span>
    </>
  );
}

export function LinkButton({
  kind = "plain",
  small = false,
  href,
  download,
  outside = false,
  children,
}: Looks & { href: string; download?: string; outside?: boolean }) {
  const looks = `${css["button"]} ${css[kind]} ${small ? css["small"] : ""}`;
  if (download !== undefined || outside)
    return (
      <a className={looks} href={href} {...(download !== undefined ? { download } : {})}>
        {children}
      </a>
    );
  return (
    <Link className={looks} href={href}>
      {children}
    </Link>
  );
}

// `label` is what a screen reader says and the tooltip shows.
export function IconButton({
  label,
  onPress,
  pressed,
  disabled = false,
  children,
}: {
  label: string;
  onPress?: () => void;
  pressed?: boolean;
  disabled?: boolean;
  children: ReactNode;
}) {
  const place = useOverlayPlace();
  return (
    <TooltipTrigger delay={500}>
      <AriaButton
        aria-label={label}
        aria-pressed={pressed}
        isDisabled={disabled}
        className={`${css["icon"]} ${pressed ? css["pressed"] : ""}`}
        {...(onPress ? { onPress } : {})}
      >
        {children}
      </AriaButton>
      <Tooltip {...place} className={css["tooltip"]!} offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
