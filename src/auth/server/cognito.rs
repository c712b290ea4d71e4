//! The identity provider: all that is asked of Amazon Cognito. The only file that names the OAuth library or the AWS
//! SDK. Called by `sign_in`, `callback`, `refresh`, `sign_out` and `current`.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, retry::RetryConfig, timeout::TimeoutConfig};
use aws_lc_rs::hmac;
use aws_sdk_cognitoidentityprovider::{
    Client as CognitoClient,
    error::{ProvideErrorMetadata, SdkError},
    types::{AuthFlowType, AuthenticationResultType},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, ExtraTokenFields,
    HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
    basic::{
        BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    clock::Clock,
    error::Cause,
    issuer::{Endpoints, Issuer},
    provider_config::CognitoConfig,
    random::random_token,
    secret::Secret,
    tokens::{Expected, IdClaims, TokenSet, signing_key_id, verify_id_token},
    verdict::RefreshFailure,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// All attempts together, waiting included.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(7);
const ATTEMPTS: u32 = 2;
/// Where `expires_in` is missing: Cognito's default life of an access token.
const DEFAULT_EXPIRES_IN: Duration = Duration::from_secs(3600);

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
    redirect_uri: String,
    issuer: Issuer,
    http: reqwest::Client,
    api: CognitoClient,
    clock: Clock,
}

impl Cognito {
    pub(super) async fn new(config: CognitoConfig, redirect_uri: String, clock: Clock) -> Result<Self, Cause> {
        // A token endpoint that redirects would be sent the code and the secret again, wherever it points.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(OPERATION_TIMEOUT)
            .build()
            .map_err(|error| Cause::Configuration(format!("no HTTP client: {error}")))?;
        let api = api_client(&config).await;
        let issuer = Issuer::new(config.clone(), http.clone(), clock.clone());
        Ok(Self { config, redirect_uri, issuer, http, api, clock })
    }

    pub(super) fn issuer(&self) -> &str {
        &self.config.issuer
    }

    /// A new authorization request (RFC 6749 §4.1.1) with PKCE (RFC 7636), state and nonce: B1–B3.
    pub(super) async fn begin_sign_in(&self) -> Result<AuthorizationRequest, Cause> {
        let client = self.oauth_client(self.issuer.endpoints().await?)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let nonce = random_token::<32>()?;
        let (url, state) = client
            .authorize_url(|| CsrfToken::new_random_len(32))
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .add_extra_param("nonce", &nonce)
            .url();
        let code_verifier = Secret::new(verifier.into_secret());
        Ok(AuthorizationRequest { url: url.into(), state: state.into_secret(), nonce, code_verifier })
    }

    /// The tokens for a code (RFC 6749 §4.1.3).
    pub(super) async fn exchange_code(&self, code: String, code_verifier: &Secret) -> Result<TokenSet, Cause> {
        let client = self.oauth_client(self.issuer.endpoints().await?)?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(code_verifier.expose().to_owned()))
            .request_async(&|request| send(self.http.clone(), request))
            .await
            .map_err(code_cause)?;
        Ok(TokenSet {
            access_token: Secret::new(answer.access_token().secret()),
            access_expires_at: self.clock.now().plus(answer.expires_in().unwrap_or(DEFAULT_EXPIRES_IN)),
            id_token: answer.extra_fields().id_token.clone(),
            refresh_token: answer.refresh_token().map(|token| Secret::new(token.secret())),
        })
    }

    /// New tokens for a refresh token: `InitiateAuth` with `REFRESH_TOKEN_AUTH`. `username` is the pool's own.
    pub(super) async fn refresh(&self, refresh_token: &Secret, username: &str) -> Result<TokenSet, RefreshFailure> {
        let mut request = self
            .api
            .initiate_auth()
            .auth_flow(AuthFlowType::RefreshTokenAuth)
            .client_id(&self.config.client_id)
            .auth_parameters("REFRESH_TOKEN", refresh_token.expose());
        if let Some(secret) = &self.config.client_secret {
            request = request.auth_parameters("SECRET_HASH", secret_hash(secret, username, &self.config.client_id));
        }
        let answer = request.send().await.map_err(|error| refresh_failure(&error))?;
        answer
            .authentication_result
            .and_then(|result| self.token_set(result))
            .ok_or_else(|| RefreshFailure::transient("Cognito's answer has no access token"))
    }

    /// Ends the refresh token and all tokens made from it (`RevokeToken`).
    pub(super) async fn revoke(&self, refresh_token: &Secret) -> Result<(), Cause> {
        let request = self.api.revoke_token().client_id(&self.config.client_id).token(refresh_token.expose());
        let secret = self.config.client_secret.as_ref().map(Secret::expose);
        match request.set_client_secret(secret.map(str::to_owned)).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(api_cause(&error)),
        }
    }

    /// The user's attributes, from Cognito (`GetUser`).
    pub(super) async fn user_attributes(&self, access_token: &Secret) -> Result<Vec<(String, String)>, Cause> {
        let answer =
            self.api.get_user().access_token(access_token.expose()).send().await.map_err(|error| api_cause(&error))?;
        Ok(answer
            .user_attributes
            .into_iter()
            .map(|attribute| (attribute.name, attribute.value.unwrap_or_default()))
            .collect())
    }

    /// The claims of an ID token that came beside `access_token`. `nonce` is this sign-in's; none after a refresh.
    pub(super) async fn verified_claims(
        &self,
        id_token: &Secret,
        access_token: &Secret,
        nonce: Option<&str>,
    ) -> Result<IdClaims, Cause> {
        let key = self.issuer.key(&signing_key_id(id_token)?).await?;
        let (issuer, client_id) = (&self.config.issuer, &self.config.client_id);
        verify_id_token(id_token, &key, &Expected { issuer, client_id, nonce, access_token, now: self.clock.now() })
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

    fn token_set(&self, result: AuthenticationResultType) -> Option<TokenSet> {
        let lifetime = u64::try_from(result.expires_in).ok().filter(|secs| *secs > 0).map(Duration::from_secs);
        Some(TokenSet {
            access_token: Secret::new(result.access_token?),
            access_expires_at: self.clock.now().plus(lifetime.unwrap_or(DEFAULT_EXPIRES_IN)),
            id_token: result.id_token.map(Secret::new),
            refresh_token: result.refresh_token.map(Secret::new),
        })
    }
}

/// The JSON API: unsigned requests (`authtype: none`), so no credentials are looked for.
async fn api_client(config: &CognitoConfig) -> CognitoClient {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .no_credentials()
        .region(Region::new(config.region.clone()))
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts);
    let loader = match &config.endpoint_url {
        Some(url) => loader.endpoint_url(url),
        None => loader,
    };
    CognitoClient::new(&loader.load().await)
}

/// `Base64(HMAC-SHA256(client_secret, username + client_id))`
/// ([Computing secret hash values](https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash)).
fn secret_hash(client_secret: &Secret, username: &str, client_id: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, client_secret.expose().as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, format!("{username}{client_id}").as_bytes()))
}

async fn send(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let mut answer = http.execute(request.try_into()?).await?;
    // An error body is OAuth 2.0's only where the server decided something; these statuses say "later".
    if answer.status().is_server_error() || answer.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
        answer = answer.error_for_status()?;
    }
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.into();
    Ok(response)
}

fn code_cause(error: RequestTokenError<reqwest::Error, BasicErrorResponse>) -> Cause {
    match error {
        RequestTokenError::ServerResponse(answer) => match answer.error() {
            BasicErrorResponseType::InvalidGrant => Cause::CodeRefused("invalid_grant".to_owned()),
            // Cognito answers 400 for a wrong secret, and `unauthorized_client` for a redirect URI that differs.
            kind => Cause::Configuration(format!(
                "the token endpoint answered {kind} ({}): check COGNITO_CLIENT_ID, COGNITO_CLIENT_SECRET and the app \
                 client's callback URLs",
                answer.error_description().map_or("no description", String::as_str)
            )),
        },
        RequestTokenError::Request(error) => Cause::Unavailable(error.without_url().to_string()),
        RequestTokenError::Parse(..) => Cause::Unavailable("the token endpoint's answer is not OAuth 2.0".to_owned()),
        RequestTokenError::Other(what) => Cause::Unavailable(what),
    }
}

fn refresh_failure<E: ProvideErrorMetadata>(error: &SdkError<E>) -> RefreshFailure {
    match error.as_service_error().and_then(|error| Some((error.code()?, error.message().unwrap_or_default()))) {
        Some((code, message)) => RefreshFailure::from_api(code, message),
        None => RefreshFailure::transient(no_answer(error)),
    }
}

/// The cause of a failed call that is not a refresh: by type, as a refresh's.
fn api_cause<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Cause {
    refresh_failure(error).into_cause()
}

/// In the SDK's own words an error may quote the request; these are fixed.
fn no_answer<E>(error: &SdkError<E>) -> &'static str {
    match error {
        SdkError::ConstructionFailure(_) => "the request could not be made",
        SdkError::TimeoutError(_) => "no answer in time",
        SdkError::DispatchFailure(_) => "no connection",
        SdkError::ResponseError(_) => "the answer broke off or was not understood",
        _ => "an answer without an error type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_hash_of_a_known_case() {
        // echo -n 'userclient' | openssl dgst -sha256 -hmac 'secret' -binary | base64
        let hash = secret_hash(&Secret::new("secret"), "user", "client");
        assert_eq!(hash, "wvW87lzZoI+qQCVGmWVBJLlucdJ65huAVP1z+0MgA6E=");
    }
}
