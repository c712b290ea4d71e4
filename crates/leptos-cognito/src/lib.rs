//! Sign-in with Amazon Cognito for Leptos on axum, that stays signed in. The README has the way into an app, step by step.
//!
//! In components: [`SessionProvider`] once around the router and [`SessionNotices`] in the frame of the pages, then
//! [`use_session`], [`SignedIn`], [`SignedOut`], [`SignInLink`], [`SignOutForm`]; for forms [`with_session`],
//! [`KeepTyped`], [`SignInAgain`]. On pages of islands [`provide_rendered_session`] in the outermost island instead, and
//! [`When`] and [`Fresh`] around what the server renders. On the server: `server::Auth` guards the routes, `server::require_session` gives a
//! server function its user and a fresh access token.
//!
//! What is called `server` is compiled for the server alone, what is called `client` for the browser alone, all else
//! for both. The only cfg gates are in this file.

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!(
    "leptos-cognito is built with both `ssr` and `hydrate`: write `ssr = [\"leptos-cognito/ssr\"]` and \
     `hydrate = [\"leptos-cognito/hydrate\"]` into your [features], and build each side with one of them"
);
#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
compile_error!(
    "leptos-cognito is built with neither `ssr` nor `hydrate`: write `ssr = [\"leptos-cognito/ssr\"]` and \
     `hydrate = [\"leptos-cognito/hydrate\"]` into your [features], and build each side with one of them"
);

#[allow(unreachable_pub, reason = "the macros of Leptos make public items")]
mod api;
#[allow(unreachable_pub, reason = "the macros of Leptos make public items")]
mod controls;
mod error;
mod kept_form;
#[allow(unreachable_pub, reason = "the macros of Leptos make public items")]
mod notices;
mod paths;
#[allow(unreachable_pub, reason = "the macros of Leptos make public items")]
mod provider;
#[allow(unreachable_pub, reason = "the macros of Leptos make public items")]
mod rendered;
mod session;
#[allow(unreachable_pub, reason = "the macros of Leptos make public items")]
mod sign_in_again;
#[allow(unreachable_pub, reason = "the macros of Leptos make public items")]
mod signed_out_notice;
mod texts;
mod with_session;

#[cfg(not(feature = "ssr"))]
mod client;
// What `client` decides with; its tests need no browser.
#[cfg(any(test, not(feature = "ssr")))]
mod hearsay;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(any(test, not(feature = "ssr")))]
mod timing;

#[cfg(not(feature = "ssr"))]
use client as side;
#[cfg(feature = "ssr")]
use server::rendering as side;

pub use api::{get_session, sign_in, sign_out, sign_out_everywhere};
pub use controls::{
    SignInLink, SignInLinkProps, SignOutForm, SignOutFormProps, SignedIn, SignedInProps, SignedOut, SignedOutProps,
};
pub use error::{AuthError, AuthErrorCode};
pub use kept_form::{KeptForm, PERSON_FIELD};
pub use notices::{SessionNotices, SessionNoticesProps};
pub use paths::{
    AUTH_PREFIX, CALLBACK, HOME, SESSION, SIGN_IN, SIGN_IN_FAILED, SIGN_OUT, SIGN_OUT_EVERYWHERE, SIGNED_IN,
};
pub use provider::{
    RenderedSession, SessionProvider, SessionProviderProps, UseSession, provide_rendered_session, refetch_parts,
    use_session,
};
pub use rendered::{Fresh, FreshProps, SessionLost, SessionLostProps, When, WhenProps};
pub use session::{Session, SessionEvent, SessionStatus, SignIn, SignOutOutcome, TimelineEntry, User};
pub use sign_in_again::{CloseWindow, CloseWindowProps, KeepTyped, KeepTypedProps, SignInAgain, SignInAgainProps};
pub use signed_out_notice::{SignedOutNotice, SignedOutNoticeProps};
pub use texts::{SessionTexts, use_session_texts};
pub use with_session::{WithSession, with_session};
