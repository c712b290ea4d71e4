//! The hosted UI's domain: authorization requests and the token endpoint. The only file that names the OAuth library.

use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, ExtraTokenFields,
    HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError,
    Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{
        BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        bounded_body::{read_bounded, reason},
        clock::Clock,
        error::Cause,
        issuer::Endpoints,
        masking::mask,
        provider_config::CognitoConfig,
        random::random_token,
        secret::Secret,
        tokens::TokenSet,
        verdict::RefreshFailure,
    },
    AuthorizationRequest, lifetime,
};

/// Longer answers of the token endpoint are rejected, in bytes. Two tokens with 100 groups each, of 128 letters of any script,
/// are a fifth of it.
const BODY_LIMIT: usize = 1024 * 1024;

type OAuthClient = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<OpenIdFields, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct OpenIdFields {
    id_token: Option<Secret>,
}

impl ExtraTokenFields for OpenIdFields {}

/// The pages and endpoints on the user pool's domain.
#[derive(Debug)]
pub(super) struct HostedUi {
    config: CognitoConfig,
    redirect_uri: String,
    http: reqwest::Client,
}

impl HostedUi {
    pub(super) fn new(config: CognitoConfig, redirect_uri: String, http: reqwest::Client) -> Self {
        Self { config, redirect_uri, http }
    }

    /// A new authorization request (RFC 6749 §4.1.1) with PKCE (RFC 7636), state and nonce: B1–B3.
    pub(super) fn begin_sign_in(
        &self,
        endpoints: Endpoints,
        suffix: &str,
        asks_for_password: bool,
    ) -> Result<AuthorizationRequest, Cause> {
        let client = self.oauth_client(endpoints)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = random_token::<32>()?;
        let state = format!("{}{suffix}", CsrfToken::new_random_len(32).into_secret());
        let mut request = client
            .authorize_url(|| CsrfToken::new(state))
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .add_extra_param("nonce", &nonce);
        if asks_for_password {
            // OpenID Connect Core §3.1.2.1. The classic hosted UI ignores it.
            request = request.add_extra_param("prompt", "login");
        }
        let (url, state) = request.url();
        let code_verifier = Secret::new(verifier.into_secret());
        Ok(AuthorizationRequest { url: url.into(), state: state.into_secret(), nonce, code_verifier })
    }

    /// The tokens for a code (RFC 6749 §4.1.3).
    pub(super) async fn exchange_code(
        &self,
        endpoints: Endpoints,
        code: String,
        code_verifier: &Secret,
        clock: &Clock,
    ) -> Result<TokenSet, Cause> {
        let client = self.oauth_client(endpoints)?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(code_verifier.expose().to_owned()))
            .request_async(&|request| send(self.http.clone(), request))
            .await
            .map_err(code_cause)?;
        Ok(token_set(&answer, clock))
    }

    /// New tokens for a refresh token (RFC 6749 §6). Rotates where the client has rotation.
    pub(super) async fn refresh(
        &self,
        endpoints: Endpoints,
        refresh_token: &Secret,
        clock: &Clock,
    ) -> Result<TokenSet, RefreshFailure> {
        let client = self.oauth_client(endpoints).map_err(|cause| RefreshFailure::configuration(cause.to_string()))?;
        let token = RefreshToken::new(refresh_token.expose().to_owned());
        let answer =
            client.exchange_refresh_token(&token).request_async(&|request| send(self.http.clone(), request)).await;
        answer.map(|answer| token_set(&answer, clock)).map_err(refresh_failure)
    }

    fn oauth_client(&self, endpoints: Endpoints) -> Result<OAuthClient, Cause> {
        let redirect = RedirectUrl::new(self.redirect_uri.clone())
            .map_err(|error| Cause::Configuration(format!("APP_URL makes no redirect URI: {error}")))?;
        let client = oauth2::Client::new(ClientId::new(self.config.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(endpoints.authorization))
            .set_token_uri(TokenUrl::from_url(endpoints.token))
            .set_redirect_uri(redirect);
        Ok(match &self.config.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => client,
        })
    }
}

fn token_set(answer: &StandardTokenResponse<OpenIdFields, BasicTokenType>, clock: &Clock) -> TokenSet {
    let access_token = Secret::new(answer.access_token().secret());
    TokenSet {
        access_expires_at: clock.now().plus(lifetime(answer.expires_in(), &access_token)),
        access_token,
        id_token: answer.extra_fields().id_token.clone(),
        refresh_token: answer.refresh_token().map(|token| Secret::new(token.secret())),
    }
}

/// The token endpoint gave no answer that can be read: why, in words for the log, without its URL.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unanswered(String);

impl From<reqwest::Error> for Unanswered {
    fn from(error: reqwest::Error) -> Self {
        Self(reason(error))
    }
}

async fn send(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, Unanswered> {
    let mut answer = http.execute(request.try_into()?).await?;
    // An error body is OAuth 2.0's only where the server decided something; these statuses say "later".
    if answer.status().is_server_error() || answer.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
        answer = answer.error_for_status()?;
    }
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = read_bounded(answer, BODY_LIMIT).await.map_err(Unanswered)?;
    Ok(response)
}

fn code_cause(error: RequestTokenError<Unanswered, BasicErrorResponse>) -> Cause {
    match error {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            BasicErrorResponseType::InvalidGrant => Cause::CodeRefused("invalid_grant".to_owned()),
            // Cognito answers 400 for a wrong secret, and `unauthorized_client` for a redirect URI that differs.
            kind => Cause::Configuration(format!(
                "the token endpoint answered {} ({}): check COGNITO_CLIENT_ID, COGNITO_CLIENT_SECRET and the app client's \
                 callback URLs",
                mask(kind.as_ref()),
                mask(answer.error_description().map_or("no description", String::as_str))
            )),
        },
        RequestTokenError::Request(Unanswered(why)) => Cause::unavailable(why),
        RequestTokenError::Parse(..) => Cause::unavailable("the token endpoint's answer is not OAuth 2.0".to_owned()),
        RequestTokenError::Other(what) => Cause::unavailable(mask(&what)),
    }
}

/// The token endpoint has one answer for every verdict, `invalid_grant`; reuse of a rotated token is among them.
fn refresh_failure(error: RequestTokenError<Unanswered, BasicErrorResponse>) -> RefreshFailure {
    match code_cause(error) {
        Cause::CodeRefused(why) => RefreshFailure::reused(why),
        Cause::Configuration(why) => RefreshFailure::configuration(why),
        cause => RefreshFailure::transient(cause.to_string()),
    }
}
