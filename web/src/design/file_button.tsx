// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { FileTrigger } from "react-aria-components";

import { Button } from "./button";

// Opens the device's file dialog. `accept` narrows what it shows first: extensions such as ".dxf".
export function FileButton({
  kind = "plain",
  accept,
  onFiles,
  children,
}: {
  kind?: "primary" | "plain";
  accept?: string[] | undefined;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}) {
  return (
    <FileTrigger allowsMultiple onSelect={(files) => files && onFiles([...files])} {...(accept ? { acceptedFileTypes: accept } : {})}>
      <Button kind={kind}>{children}</Button>
    </FileTrigger>
  );
}
