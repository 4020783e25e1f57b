// SPDX-License-Identifier: Apache-2.0
import { Check, Copy, Crosshair } from "lucide-react";
import { useState } from "react";

import type { Entity, Sheet } from "../../api/result";
import { Button, Dialog, LinkButton } from "../../design";
import { view_of } from "../view/deep_link";
import css from "./entities.module.css";

// A hatch may have megabytes of boundary.
const kMostShown = 100_000;

// Where files repeat a handle, it is the first one's; the others are told apart by their ids alone, which a viewer's link does not know.
const one_of_its_handle = ({ id, handle }: Entity) => (id === handle ? handle : undefined);

export function EntityDialog({ job, sheets, entity, onClose }: { job: string; sheets: readonly Sheet[]; entity: Entity; onClose: () => void }) {
  const [copied, set_copied] = useState(false);
  const json = JSON.stringify(entity, null, 2);
  const copy = async () => {
    await navigator.clipboard.writeText(json);
    set_copied(true);
  };
  return (
    <Dialog title={`${entity.type} ${entity.id}`} open onClose={onClose} wide>
      <pre className={css["json"]} tabIndex={0} aria-label="The entity as JSON">
        {json.slice(0, kMostShown)}
      </pre>
      {json.length > kMostShown && <p className={css["cut"]}>Only its beginning is shown; copying takes all of it.</p>}
      <div className={css["foot"]}>
        <Button onPress={() => void copy()}>
          {copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
          <span aria-live="polite">{copied ? "Copied" : "Copy JSON"}</span>
        </Button>
        <LinkButton kind="primary" href={view_of(job, sheets.find(({ name }) => name === entity.layout)?.index, one_of_its_handle(entity))}>
          <Crosshair aria-hidden="true" />
          Show in the viewer
        </LinkButton>
      </div>
    </Dialog>
  );
}
