// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "react";

import { Card } from "../design";
import { Contacts } from "./contacts";
import { topics } from "./promises";
import css from "./security.module.css";

function Promises() {
  return topics.map((topic) => (
    <section key={topic.title} className={css["topic"]}>
      <header>
        <h2>{topic.title}</h2>
        <p>{topic.lead}</p>
      </header>
      <dl>
        {topic.promises.map(({ id, title, text }) => (
          <div key={id} id={id}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  ));
}

function YourPart() {
  return (
    <section className={css["text"]}>
      <h2>Your part</h2>
      <ul>
        <li>Keep keys out of source code; read them from the environment or a secrets manager.</li>
        <li>Make one key for each project or environment, with no more scopes than it needs. Revoke what is not in use.</li>
        <li>Let webhooks tell you, and fetch results as soon as they are there: what is fetched need not be kept.</li>
        <li>Look at your usage now and then. When a spike surprises you, rotate the key.</li>
      </ul>
      <h2>What is not promised</h2>
      <ul>
        <li>Names of files, their sizes and times, webhook addresses and e-mail addresses stand in the database in plain text. No text, layer name or geometry of a drawing does.</li>
        <li>While a drawing is worked on, it is in memory. Whoever administers the machine, or takes over its kernel, sees everything.</li>
        <li>Who can read the disk sees that objects exist, how large they are, and when they were written.</li>
      </ul>
    </section>
  );
}

function Disclosure() {
  return (
    <section className={css["text"]} id="disclosure">
      <h2>Report a vulnerability</h2>
      <p>
        Tell us privately what you found, how to repeat it, and what you think it allows. A drawing that crashes or hangs the reader is welcome; say whether it is
        confidential. Please publish nothing before there has been reasonable time to fix it.
      </p>
      <div className={css["terms"]}>
        <Card title="Contact">
          <Contacts />
        </Card>
        <Card title="What you can expect">
          <ul>
            <li>Acknowledgement within 2 business days.</li>
            <li>Critical vulnerabilities fixed within 7 days, high ones within 30.</li>
            <li>Credit, if you wish. There is no bounty.</li>
          </ul>
        </Card>
        <Card title="In scope">
          <p>This service, its web pages, and the CADLens software that it runs: readers, worker sandbox, service, command line.</p>
        </Card>
        <Card title="Out of scope">
          <p>Social engineering, physical attacks, volumetric denial of service, services of third parties.</p>
        </Card>
      </div>
    </section>
  );
}

export function Security() {
  useEffect(() => {
    document.title = "Security · CADLens";
  }, []);
  return (
    <div className={css["page"]}>
      <header className={css["hero"]}>
        <h1>Security</h1>
        <p>
          What this software does to protect what you send it. Each line is kept by code, not by good will, and has automated tests of its own in the source: see{" "}
          <code>docs/security.md</code>.
        </p>
      </header>
      <Promises />
      <YourPart />
      <Disclosure />
    </div>
  );
}
