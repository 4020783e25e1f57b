// SPDX-License-Identifier: Apache-2.0
import { Activity, BookOpen, ChartNoAxesColumn, DraftingCompass, KeyRound, LogOut, Menu as MenuIcon, ShieldCheck, UserRound, Webhook, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";

import { IconButton, Menu, say } from "../design";
import { useSession, useUser } from "../session/session";
import css from "./app_frame.module.css";
import { useArrival } from "./arrival";
import { Brand } from "./brand";
import { ThemeChoice } from "./theme_choice";

const places = [
  { href: "/", label: "Overview", icon: ChartNoAxesColumn },
  { href: "/drawings", label: "Drawings", icon: DraftingCompass },
  { href: "/keys", label: "API keys", icon: KeyRound },
  { href: "/webhooks", label: "Webhooks", icon: Webhook },
  { href: "/activity", label: "Activity", icon: Activity },
];
const more = [
  { href: "/docs", label: "Documentation", icon: BookOpen },
  { href: "/security", label: "Security", icon: ShieldCheck },
];

function Places({ of }: { of: typeof places }) {
  const [path] = useLocation();
  return (
    <ul className={css["places"]}>
      {of.map(({ href, label, icon: Icon }) => {
        const here = href === "/" ? path === "/" : path.startsWith(href);
        return (
          <li key={href}>
            <Link href={href} className={`${css["place"]} ${here ? css["here"] : ""}`} {...(here ? { "aria-current": "page" as const } : {})}>
              <Icon aria-hidden="true" />
              {label}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

export function AppFrame({ children }: { children: ReactNode }) {
  const user = useUser();
  const { sign_out } = useSession();
  const [path, go] = useLocation();
  const [open, set_open] = useState(false);
  const content = useArrival();
  const top = useRef<HTMLElement>(null);
  useEffect(() => set_open(false), [path]);
  const close_by_key = ({ key }: KeyboardEvent) => {
    if (key !== "Escape" || !open) return;
    set_open(false);
    top.current?.querySelector("button")?.focus();
  };
  return (
    <div className={css["frame"]}>
      <a className={css["skip"]} href="#content">
        Skip to content
      </a>
      <header ref={top} className={css["top"]}>
        <Brand />
        <span className={css["burger"]}>
          <IconButton label={open ? "Close navigation" : "Open navigation"} onPress={() => set_open(!open)}>
            {open ? <X /> : <MenuIcon />}
          </IconButton>
        </span>
      </header>
      <nav className={`${css["side"]} ${open ? css["open"] : ""}`} aria-label="Main" onKeyDown={close_by_key}>
        <Places of={places} />
        <div className={css["rest"]}>
          <Places of={more} />
          <div className={css["foot"]}>
            <Menu
              label="Account menu"
              trigger={
                <>
                  <UserRound aria-hidden="true" />
                  <span className={css["mail"]}>{user.email ?? "Owner"}</span>
                </>
              }
              actions={[
                { id: "account", label: "Account", icon: <UserRound />, act: () => go("/account") },
                { id: "out", label: "Sign out", icon: <LogOut />, act: () => void sign_out().catch((error: Error) => say(error.message)) },
              ]}
            />
            <ThemeChoice />
          </div>
        </div>
      </nav>
      <main ref={content} className={css["main"]} id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
