// SPDX-License-Identifier: Apache-2.0
import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";

import type { Layer, Sheet } from "../../api/result";
import { Badge, Button, Card, number, TextField } from "../../design";
import css from "./layers.module.css";

// More are shown when asked for: a list of thousands takes seconds to build.
const kStep = 200;

function line_of({ lineType, lineweight }: Layer): string {
  return lineweight >= 0 ? `${lineType}, ${(lineweight / 100).toFixed(2)} mm` : lineType;
}

export function Layers({ sheet, onShow }: { sheet: Sheet; onShow: (layer: string) => void }) {
  const [wanted, set_wanted] = useState("");
  const [most, set_most] = useState(kStep);
  const found = sheet.layers.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  return (
    <Card title={`Layers of ${sheet.name}`} actions={sheet.layers.length > 0 && <Badge>{number(sheet.layers.length)}</Badge>}>
      <TextField label="Layer name" type="search" value={wanted} onChange={set_wanted} />
      {found.length === 0 ? (
        <p className={css["none"]}>{sheet.layers.length === 0 ? "This sheet uses no layer." : "No layer has that name."}</p>
      ) : (
        <ul className={css["list"]} tabIndex={0} aria-label={`Layers of ${sheet.name}`}>
          {found.slice(0, most).map((layer) => (
            <Row key={layer.name} layer={layer} onShow={onShow} />
          ))}
          {found.length > most && (
            <li className={css["more"]}>
              <Button small onPress={() => set_most(most + kStep)}>
                Show more of {number(found.length)} layers
              </Button>
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}

function Row({ layer, onShow }: { layer: Layer; onShow: (layer: string) => void }) {
  const Shown = layer.isVisible ? Eye : EyeOff;
  const state = layer.isVisible ? "Shown in the drawing" : "Hidden in the drawing";
  return (
    <li className={css["layer"]}>
      <span className={css["color"]} style={{ backgroundColor: layer.colorHex }} title={`Color ${layer.color}, ${layer.colorHex}`} />
      <span className={css["names"]}>
        <span className={css["name"]}>{layer.name}</span>
        <span className={css["fine"]}>{line_of(layer)}</span>
      </span>
      <span className={css["state"]} title={state}>
        <Shown aria-hidden="true" />
        <span className="visually-hidden">{state}</span>
      </span>
      {layer.entityCount > 0 ? (
        <button type="button" className={css["count"]} onClick={() => onShow(layer.name)} aria-label={`Show the ${number(layer.entityCount)} entities of ${layer.name}`}>
          {number(layer.entityCount)}
        </button>
      ) : (
        <span className={css["empty"]}>0</span>
      )}
    </li>
  );
}
