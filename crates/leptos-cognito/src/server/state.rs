//! What the rooms of the server share: configuration, cookies, the sessions' life. Below the guard and the flows; [`Auth`]
//! (in `mod.rs`) opens it and shows none of it.
//!
//! [`Auth`]: super::Auth

use std::{sync::Arc, time::Duration};

use moka::{policy::EvictionPolicy, sync::Cache};

use super::{
    super::CALLBACK,
    access::Access,
    after_logout::AfterLogoutCookie,
    clock::Clock,
    cognito::Cognito,
    config::AuthConfig,
    cookies::CookieKind,
    error::Cause,
    flow_cookie::{FLOW_SECS, FlowCookie},
    lifecycle::{Lifecycle, Rules},
    provider_config::ACCOUNT_SCOPE,
    reauthentication::mark::ReauthenticateCookie,
    seal::{Purpose, Sealer},
    session_cookie::SessionCookie,
    signed_out_cookie::SignedOutCookie,
};

/// Used states that are remembered; beyond it the oldest go.
const MAX_USED_STATES: u64 = 100_000;

/// While the token is good nobody waits longer than this for a new one; the refresh itself goes on.
const PATIENCE_WHEN_DUE: Duration = Duration::from_secs(1);
/// After a failure no page waits longer than this for a new token.
const PATIENCE_IN_DOUBT: Duration = Duration::from_millis(150);

/// The state as it is handed around, and found in a request's extensions.
pub(super) type Shared = Arc<State>;

/// One for each process.
pub(super) struct State {
    pub(super) config: AuthConfig,
    pub(super) access: Access,
    pub(super) cognito: Arc<Cognito>,
    pub(super) session_cookie: SessionCookie,
    pub(super) flow_cookie: FlowCookie,
    pub(super) signed_out_cookie: SignedOutCookie,
    pub(super) reauthenticate_cookie: ReauthenticateCookie,
    pub(super) after_logout_cookie: AfterLogoutCookie,
    pub(super) lifecycle: Lifecycle<Cognito>,
    pub(super) used_states: Cache<String, ()>,
    pub(super) clock: Clock,
}

impl State {
    /// Prepares everything; asks Cognito nothing yet.
    pub(super) async fn open(config: AuthConfig, access: Access, clock: Clock) -> Result<Shared, Cause> {
        config.check_ranges()?;
        let redirect_uri = config.app_url.join(CALLBACK);
        let cognito = Arc::new(Cognito::new(config.cognito.clone(), redirect_uri, clock.clone()).await?);
        let kind = CookieKind::of(&config.app_url);
        let used_states = Cache::builder().max_capacity(MAX_USED_STATES).eviction_policy(EvictionPolicy::lru());
        let rules = Rules {
            issuer: config.cognito.issuer.clone(),
            client_id: config.cognito.client_id.clone(),
            limits: config.limits(),
            refresh_entries: config.refresh_entries,
            patience_when_due: PATIENCE_WHEN_DUE,
            patience_in_doubt: PATIENCE_IN_DOUBT,
        };
        Ok(Arc::new(Self {
            session_cookie: SessionCookie::new(kind.clone(), Sealer::new(Purpose::Session, &config.secrets)?),
            flow_cookie: FlowCookie::new(kind.clone(), Sealer::new(Purpose::SignIn, &config.secrets)?),
            signed_out_cookie: SignedOutCookie::new(kind.clone()),
            reauthenticate_cookie: ReauthenticateCookie::new(kind.clone()),
            after_logout_cookie: AfterLogoutCookie::new(kind, Sealer::new(Purpose::AfterLogout, &config.secrets)?),
            lifecycle: Lifecycle::new(cognito.clone(), rules, clock.clone()),
            used_states: used_states.time_to_live(Duration::from_secs(2 * FLOW_SECS)).build(),
            config,
            access,
            cognito,
            clock,
        }))
    }

    /// Whether Cognito takes the access tokens that this app gets for ending all of a user's sessions.
    pub(super) fn can_sign_out_everywhere(&self) -> bool {
        self.config.cognito.scopes.iter().any(|scope| scope == ACCOUNT_SCOPE)
    }
}
