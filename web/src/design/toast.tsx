// SPDX-License-Identifier: Apache-2.0
import { X } from "lucide-react";
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components";

import { IconButton } from "./button";
import css from "./toast.module.css";

const queue = new ToastQueue<{ text: string }>({ maxVisibleToasts: 3 });

// A short word on something that has happened.
export function say(text: string) {
  queue.add({ text }, { timeout: 5000 });
}

export function Toasts() {
  return (
    <ToastRegion queue={queue} className={css["region"]!}>
      {({ toast }) => (
        <Toast toast={toast} className={css["toast"]!}>
          <ToastContent>
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          <IconButton label="Dismiss" onPress={() => queue.close(toast.key)}>
            <X />
          </IconButton>
        </Toast>
      )}
    </ToastRegion>
  );
}
