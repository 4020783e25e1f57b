// SPDX-License-Identifier: Apache-2.0
import { MapPinOff } from "lucide-react";
import { useEffect } from "react";

import { Empty, LinkButton } from "../design";
import css from "./not_found.module.css";

export function NotFound() {
  useEffect(() => {
    document.title = "Not found · CADLens";
  }, []);
  return (
    <div className={css["page"]}>
      <h1 className="visually-hidden">Not found</h1>
      <Empty
        icon={<MapPinOff aria-hidden="true" />}
        title="There is nothing at this address"
        action={
          <div className={css["ways"]}>
            <LinkButton kind="primary" href="/">
              Overview
            </LinkButton>
            <LinkButton href="/docs">Documentation</LinkButton>
          </div>
        }
      >
        The link may be old or mistyped. A drawing that was here may have reached its age and been deleted.
      </Empty>
    </div>
  );
}
