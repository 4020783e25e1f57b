// SPDX-License-Identifier: Apache-2.0
// Code in guides: a block with a copy button, and tabs for the same thing in several languages.
import { Check, Copy } from "lucide-react";
import { Children, type ComponentProps, Fragment, isValidElement, type ReactElement, type ReactNode, useRef, useState, useSyncExternalStore } from "react";

import { IconButton, Tabs } from "../design";
import css from "./code.module.css";

const kNames: Record<string, string> = {
  bash: "curl",
  python: "Python",
  javascript: "JavaScript",
  go: "Go",
  php: "PHP",
};

type PreProps = ComponentProps<"pre">;

function language_of(pre: ReactElement<PreProps>): string {
  const code = pre.props.children;
  const name = isValidElement<{ className?: string }>(code) ? code.props.className : undefined;
  return /language-(\w+)/.exec(name ?? "")?.[1] ?? "text";
}

export function CopyButton({ text }: { text: () => string }) {
  const [copied, set_copied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    set_copied(true);
    setTimeout(() => set_copied(false), 2000);
  };
  return (
    <span className={css["copy"]}>
      <IconButton label={copied ? "Copied" : "Copy"} onPress={() => void copy()}>
        {copied ? <Check /> : <Copy />}
      </IconButton>
    </span>
  );
}

export function CodeBlock(props: PreProps) {
  const block = useRef<HTMLPreElement>(null);
  return (
    <div className={css["block"]}>
      <pre {...props} ref={block} />
      <CopyButton text={() => block.current!.textContent.trimEnd()} />
    </div>
  );
}

// The language chosen once is shown in every group that has it, for as long as the page is open.
let chosen = "bash";
const listeners = new Set<() => void>();
function choose(language: string) {
  chosen = language;
  listeners.forEach((listener) => listener());
}
function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

// The highlighter wraps each block into a fragment.
function blocks_of(children: ReactNode): ReactElement<PreProps>[] {
  return Children.toArray(children).flatMap((child) => {
    if (!isValidElement<PreProps>(child)) return [];
    return child.type === Fragment ? blocks_of(child.props.children) : [child];
  });
}

export function CodeTabs({ children }: { children: ReactNode }) {
  const items = blocks_of(children).map((block) => {
    const id = language_of(block);
    return { id, label: kNames[id] ?? id, content: block };
  });
  const wanted = useSyncExternalStore(subscribe, () => chosen);
  const selected = items.some((item) => item.id === wanted) ? wanted : items[0]!.id;
  return (
    <div className={css["tabs"]}>
      <Tabs label="Language" items={items} selected={selected} onSelect={choose} />
    </div>
  );
}
