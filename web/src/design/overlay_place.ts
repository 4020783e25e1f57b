// SPDX-License-Identifier: Apache-2.0
import { createContext, useContext } from "react";

// What dialogs, menus and tooltips are put into; none: the document's body.
export const OverlayPlace = createContext<HTMLElement | undefined>(undefined);

// For every overlay of React Aria. Its PortalProvider would do it for all at once, but is in a package that we do not depend on.
export function useOverlayPlace(): { UNSTABLE_portalContainer?: Element } {
  const place = useContext(OverlayPlace);
  return place ? { UNSTABLE_portalContainer: place } : {};
}
