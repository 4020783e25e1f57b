// SPDX-License-Identifier: Apache-2.0
// Finds the sections of the guides that hold every word of a question.
export interface Section {
  guide: string;
  id: string;
  heading: string;
  text: string;
}

export interface Found {
  section: Section;
  excerpt: string;
}

const kMost = 8;
const kExcerpt = 120;

const fold = (text: string) => text.normalize("NFKD").toLowerCase();
const words_of = (text: string) => fold(text).split(/[^\p{L}\p{N}_]+/u).filter(Boolean);

// A whole word counts for more than its beginning.
function weight(words: string[], asked: string): number {
  if (words.includes(asked)) return 2;
  return words.some((word) => word.startsWith(asked)) ? 1 : 0;
}

function excerpt(text: string, asked: string[]): string {
  const plain = text.replace(/\s+/g, " ").trim();
  const places = asked.map((word) => fold(plain).indexOf(word)).filter((at) => at >= 0);
  const start = Math.max(0, Math.min(...(places.length ? places : [0])) - 30);
  const from = start === 0 ? 0 : plain.indexOf(" ", start) + 1;
  const cut = plain.slice(from, from + kExcerpt);
  return `${from > 0 ? "… " : ""}${cut}${from + kExcerpt < plain.length ? " …" : ""}`;
}

export function find(sections: readonly Section[], question: string, title_of: (guide: string) => string): Found[] {
  const asked = words_of(question);
  if (asked.length === 0) return [];
  const scored = sections.flatMap((section) => {
    const title = words_of(title_of(section.guide));
    const heading = words_of(section.heading);
    const text = words_of(section.text);
    let score = 0;
    for (const word of asked) {
      const times = text.filter((one) => one.startsWith(word)).length;
      const found = 8 * weight(heading, word) + (section.heading ? 2 : 6) * weight(title, word) + weight(text, word) + Math.min(times, 4) / 2;
      if (found === 0) return [];
      score += found;
    }
    return [{ section, score }];
  });
  scored.sort((a, b) => b.score - a.score);
  return scored.slice(0, kMost).map(({ section }) => ({ section, excerpt: excerpt(section.text, asked) }));
}
