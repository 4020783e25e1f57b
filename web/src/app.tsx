// SPDX-License-Identifier: Apache-2.0
// Every page and its path. Pages come when they are first opened.
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";

import { Loading } from "./design";
import type { Path } from "./paths";
import { Kept } from "./session/kept";
import { useSession, who_was_in } from "./session/session";
import { AppFrame } from "./shell/app_frame";
import { FaultBoundary } from "./shell/fault";
import { PlainFrame } from "./shell/plain_frame";
import { Unreachable } from "./shell/unreachable";

const page = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazy(async () => ({ default: (await load())[name] }));

const signed_in: [Path, ComponentType][] = [
  ["/", page(() => import("./pages/overview/overview"), "Overview")],
  ["/drawings", page(() => import("./pages/drawings/drawings"), "Drawings")],
  ["/drawings/:id", page(() => import("./pages/drawing/drawing"), "Drawing")],
  ["/keys", page(() => import("./pages/keys/keys"), "Keys")],
  ["/webhooks", page(() => import("./pages/webhooks/webhooks"), "Webhooks")],
  ["/activity", page(() => import("./pages/activity/activity"), "Activity")],
  ["/account", page(() => import("./pages/account/account"), "Account")],
];

const DrawingView = page(() => import("./pages/view/view"), "View");

const anybody: [Path, ComponentType][] = [
  ["/sign-up", page(() => import("./pages/sign/sign_up"), "SignUp")],
  ["/forgot-password", page(() => import("./pages/sign/forgot_password"), "ForgotPassword")],
  ["/reset-password", page(() => import("./pages/sign/reset_password"), "ResetPassword")],
  ["/verify-email", page(() => import("./pages/sign/verify_email"), "VerifyEmail")],
  ["/confirm-email", page(() => import("./pages/sign/confirm_email"), "ConfirmEmail")],
  ["/sign-in/:provider", page(() => import("./pages/sign/provider_callback"), "ProviderCallback")],
  ["/welcome", page(() => import("./pages/sign/welcome"), "Welcome")],
  ["/docs", page(() => import("./docs/docs"), "Docs")],
  ["/docs/:guide", page(() => import("./docs/docs"), "Docs")],
  ["/security", page(() => import("./security/security"), "Security")],
];

const SignIn = page(() => import("./pages/sign/sign_in"), "SignIn");
const NotFound = page(() => import("./pages/not_found"), "NotFound");

// A page that is still on its way, or cannot be shown, leaves its frame as it is.
function Loaded({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  return (
    <FaultBoundary of={path}>
      <Suspense fallback={<Loading />}>{children}</Suspense>
    </FaultBoundary>
  );
}

function Framed({ Inner }: { Inner: ComponentType }) {
  const { state } = useSession();
  const whose = who_was_in(state);
  return (
    <>
      {whose && (
        <Kept key={whose.id} away={state.kind !== "in"}>
          <AppFrame>
            <Loaded>
              <Inner />
            </Loaded>
          </AppFrame>
        </Kept>
      )}
      {state.kind === "asking" && <Loading />}
      {state.kind === "unknown" && <Unreachable error={state.error} />}
      {state.kind === "out" && <SignInFirst />}
    </>
  );
}

function SignInFirst() {
  return (
    <PlainFrame>
      <Loaded>
        <SignIn />
      </Loaded>
    </PlainFrame>
  );
}

function SignInPage() {
  const { state } = useSession();
  return state.kind === "in" ? <Redirect to="/" /> : <SignInFirst />;
}

function FullScreen() {
  const { state } = useSession();
  if (state.kind === "asking") return <Loading />;
  if (state.kind === "unknown") return <Unreachable error={state.error} />;
  if (state.kind === "out") return <SignInFirst />;
  return (
    <Loaded>
      <DrawingView />
    </Loaded>
  );
}

export function App() {
  return (
    <Switch>
      <Route path="/sign-in">
        <SignInPage />
      </Route>
      <Route path="/drawings/:id/view">
        <FullScreen />
      </Route>
      {signed_in.map(([path, Inner]) => (
        <Route key={path} path={path}>
          <Framed Inner={Inner} />
        </Route>
      ))}
      {anybody.map(([path, Inner]) => (
        <Route key={path} path={path}>
          <PlainFrame>
            <Loaded>
              <Inner />
            </Loaded>
          </PlainFrame>
        </Route>
      ))}
      <Route>
        <PlainFrame>
          <Loaded>
            <NotFound />
          </Loaded>
        </PlainFrame>
      </Route>
    </Switch>
  );
}
