// SPDX-License-Identifier: Apache-2.0
import { globSync, readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { by_topic, topic_of } from "./warning_topics";

const kSources = `${import.meta.dirname}/../../../../src`;

// Every sentence that a reader or the scene can put into a result, taken from where it is said.
function sentences_of_the_readers(): string[] {
  const files = globSync("{formats,scene,pipeline}/**/*.cpp", { cwd: kSources }).filter((name) => !/_(test|fuzz)\.cpp$/.test(name));
  return files.flatMap((name) => {
    const text = readFileSync(`${kSources}/${name}`, "utf8").replace(/"\s*\n\s*"/g, "");
    return text
      .split(";\n")
      .filter((statement) => /\b(warn|add|error)\(/.test(statement) && /"[A-Z][A-Z_0-9]{5,}"/.test(statement))
      .flatMap((statement) => [...statement.matchAll(/"([A-Z ][^"]* [^"]*\.)"/g)].map((match) => match[1]!));
  });
}

describe("topics", () => {
  const sentences = sentences_of_the_readers();

  test("the sources are there to be looked at", () => expect(sentences.length).toBeGreaterThan(70));

  test.each(sentences)("%s", (sentence) => expect(topic_of(sentence).title).not.toBe("Other remarks"));

  test.each([
    ["AcDb:Header: Damaged bytes of the section were put right by the file's error correction. (page 3; 2 times)", "Damage that the file itself could mend"],
    ["DWG: The file header is damaged; its copy at the end of the file is used.", "Damage that the file itself could mend"],
    ["DWG: The file header is damaged and there is no whole copy of it.", "Damaged parts"],
    ["DXF: The file ends without its EOF mark: it may be cut off, and what followed is missing.", "The file is cut off"],
    ["ENTITIES: The drawing holds more entities than are read; the first ones are kept, the rest are left out.", "More than is read of one drawing"],
    ["Model: The sheet has more text than the limit allows; the rest is left out.", "The picture shows less than the drawing has"],
    ["Entities lie so far from all others that the drawing would shrink to a dot; they are left out of the bounding box. (3 times)", "Entities far astray"],
    ["AEC_WALL is not a known entity type: shown by its stored graphics.", "Objects of other programs"],
    ["SHAPE: A SHAPE is a glyph of a shape file that is not part of the drawing: not drawn.", "Parts that lie in other files"],
    ["3DSOLID: The boundary data of a solid is damaged; edges may be missing.", "Solids whose shape could not be read"],
    ["3DSOLID: The boundary data of a solid is longer than what is read.", "More than is read of one drawing"],
    ["TEXT: A text holds bytes that mean nothing in the drawing's code page. (line 12)", "Texts with unclear letters"],
    ["LINE: A value that should be a number is none; taken as 0. (line 1234; 3 times)", "Numbers that are none"],
    ["INSERT: A block that is inserted is not defined in the drawing.", "Blocks that are missing"],
    ["LINE: An entity is damaged and was left out. (handle 2F)", "Damaged parts"],
    ["LINE: Numbers are written with a decimal comma; read as a point.", "Irregularities of the file"],
    ["There were 12 more warnings than are kept.", "Other remarks"],
  ])("%s", (sentence, title) => expect(topic_of(sentence).title).toBe(title));

  test("sentences of one topic stand together, what is harmless last", () => {
    const comma = "LINE: Numbers are written with a decimal comma; read as a point.";
    const line = "LINE: An entity is damaged and was left out.";
    const arc = "ARC: An entity is damaged and was left out.";
    expect(by_topic([comma, line, arc]).map(([, sentences]) => sentences)).toEqual([[line, arc], [comma]]);
  });
});
