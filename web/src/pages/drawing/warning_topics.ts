// SPDX-License-Identifier: Apache-2.0
// What a reader's sentences mean for the numbers, and what to do. A result has the sentences and no codes, so that they are told
// apart by their words; the first topic that fits counts.

export interface Topic {
  title: string;
  means: string;
  todo: string;
  // Nothing is missing or wrong for it.
  harmless?: boolean;
}

const repair = "Have it repaired in your CAD program (in AutoCAD: RECOVER, then AUDIT), save it, and send the saved file.";

const topics: [RegExp, Topic][] = [
  [
    /error correction|its copy (at the end of the file )?is/,
    {
      title: "Damage that the file itself could mend",
      means: "Some bytes were damaged, and the file carries what restores them. Nothing is missing and the numbers are right.",
      todo: "Nothing has to be done. Saving the drawing anew gives a whole file.",
      harmless: true,
    },
  ],
  [
    /EOF mark|in the middle|end (of the section )?is missing|is cut off; what it lacks|no proper end/,
    {
      title: "The file is cut off",
      means: "What stood behind the cut is missing: counts, lengths and areas are too small, and the extents may be, too.",
      todo: `Check that the file was copied or downloaded to its end, and send it again. If it is like that where it comes from: ${repair.charAt(0).toLowerCase()}${repair.slice(1)}`,
    },
  ],
  [
    /preview (lacks|is smaller)|scene (lacks|may hold)|to draw than the limit|dashes and pattern lines|more text than the limit|corners of their blocks|more cells than the limit|nested too deeply|contains itself|perspective view/,
    {
      title: "The picture shows less than the drawing has",
      means: "The entities and their numbers are complete. What is not drawn is missing in preview and viewer, and extents are of what is drawn.",
      todo: "Take the numbers from the result rather than from the picture. A smaller drawing, or one sheet a file, is drawn whole.",
    },
  ],
  [
    /(more|longer)\b.* than (what is|is|are) (read|looked up)/,
    {
      title: "More than is read of one drawing",
      means: "The rest was left out: counts and sums are of what was read, and so are the least that they can be.",
      todo: "Split the drawing, or purge what is unused, and send the parts.",
    },
  ],
  [
    /so far from all others/,
    {
      title: "Entities far astray",
      means: "They are in the list of entities and counted. The extents, and so the picture, leave them out.",
      todo: "If they are there by mistake, delete them in your CAD program (zoom to the extents to find them).",
    },
  ],
  [
    /not a known entity type|by their name only|stored graphics/,
    {
      title: "Objects of other programs",
      means: "They were made by an add-on. They are counted, and drawn where the file holds a picture of them, but have no coordinates, lengths or areas.",
      todo: "To have their numbers, turn them into plain entities (in AutoCAD: EXPORTTOAUTOCAD, or EXPLODE) and send that file.",
    },
  ],
  [
    /in another file|shape file/,
    {
      title: "Parts that lie in other files",
      means: "The drawing only names them. They are listed, not drawn, and do not count towards the extents.",
      todo: "Bind or embed them in your CAD program if they matter, and send that file.",
    },
  ],
  [
    /modeler data|boundary data of a solid|storage of solids/,
    {
      title: "Solids whose shape could not be read",
      means: "They are listed and counted. Their edges are missing in the result and in the picture, and the extents may be too small.",
      todo: "If you need them, save the drawing in another version, or export the views as flat drawings (in AutoCAD: FLATSHOT).",
    },
  ],
  [
    /code page|UTF-8/,
    {
      title: "Texts with unclear letters",
      means: "Some letters may be wrong in texts and in names of layers and blocks. No coordinate is concerned.",
      todo: "Save the drawing as AutoCAD 2007 or later, which keeps all texts as Unicode.",
    },
  ],
  [
    /(taken|read) as 0\b/,
    {
      title: "Numbers that are none",
      means: "A 0 stands in their place: the entities concerned may lie elsewhere or have another size, and extents and sums follow them.",
      todo: repair,
    },
  ],
  [
    /block that is inserted is not defined|no block definition/,
    {
      title: "Blocks that are missing",
      means: "Their inserts are listed and counted, but there is nothing to draw: it is missing in the picture and in the extents.",
      todo: "Put the block's definition back into the drawing. If it comes from another drawing, bind that one (in AutoCAD: XREF, Bind).",
    },
  ],
  [
    /damaged|checksum|left out|was not found in the file|overlap|cannot be unpacked|objects (may|that it) |are lost|is lost|reading went on|without vertices/,
    {
      title: "Damaged parts",
      means: "What could not be read was left out or may be wrong: counts may be too small, and single values may not be those of the drawing.",
      todo: repair,
    },
  ],
  [
    /decimal comma|as BYLAYER|handle|twice|two records|listed by two|no LAYOUT object|does not say which block|no model space|does not state its version|no name; kept|rows times columns|does not define|has no end|hexadecimal|lists something/,
    {
      title: "Irregularities of the file",
      means: "The file departs from the rules of its format, and was read as most programs read it. As a rule nothing is missing.",
      todo: "Nothing has to be done. Where a number looks wrong: AUDIT the drawing, save it, and send it again.",
      harmless: true,
    },
  ],
];

const other: Topic = {
  title: "Other remarks",
  means: "The sentences say what was met. Whether it matters depends on what you need of the drawing.",
  todo: "Compare the counts with those of your CAD program where they matter.",
};

export function topic_of(sentence: string): Topic {
  return topics.find(([words]) => words.test(sentence))?.[1] ?? other;
}

// In the order of the topics, what is harmless last.
export function by_topic(sentences: readonly string[]): [Topic, string[]][] {
  const groups = new Map<Topic, string[]>();
  for (const sentence of sentences) {
    const topic = topic_of(sentence);
    groups.set(topic, [...(groups.get(topic) ?? []), sentence]);
  }
  return [...groups].sort(([a], [b]) => Number(a.harmless ?? false) - Number(b.harmless ?? false));
}
