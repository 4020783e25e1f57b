// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";

import { csv } from "./csv";

describe("csv", () => {
  it("ends every row", () => expect(csv([["day", "requests"], ["2026-05-13", 4]])).toBe("day,requests\r\n2026-05-13,4\r\n"));
  it("quotes what needs it", () => expect(csv([['a "b"', "c,d", "e\nf"]])).toBe('"a ""b""","c,d","e\nf"\r\n'));
  it("disarms formulas in texts, not in numbers", () => {
    expect(csv([["=HYPERLINK(1)", "+1", "@x", "-1", -1]])).toBe("'=HYPERLINK(1),'+1,'@x,'-1,-1\r\n");
    expect(csv([["=a,b"]])).toBe("\"'=a,b\"\r\n");
  });
});
