// SPDX-License-Identifier: Apache-2.0
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { HoldDialog } from "./busy";
import { Button, IconButton } from "./button";
import css from "./dialog.module.css";
import { useOverlayPlace } from "./overlay_place";
import { Failure } from "./states";

export function Dialog({
  title,
  open,
  onClose,
  wide = false,
  keep = false,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  wide?: boolean;
  // Of what is shown this once: a click beside it or Escape does not close it.
  keep?: boolean;
  children: ReactNode;
}) {
  const place = useOverlayPlace();
  const [held, set_held] = useState(false);
  const stays = keep || held;
  return (
    <ModalOverlay {...place} isOpen={open} onOpenChange={(now) => !now && onClose()} isDismissable={!stays} isKeyboardDismissDisabled={stays} className={css["overlay"]!}>
      <Modal className={`${css["modal"]} ${wide ? css["wide"] : ""}`}>
        <AriaDialog className={css["dialog"]!}>
          <header className={css["head"]}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {!keep && (
              <IconButton label="Close" disabled={held} onPress={onClose}>
                <X />
              </IconButton>
            )}
          </header>
          <HoldDialog value={set_held}>{children}</HoldDialog>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

// Asks before something is done that cannot be taken back. `act` may fail: what it throws is shown, and the dialog stays.
export function ConfirmDialog({
  title,
  open,
  onClose,
  label,
  act,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  label: string;
  act: () => Promise<void>;
  children: ReactNode;
}) {
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>();
  const run = async () => {
    set_busy(true);
    set_error(undefined);
    try {
      await act();
      onClose();
    } catch (thrown) {
      set_error(thrown);
    } finally {
      set_busy(false);
    }
  };
  return (
    <Dialog title={title} open={open} onClose={() => !busy && onClose()}>
      <div className={css["body"]}>
        {children}
        {error !== undefined && <Failure error={error} />}
      </div>
      <footer className={css["foot"]}>
        <Button disabled={busy} onPress={onClose}>
          Cancel
        </Button>
        <Button kind="danger" busy={busy} onPress={() => void run()}>
          {label}
        </Button>
      </footer>
    </Dialog>
  );
}
