// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

import { image_of, on_this_server, usable } from "./preview_links";

const kHour = 3_600_000;
const link = (expires: number, sheet = 0) => `https://cad.example/v1/previews/job_1/${sheet}.png?expires=${expires / 1000}&key=k&signature=s${expires}`;

test("our own links are asked of the server that the page is from", () => {
  expect(on_this_server(link(kHour))).toBe("/v1/previews/job_1/0.png?expires=3600&key=k&signature=s3600000");
});

test("a store's link is left as it is", () => {
  expect(on_this_server("https://bucket.example/results/1-png-0?X-Amz-Signature=1")).toBe("https://bucket.example/results/1-png-0?X-Amz-Signature=1");
});

test("a picture keeps its link until that is about to expire", () => {
  const first = usable("keeps", link(kHour), 0);
  expect(usable("keeps", link(2 * kHour), kHour / 2)).toBe(first);
  expect(usable("keeps", link(2 * kHour), kHour - 1000)).toBe(on_this_server(link(2 * kHour)));
});

test("without a link there is no picture", () => {
  expect(usable("none", null, 0)).toBeUndefined();
});

test("a sheet's link is found by its number, as sheets without a picture have none", () => {
  const images = { imageUrl: link(kHour, 1), imageUrls: [link(kHour, 1), link(kHour, 11)] };
  expect(image_of(images, 11)).toBe(images.imageUrls[1]);
  expect(image_of(images, 0)).toBeNull();
  expect(image_of(images, undefined)).toBe(images.imageUrl);
});
