// SPDX-License-Identifier: Apache-2.0
import { Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";

import { say } from "../../design";
import css from "./uploads.module.css";

const holds_files = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

// A folder comes as a file that cannot be read.
function files_of(transfer: DataTransfer): File[] {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const files = items.filter((item) => !item.webkitGetAsEntry()?.isDirectory).flatMap((item) => item.getAsFile() ?? []);
  if (files.length < items.length) say("Folders are not sent. Open the folder and drop its files.");
  return files;
}

// The whole page takes files that are dropped on it.
export function DropArea({ onFiles }: { onFiles: (files: File[]) => void }) {
  const [over, set_over] = useState(false);
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    // Each element on the way reports its own coming and going.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!holds_files(event)) return;
      event.preventDefault();
      depth += 1;
      set_over(true);
    };
    const leave = (event: DragEvent) => {
      if (!holds_files(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) set_over(false);
    };
    const drag = (event: DragEvent) => {
      if (!holds_files(event)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = "copy";
    };
    const drop = (event: DragEvent) => {
      if (!holds_files(event)) return;
      event.preventDefault();
      depth = 0;
      set_over(false);
      const files = files_of(event.dataTransfer!);
      if (files.length > 0) take.current(files);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: drag, drop };
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener as EventListener);
    };
  }, []);
  if (!over) return null;
  return (
    <div className={css["over"]}>
      <div>
        <Upload aria-hidden="true" />
        Drop the drawings to send them
      </div>
    </div>
  );
}
