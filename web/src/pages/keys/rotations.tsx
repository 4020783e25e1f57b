// SPDX-License-Identifier: Apache-2.0
import type { ApiKey } from "../../api/client";
import { Button, Card, date_time, relative, Stack } from "../../design";
import { end_of, type Overlap } from "./key_state";
import css from "./rotations.module.css";
import { time_line } from "./time_line";

function Track({ from, to, tone }: { from: number; to: number; tone: "old" | "new" }) {
  return (
    <span className={css["track"]}>
      <span className={`${css["life"]} ${css[tone]}`} style={{ left: `${from}%`, width: `${to - from}%` }} />
    </span>
  );
}

// How the change from one key to the next goes: whether anything still uses the old one, and when it ends.
function Rotation({ pair, now, onRevoke }: { pair: Overlap; now: number; onRevoke: (key: ApiKey) => void }) {
  const { old, replacement } = pair;
  const line = time_line(pair, now);
  const end = end_of(old);
  const used_since = old.lastUsedAt !== null && old.lastUsedAt > replacement.createdAt;
  return (
    <figure className={css["rotation"]}>
      <figcaption className={css["head"]}>
        <strong>{replacement.name}</strong>
        <Button small onPress={() => onRevoke(old)}>
          End the old key now
        </Button>
      </figcaption>
      <div className={css["line"]} aria-hidden="true">
        <div className={css["names"]}>
          <code>{old.keyPrefix}…</code>
          <code>{replacement.keyPrefix}…</code>
        </div>
        <div className={css["tracks"]}>
          <Track from={0} to={line.end} tone="old" />
          <Track from={line.rotated} to={100} tone="new" />
          <span className={css["both"]} style={{ left: `${line.rotated}%`, width: `${line.end - line.rotated}%` }} />
          <span className={css["now"]} style={{ left: `${line.now}%` }}>
            <span>now</span>
          </span>
        </div>
      </div>
      <dl className={css["moments"]}>
        <div>
          <dt>Rotated</dt>
          <dd>{date_time(replacement.createdAt)}</dd>
        </div>
        <div>
          <dt>Old key used since</dt>
          <dd>{used_since ? `yes, ${relative(old.lastUsedAt!)}` : "no"}</dd>
        </div>
        <div>
          <dt>New key used</dt>
          <dd>{replacement.lastUsedAt ? relative(replacement.lastUsedAt) : "not yet"}</dd>
        </div>
        <div>
          <dt>Old key ends</dt>
          <dd>{end ? `${date_time(end)} (${relative(end)})` : "when you revoke it"}</dd>
        </div>
      </dl>
    </figure>
  );
}

export function Rotations({ pairs, now, onRevoke }: { pairs: Overlap[]; now: number; onRevoke: (key: ApiKey) => void }) {
  if (pairs.length === 0) return null;
  return (
    <Card title="Rotations under way">
      <Stack gap={5}>
        {pairs.map((pair) => (
          <Rotation key={pair.old.id} pair={pair} now={now} onRevoke={onRevoke} />
        ))}
      </Stack>
    </Card>
  );
}
