//! The server's half. [`Auth::new`] takes the configuration, [`Auth::mount`] puts the guard around a router; server
//! functions start with [`require_session`], axum handlers take [`ServerSession`] as an argument.
//!
//! The way of a request: `guard` → `session_cookie` → `refresh` → `access` decides → handler → cookie. One flow a file:
//! `sign_in`, `callback`, `sign_out`; what they ask of Cognito is in `cognito`.

mod access;
mod after_logout;
mod answer;
mod backoff;
mod bounded_body;
mod callback;
mod clock;
mod cognito;
mod config;
mod config_problems;
mod cookies;
mod cross_site;
mod current;
mod deflate;
mod end_other;
mod ended_sessions;
mod endpoints;
mod error;
mod flow_cookie;
#[cfg(any(test, feature = "test-util"))]
#[doc(hidden)]
pub mod fuzzing;
mod guard;
mod id_claims;
mod issuer;
mod journal;
mod kept_form;
mod lifecycle;
mod masking;
mod newest;
mod origin;
mod page_redirect;
mod pattern;
mod per_user;
mod pool_urls;
mod provider_config;
mod random;
mod reauthentication;
mod refresh;
mod refresher;
mod refused_page;
pub(super) mod rendering;
mod return_to;
mod seal;
mod sealed_session;
mod secret;
mod session_cookie;
mod session_secrets;
mod setting_reader;
mod sign_in;
mod sign_ins;
mod sign_out;
mod signed_out_cookie;
#[cfg(test)]
mod simulation;
mod single_flight;
mod state;
mod token_source;
mod tokens;
mod unreadable;
mod upstream;
mod upstream_origins;
mod user_agent;
mod verdict;
mod visit;

use std::fmt;

use axum::{Router, extract::Request, middleware, middleware::Next};
use tower_http::csrf::CsrfLayer;

pub use access::Access;
pub use clock::{Clock, UnixTime};
pub use config::{
    AUTH_SETTINGS, AuthConfig, DEFAULT_ABSOLUTE_SECS, DEFAULT_IDLE_SECS, DEFAULT_REFRESH_ENTRIES,
    DEFAULT_STALE_CLAIMS_SECS,
};
pub use config_problems::ConfigProblems;
pub use current::{CurrentSession, ServerSession, current_session, require_group, require_person, require_session};
pub(super) use endpoints::{
    answer_callback, answer_session, answer_sign_in, answer_sign_out, answer_sign_out_everywhere,
};
pub use error::Cause;
pub use journal::Counters;
pub use masking::mask;
pub use origin::AppUrl;
pub use provider_config::{CognitoConfig, DEFAULT_SCOPES, RefreshMethod};
pub use reauthentication::setting::Reauthentication;
pub use seal::{Purpose, Sealer};
pub use secret::Secret;
pub use session_secrets::SessionSecrets;
pub use setting_reader::SettingReader;
pub use upstream::{UpstreamAnswer, UpstreamCall};
pub use upstream_origins::UpstreamOrigins;

use access::Need;
use state::{Shared, State};

/// The sign-in of an app. Cheap to clone; one per process.
#[derive(Clone)]
pub struct Auth(Shared);

/// Why a sign-in cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// What is wrong with the settings, all of it.
    #[error(transparent)]
    Settings(#[from] ConfigProblems),
    /// What was refused with good settings.
    #[error(transparent)]
    Refused(#[from] Cause),
}

impl Auth {
    /// As [`new`](Self::new) with the settings in the environment (`APP_URL`, `SESSION_SECRETS`, `COGNITO_…`) and the system's
    /// clock.
    ///
    /// # Errors
    /// Everything that is missing or malformed at once, each with what to do about it; and as [`new`](Self::new).
    pub async fn from_env(access: Access) -> Result<Self, SetupError> {
        let config = AuthConfig::from_lookup(|name| std::env::var(name).ok())?;
        Ok(Self::new(config, access, Clock::system()).await?)
    }

    /// Prepares everything; asks Cognito nothing yet, so it works while Cognito is away.
    ///
    /// # Errors
    /// Where a number is out of range, or the cryptographic library, the HTTP client or the AWS SDK cannot be set up.
    pub async fn new(config: AuthConfig, access: Access, clock: Clock) -> Result<Self, Cause> {
        Ok(Self(State::open(config, access, clock).await?))
    }

    /// The app's own address.
    #[must_use]
    pub fn app_url(&self) -> &AppUrl {
        &self.0.config.app_url
    }

    /// Puts the guard around a router's routes. Call it after the routes are there; routes added later are not guarded.
    /// Requests that change something have to come from this site (B42).
    pub fn mount<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        self.mount_with(router, None)
    }

    /// As [`mount`](Self::mount) for a router in which nothing is private: the session is loaded for those who have
    /// one, and nobody is refused. For a not-found page.
    pub fn mount_public<S: Clone + Send + Sync + 'static>(&self, router: Router<S>) -> Router<S> {
        self.mount_with(router, Some(Need::Nothing))
    }

    fn mount_with<S: Clone + Send + Sync + 'static>(&self, router: Router<S>, need: Option<Need>) -> Router<S> {
        let auth = self.0.clone();
        let guard = middleware::from_fn(move |request: Request, next: Next| {
            guard::guard(auth.clone(), need.clone(), request, next)
        });
        let origin = self.0.config.app_url.origin();
        // An origin is always well-formed; were it not, the layer alone would be the stricter one.
        let same_site = CsrfLayer::new().add_trusted_origin(&origin).unwrap_or_default();
        let same_site = same_site.with_rejection_response(|_| guard::cross_site_refused());
        router.layer(guard).layer(same_site)
    }

    /// How often each outcome of the guard occurred since the start, for an operator's metrics.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.0.lifecycle.journal.counters()
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Auth({})", self.0.config.cognito.issuer)
    }
}
