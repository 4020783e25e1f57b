// SPDX-License-Identifier: Apache-2.0
// The viewer without its page, for tests that look at its pixels: ?job=&sheet=
import { Viewer } from "../../src/viewer/viewer";

const query = new URLSearchParams(location.search);
const sheet = query.get("sheet") ?? "0";
const viewer = new Viewer(document.getElementById("host")!, {
  url: `/v1/jobs/${query.get("job")}/scene?sheet=${sheet}`,
  renew: () => Promise.resolve(false),
});
Object.assign(window, { viewer });
