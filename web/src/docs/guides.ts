// SPDX-License-Identifier: Apache-2.0
// The guides in reading order. A guide is a file in `guides/` and a row here.
import { type ComponentType, lazy, type LazyExoticComponent } from "react";

type Content = ComponentType<{ components?: Record<string, unknown> }>;

export interface Guide {
  slug: string;
  title: string;
  summary: string;
  Content: LazyExoticComponent<Content>;
}

export interface Group {
  title: string;
  guides: Guide[];
}

const files = import.meta.glob<{ default: Content }>("./guides/*.mdx");

function guide(slug: string, title: string, summary: string): Guide {
  return { slug, title, summary, Content: lazy(files[`./guides/${slug}.mdx`]!) };
}

export const groups: Group[] = [
  {
    title: "Get started",
    guides: [
      guide("quickstart", "Quickstart", "From a key to the first result, in curl, Python or JavaScript."),
      guide("keys", "API keys", "Scopes, expiry, allowed networks, and how a key is replaced without downtime."),
    ],
  },
  {
    title: "Guides",
    guides: [
      guide("sync-async", "Sync and async", "Wait for the answer or fetch it later; send again without parsing twice."),
      guide("events", "Server-sent events", "Follow one job as it happens, over one open connection."),
      guide("webhooks", "Webhooks", "Be told when a job ends, and verify who tells you."),
      guide("entities", "Entities query", "Fetch one layer, one type or one area instead of the whole result."),
      guide("errors", "Errors", "Every code the API answers with, and what to do about it."),
      guide("limits", "Limits and plans", "Requests a month, file sizes, rates, and how long things are kept."),
    ],
  },
  {
    title: "What comes back",
    guides: [
      guide("formats", "Formats", "Which formats and releases are read, and what is read of each."),
      guide("result", "Result document", "Sheets, layers, entities, metrics: the JSON from top to bottom."),
      guide("scene", "Scene format", "The binary that the viewer draws, for viewers of your own."),
      guide("viewer", "Viewer", "Look at a drawing in the browser: layers, properties, measuring."),
    ],
  },
  {
    title: "Operate",
    guides: [guide("self-hosting", "Self-hosting", "Where to read on when you run the service yourself.")],
  },
];

export const guides: Guide[] = groups.flatMap((group) => group.guides);
