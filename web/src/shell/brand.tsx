// SPDX-License-Identifier: Apache-2.0
import { Link } from "wouter";

import css from "./brand.module.css";
import { Mark } from "./mark";

export function Brand() {
  return (
    <Link href="/" className={css["brand"]}>
      <Mark />
      CADLens
    </Link>
  );
}
