// SPDX-License-Identifier: Apache-2.0
import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import { useState } from "react";

import type { ResultSummary } from "../../api/result";
import { Button, Card, number } from "../../design";
import { by_topic, type Topic } from "./warning_topics";
import css from "./warnings.module.css";

const kShown = 4;

export function Warnings({ info: { warnings, errors } }: { info: ResultSummary["parseInfo"] }) {
  const groups = by_topic([...errors, ...warnings]);
  if (groups.length === 0)
    return (
      <Card title="Warnings">
        <p className={css["fine"]}>
          <CircleCheck aria-hidden="true" />
          None: the file was read as it is, to its end.
        </p>
      </Card>
    );
  return (
    <Card title="Warnings" flush>
      {groups.map(([topic, sentences]) => (
        <Group key={topic.title} topic={topic} sentences={sentences} />
      ))}
    </Card>
  );
}

function Group({ topic, sentences }: { topic: Topic; sentences: string[] }) {
  const [all, set_all] = useState(false);
  const Icon = topic.harmless ? Info : TriangleAlert;
  return (
    <section className={`${css["group"]} ${topic.harmless ? css["harmless"] : ""}`}>
      <Icon aria-hidden="true" />
      <div className={css["words"]}>
        <h3>{topic.title}</h3>
        <ul className={css["sentences"]}>
          {sentences.slice(0, all ? undefined : kShown).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        {sentences.length > kShown && (
          <Button small kind="quiet" onPress={() => set_all(!all)}>
            {all ? "Show fewer" : `Show all ${number(sentences.length)}`}
          </Button>
        )}
        <dl className={css["advice"]}>
          <dt>What it means</dt>
          <dd>{topic.means}</dd>
          <dt>What to do</dt>
          <dd>{topic.todo}</dd>
        </dl>
      </div>
    </section>
  );
}
