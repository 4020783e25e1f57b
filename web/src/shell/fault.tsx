// SPDX-License-Identifier: Apache-2.0
import { Component, type ReactNode } from "react";

import { ApiError } from "../api/client";
import { Failure, Page } from "../design";

// A page's own script or style sheet did not come. Browsers word it differently.
const not_loaded = (thrown: unknown) => thrown instanceof Error && /dynamically imported module|importing a module|preload css/i.test(thrown.message);

interface State {
  thrown?: unknown;
}

// Instead of a page that failed while it was shown. `of` is the page's path: another one begins anew.
export class FaultBoundary extends Component<{ of: string; children: ReactNode }, State> {
  override state: State = {};

  static getDerivedStateFromError(thrown: unknown): State {
    return { thrown };
  }

  override componentDidUpdate(before: { of: string }) {
    if (before.of !== this.props.of && this.state.thrown !== undefined) this.setState({ thrown: undefined });
  }

  override render() {
    const { thrown } = this.state;
    if (thrown === undefined) return this.props.children;
    const error = not_loaded(thrown) ? new ApiError(0, "NO_NETWORK", "The server cannot be reached, so this page could not be loaded.") : thrown;
    // A script that did not come is not asked for again by the same document.
    return (
      <Page title="This page cannot be shown">
        <Failure error={error} retry={() => window.location.reload()} />
      </Page>
    );
  }
}
