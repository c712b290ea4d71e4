//! The identity provider: all that is asked of Amazon Cognito, at its two hosts. `oauth` is the hosted UI's domain and
//! alone names the OAuth library, `api` is the JSON API and alone names the AWS SDK. Called by the flows, `refresh` and
//! `current`.

mod api;
mod oauth;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use url::Url;

use self::{api::Api, oauth::HostedUi};
use super::{
    bounded_body::reason,
    clock::Clock,
    error::Cause,
    id_claims::IdClaims,
    issuer::Issuer,
    provider_config::{CognitoConfig, RefreshMethod},
    secret::Secret,
    token_source::{RefreshGrant, Renewal, TokenSource},
    tokens::{Expected, TokenSet, own_lifetime, signing_key_id, unverified_claims, verify_id_token},
    verdict::RefreshFailure,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// All attempts together, waiting included.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(7);
/// Where neither answer nor token tells: Cognito's default life of an access token.
const DEFAULT_EXPIRES_IN: Duration = Duration::from_secs(3600);

/// How long an access token lives, by the answer it came in or else by itself.
fn lifetime(stated: Option<Duration>, access_token: &Secret) -> Duration {
    stated.filter(|secs| !secs.is_zero()).or_else(|| own_lifetime(access_token)).unwrap_or(DEFAULT_EXPIRES_IN)
}

/// A sign-in that has begun: where the browser goes, and what has to come back.
pub(super) struct AuthorizationRequest {
    pub(super) url: String,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) code_verifier: Secret,
}

/// The user pool.
#[derive(Debug)]
pub(super) struct Cognito {
    config: CognitoConfig,
    issuer: Issuer,
    hosted_ui: HostedUi,
    api: Api,
    http: reqwest::Client,
    clock: Clock,
    /// What `auto` has learnt: `InitiateAuth` is not for this client.
    has_rotation: AtomicBool,
}

impl Cognito {
    pub(super) async fn new(config: CognitoConfig, redirect_uri: String, clock: Clock) -> Result<Self, Cause> {
        // A token endpoint that redirects would be sent the code and the secret again, wherever it points; an upstream
        // the access token.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(OPERATION_TIMEOUT)
            .build()
            .map_err(|error| Cause::Configuration(format!("no HTTP client: {}", reason(error))))?;
        Ok(Self {
            issuer: Issuer::new(config.clone(), http.clone(), clock.clone()),
            hosted_ui: HostedUi::new(config.clone(), redirect_uri, http.clone()),
            api: Api::new(config.clone()).await?,
            config,
            http,
            clock,
            has_rotation: AtomicBool::new(false),
        })
    }

    pub(super) fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// The client that asks Cognito; it follows no redirect and waits no longer than it should.
    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The domain's `/oauth2/userInfo`.
    pub(super) async fn user_info_url(&self) -> Result<Url, Cause> {
        Ok(self.issuer.endpoints().await?.user_info)
    }

    /// A new authorization request (RFC 6749 §4.1.1) with PKCE (RFC 7636), state and nonce: B1–B3. `suffix` ends the state;
    /// with `asks_for_password` a session at Cognito is not enough.
    pub(super) async fn begin_sign_in(
        &self,
        suffix: &str,
        asks_for_password: bool,
    ) -> Result<AuthorizationRequest, Cause> {
        self.hosted_ui.begin_sign_in(self.issuer.endpoints().await?, suffix, asks_for_password)
    }

    /// The tokens for a code (RFC 6749 §4.1.3).
    pub(super) async fn exchange_code(&self, code: String, code_verifier: &Secret) -> Result<TokenSet, Cause> {
        self.hosted_ui.exchange_code(self.issuer.endpoints().await?, code, code_verifier, &self.clock).await
    }

    /// Ends the refresh token and all tokens made from it.
    pub(super) async fn revoke(&self, refresh_token: &Secret) -> Result<(), Cause> {
        self.api.revoke(refresh_token).await
    }

    /// Ends all sessions of the access token's user.
    pub(super) async fn global_sign_out(&self, access_token: &Secret) -> Result<(), Cause> {
        self.api.global_sign_out(access_token).await
    }

    /// The user's attributes, name and value.
    pub(super) async fn user_attributes(&self, access_token: &Secret) -> Result<Vec<(String, String)>, Cause> {
        self.api.user_attributes(access_token).await
    }

    /// The claims of an ID token that came beside `access_token`. `nonce` is this sign-in's; none after a refresh.
    pub(super) async fn verified_claims(
        &self,
        id_token: &Secret,
        access_token: &Secret,
        nonce: Option<&str>,
    ) -> Result<IdClaims, Cause> {
        let key = self.issuer.key(&signing_key_id(id_token)?).await?;
        verify_id_token(id_token, &key, &self.expected(access_token, nonce))
    }

    fn expected<'a>(&'a self, access_token: &'a Secret, nonce: Option<&'a str>) -> Expected<'a> {
        let (issuer, client_id) = (&self.config.issuer, &self.config.client_id);
        let now = nonce.is_some().then(|| self.clock.now());
        Expected { issuer, client_id, nonce, access_token, now }
    }

    /// Cognito's `/logout` (not OpenID Connect's): ends the hosted UI's own session and comes back to `logout_uri`.
    pub(super) async fn logout_url(&self, logout_uri: &str) -> Result<String, Cause> {
        let mut url = self.issuer.endpoints().await?.logout;
        url.query_pairs_mut()
            .clear()
            .append_pair("client_id", &self.config.client_id)
            .append_pair("logout_uri", logout_uri);
        Ok(url.into())
    }
}

impl TokenSource for Cognito {
    async fn renew(&self, grant: RefreshGrant) -> Result<Renewal, RefreshFailure> {
        let tokens = self.new_tokens(&grant).await?;
        let claims = self.claims_of_renewal(&grant, &tokens).await?;
        Ok(Renewal { tokens, claims })
    }
}

impl Cognito {
    /// By the operation that is configured. `auto` begins with `InitiateAuth`; a client with refresh token rotation
    /// refuses that with an exception of its own, and from then on `GetTokensFromRefreshToken` is used.
    async fn new_tokens(&self, grant: &RefreshGrant) -> Result<TokenSet, RefreshFailure> {
        let (token, clock) = (&grant.refresh_token, &self.clock);
        let has_rotation = self.has_rotation.load(Ordering::Relaxed);
        match self.config.refresh {
            RefreshMethod::InitiateAuth => self.api.initiate_auth(token, &grant.username, clock).await,
            RefreshMethod::GetTokens => self.api.get_tokens(token, clock).await,
            RefreshMethod::TokenEndpoint => {
                let endpoints =
                    self.issuer.endpoints().await.map_err(|cause| RefreshFailure::transient(cause.to_string()))?;
                self.hosted_ui.refresh(endpoints, token, clock).await
            }
            RefreshMethod::Auto if has_rotation => self.api.get_tokens(token, clock).await,
            RefreshMethod::Auto => match self.api.initiate_auth(token, &grant.username, clock).await {
                Err(failure) if failure.is_rotation_on() => {
                    tracing::info!(
                        "the app client has refresh token rotation: using GetTokensFromRefreshToken from now on"
                    );
                    self.has_rotation.store(true, Ordering::Relaxed);
                    self.api.get_tokens(token, clock).await
                }
                answer => answer,
            },
        }
    }

    /// The new ID token's claims, which have to be this session's (B18).
    async fn claims_of_renewal(
        &self,
        grant: &RefreshGrant,
        tokens: &TokenSet,
    ) -> Result<Option<IdClaims>, RefreshFailure> {
        let Some(id_token) = &tokens.id_token else { return Ok(None) };
        let access_token = &tokens.access_token;
        let (claims, is_verified) = match self.verified_claims(id_token, access_token, None).await {
            // The keys could not be fetched. The tokens came from Cognito by TLS and are good if they are this user's;
            // throwing a rotated refresh token away would end the session. The old claims stay until the next refresh.
            Err(cause) if !matches!(cause, Cause::IdToken(_) | Cause::Claim(_)) => {
                tracing::warn!(session = grant.log_id, generation = grant.generation, %cause, "the new ID token could not be checked, old claims kept");
                (unverified_claims(id_token, &self.expected(access_token, None)), false)
            }
            claims => (claims, true),
        };
        match claims {
            Ok(claims) if claims.sub != grant.subject => {
                Err(RefreshFailure::terminal("the new ID token is another user's"))
            }
            Ok(claims) => Ok(is_verified.then_some(claims)),
            Err(cause) => Err(RefreshFailure::terminal(format!("the new ID token was refused: {cause}"))),
        }
    }
}
