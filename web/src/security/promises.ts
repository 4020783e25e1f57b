// SPDX-License-Identifier: Apache-2.0
// What docs/security.md promises, id by id, in words for who sends drawings here. A test holds the ids to that table.
export interface Kept {
  id: string;
  title: string;
  text: string;
}

export interface Topic {
  title: string;
  lead: string;
  promises: Kept[];
}

export const topics: Topic[] = [
  {
    title: "Your drawings",
    lead: "A drawing is your customer's secret. It is read once, by a process that can do nothing else, and does not stay.",
    promises: [
      {
        id: "S03",
        title: "Encrypted at rest",
        text: "Uploads, results and previews are stored with AES-256-GCM, each object under a key of its own. In an object store its own encryption comes on top. The plain bytes are never on a disk, not in a temporary file either.",
      },
      {
        id: "S04",
        title: "Deleted after use",
        text: "An upload goes when its result has been delivered completely, when its job fails or is deleted, and after 7 days in any case. Results and previews go after 7 days, too. Whoever runs the service may set less.",
      },
      {
        id: "S16",
        title: "Judged by content",
        text: "The first bytes say what a file is; its name and extension are not asked. What is no supported drawing is refused at once and never stored.",
      },
      {
        id: "S17",
        title: "Bounded before the queue",
        text: "Size limits hold while a file is still arriving. One that is too large leaves nothing behind.",
      },
      {
        id: "S18",
        title: "One isolated process a job",
        text: "Each drawing is read by a process without network, files or privileges, behind a list of the few system calls it may make, with bounds for memory and time. A drawing that brings it down ends its own job and no other.",
      },
      {
        id: "S19",
        title: "Nobody else's",
        text: "A job is found by its id together with who asks. For other keys and other accounts it does not exist: the answer is the same as for one that never was.",
      },
      {
        id: "S20",
        title: "Preview links that end",
        text: "Links to previews are signed for one picture and one hour. They cannot be guessed, altered or counted through.",
      },
    ],
  },
  {
    title: "On the way",
    lead: "What crosses a network is encrypted, or it is not processed.",
    promises: [
      {
        id: "S01",
        title: "TLS 1.2 or newer",
        text: "Older versions and weak ciphers are refused. A server without a certificate or a proxy in front of it talks to its own machine only; it does not start otherwise.",
      },
      {
        id: "S02",
        title: "Never in the open",
        text: "Plain HTTP is sent on to HTTPS, and browsers are told to stay there (HSTS). A request that carried a key in the open is refused, and the owner is warned that the key was exposed.",
      },
      {
        id: "S05",
        title: "Databases out of reach",
        text: "The server opens no database port. It refuses to start with a database, Redis or object store that it would reach unencrypted over a public network.",
      },
      {
        id: "S07",
        title: "One open port",
        text: "The API is all that is exposed. What proxies say about a caller counts only when it comes from proxies that were named as trusted.",
      },
      {
        id: "S06",
        title: "Encrypted backups",
        text: "A backup is one file under AES-256-GCM with a key of its own. The drawings in it stay encrypted under theirs. An altered backup is refused.",
      },
    ],
  },
  {
    title: "Keys and accounts",
    lead: "Secrets are kept as hashes where hashes do, sealed where they do not, and printed nowhere.",
    promises: [
      {
        id: "S08",
        title: "API keys are shown once",
        text: "We keep the SHA-256 hash of a key. Nobody can show you the key a second time.",
      },
      { id: "S09", title: "Revoked is revoked", text: "A revoked key stops working with the very next request, on every node. A lost one is replaced, not recovered." },
      {
        id: "S21",
        title: "Keys that may do little",
        text: "A key can be bound to a project, a set of scopes, networks and an expiry date. What it lacks is refused.",
      },
      {
        id: "S24",
        title: "Replaced without downtime",
        text: "A replacement works beside the key it replaces for as long as you want, and sees its jobs.",
      },
      {
        id: "S10",
        title: "Passwords",
        text: "Hashed with bcrypt at cost 12. Never stored or logged as they are. Those that are tried first are refused.",
      },
      {
        id: "S11",
        title: "Short sessions",
        text: "Access tokens are signed with RS256 and end after two hours. The session is looked up with each request, so ending it takes effect at once.",
      },
      {
        id: "S12",
        title: "Refresh tokens work once",
        text: "Each is good for 7 days and for one use. One that comes a second time was stolen from somebody: it ends its whole session.",
      },
      {
        id: "S13",
        title: "Google and GitHub",
        text: "Where they are offered, sign-in runs over OAuth 2.0 with PKCE and a state that is bound to your browser and used once.",
      },
      {
        id: "S25",
        title: "Secrets of the service",
        text: "They come from the environment or from files, are in no command line, no log and no error answer.",
      },
    ],
  },
  {
    title: "Fair and watched",
    lead: "One caller cannot crowd out the rest, and what happens to your account is for you to see.",
    promises: [
      { id: "S14", title: "Limits by address", text: "Who calls without a valid key is counted by address. Probes of balancers, which cost nothing, are not." },
      { id: "S15", title: "Limits by key", text: "Who has a valid key is counted by that key alone, over all nodes. Others behind the same address do not lock you out." },
      {
        id: "S22",
        title: "Webhooks you can verify",
        text: "Each is signed, tried again for a day, in order for one job, and never sent to private addresses. So results need not lie here until you ask.",
      },
      {
        id: "S23",
        title: "Usage you can read",
        text: "Requests are shown by key and day. A day far beyond a key's own past is marked and mailed: it may be a leak.",
      },
      {
        id: "S26",
        title: "Reports are welcome",
        text: "There is a contact in a place that programs find, too, and there are dates by which things are mended. See below.",
      },
    ],
  },
];
