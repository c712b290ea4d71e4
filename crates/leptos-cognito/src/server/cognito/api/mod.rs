//! Cognito's JSON API. The only folder that names the AWS SDK. Requests are unsigned (`authtype: none` in the service
//! model), so no credentials are looked for.

mod client;

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_lc_rs::hmac;
use aws_sdk_cognitoidentityprovider::{
    Client, Config,
    error::{ProvideErrorMetadata, SdkError},
    types::{AuthFlowType, AuthenticationResultType},
};
use base64::{Engine, prelude::BASE64_STANDARD};

use self::client::{check, client, quietly};
use super::{
    super::{
        clock::{Clock, UnixTime},
        error::Cause,
        provider_config::CognitoConfig,
        secret::Secret,
        tokens::TokenSet,
        verdict::RefreshFailure,
    },
    lifetime,
};

/// No request was made.
const NO_REQUEST: &str = "the request could not be made";

/// The API of the user pool's region.
#[derive(Debug)]
pub(super) struct Api {
    config: CognitoConfig,
    client: Client,
}

impl Api {
    /// Asks Cognito nothing.
    pub(super) async fn new(config: CognitoConfig) -> Result<Self, Cause> {
        let client = client(&config);
        check(&client, &config).await?;
        Ok(Self { config, client })
    }

    /// New tokens for a refresh token: `InitiateAuth` with `REFRESH_TOKEN_AUTH`. `username` is the pool's own.
    pub(super) async fn initiate_auth(
        &self,
        refresh_token: &Secret,
        username: &str,
        clock: &Clock,
    ) -> Result<TokenSet, RefreshFailure> {
        let mut request = self
            .client
            .initiate_auth()
            .auth_flow(AuthFlowType::RefreshTokenAuth)
            .client_id(&self.config.client_id)
            .auth_parameters("REFRESH_TOKEN", refresh_token.expose());
        if let Some(secret) = &self.config.client_secret {
            request = request.auth_parameters("SECRET_HASH", secret_hash(secret, username, &self.config.client_id));
        }
        let answer = quietly(request.send()).await.map_err(|error| refresh_failure(&error))?;
        answer
            .authentication_result
            .and_then(|result| token_set(result, clock.now()))
            .ok_or_else(|| RefreshFailure::transient("Cognito's answer has no access token"))
    }

    /// New tokens for a refresh token: `GetTokensFromRefreshToken`, which takes the client's secret as it is. Never
    /// repeated by itself: with rotation, the first try may have used the token up.
    pub(super) async fn get_tokens(&self, refresh_token: &Secret, clock: &Clock) -> Result<TokenSet, RefreshFailure> {
        let once = Config::builder().retry_config(RetryConfig::disabled());
        let secret = self.config.client_secret.as_ref().map(|secret| secret.expose().to_owned());
        let request = self
            .client
            .get_tokens_from_refresh_token()
            .client_id(&self.config.client_id)
            .refresh_token(refresh_token.expose())
            .set_client_secret(secret)
            .customize()
            .config_override(once);
        let answer = quietly(request.send()).await.map_err(|error| refresh_failure(&error))?;
        answer
            .authentication_result
            .and_then(|result| token_set(result, clock.now()))
            .ok_or_else(|| RefreshFailure::transient("Cognito's answer has no access token"))
    }

    /// Ends the refresh token and all tokens made from it (`RevokeToken`).
    pub(super) async fn revoke(&self, refresh_token: &Secret) -> Result<(), Cause> {
        let request = self.client.revoke_token().client_id(&self.config.client_id).token(refresh_token.expose());
        let secret = self.config.client_secret.as_ref().map(Secret::expose);
        match quietly(request.set_client_secret(secret.map(str::to_owned)).send()).await {
            Ok(_) => Ok(()),
            Err(error) => Err(api_cause(&error)),
        }
    }

    /// Ends all sessions of the token's user (`GlobalSignOut`).
    pub(super) async fn global_sign_out(&self, access_token: &Secret) -> Result<(), Cause> {
        let request = self.client.global_sign_out().access_token(access_token.expose());
        quietly(request.send()).await.map_err(|error| api_cause(&error))?;
        Ok(())
    }

    /// The user's attributes, from Cognito (`GetUser`).
    pub(super) async fn user_attributes(&self, access_token: &Secret) -> Result<Vec<(String, String)>, Cause> {
        let request = self.client.get_user().access_token(access_token.expose());
        let answer = quietly(request.send()).await.map_err(|error| api_cause(&error))?;
        Ok(answer
            .user_attributes
            .into_iter()
            .map(|attribute| (attribute.name, attribute.value.unwrap_or_default()))
            .collect())
    }
}

/// Nothing, if the answer has no access token. The end is counted from the receipt, by this server's clock.
fn token_set(result: AuthenticationResultType, now: UnixTime) -> Option<TokenSet> {
    let access_token = Secret::new(result.access_token?);
    // The SDK makes 0 of a missing `ExpiresIn`.
    let stated = u64::try_from(result.expires_in).ok().map(Duration::from_secs);
    Some(TokenSet {
        access_expires_at: now.plus(lifetime(stated, &access_token)),
        access_token,
        id_token: result.id_token.map(Secret::new),
        refresh_token: result.refresh_token.map(Secret::new),
    })
}

/// `Base64(HMAC-SHA256(client_secret, username + client_id))`
/// ([Computing secret hash values](https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash)).
fn secret_hash(client_secret: &Secret, username: &str, client_id: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, client_secret.expose().as_bytes());
    BASE64_STANDARD.encode(hmac::sign(&key, format!("{username}{client_id}").as_bytes()))
}

fn refresh_failure<E: ProvideErrorMetadata>(error: &SdkError<E>) -> RefreshFailure {
    match error.as_service_error().and_then(|error| Some((error.code()?, error.message().unwrap_or_default()))) {
        Some((code, message)) => RefreshFailure::from_api(code, message),
        None if is_ours(error) => RefreshFailure::configuration(NO_REQUEST),
        None => RefreshFailure::transient(no_answer(error)),
    }
}

/// Whether the request was at fault and not the way to Cognito: trying again is of no use.
fn is_ours<E>(error: &SdkError<E>) -> bool {
    match error {
        SdkError::ConstructionFailure(_) => true,
        SdkError::DispatchFailure(failure) => failure.is_user(),
        _ => false,
    }
}

/// The cause of a failed call that is not a refresh: by type, as a refresh's.
fn api_cause<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Cause {
    refresh_failure(error).into_cause()
}

/// In the SDK's own words an error may quote the request; these are fixed.
fn no_answer<E>(error: &SdkError<E>) -> &'static str {
    match error {
        SdkError::TimeoutError(_) => "no answer in time",
        SdkError::DispatchFailure(_) => "no connection",
        SdkError::ResponseError(_) => "the answer broke off or was not understood",
        _ => "an answer without an error type",
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cognitoidentityprovider::{error::ConnectorError, operation::global_sign_out::GlobalSignOutError};

    use super::{super::super::verdict::Verdict, *};

    #[test]
    fn a_missing_lifetime_is_the_tokens_own_and_else_cognitos_default() {
        // {"iat":1000,"exp":2800}
        let jwt = "e30.eyJpYXQiOjEwMDAsImV4cCI6MjgwMH0.c2ln";
        for (expires_in, access_token, ends_at) in
            [(600, jwt, 10_600), (0, jwt, 11_800), (-1, jwt, 11_800), (600, "opaque", 10_600), (0, "opaque", 13_600)]
        {
            let answer = AuthenticationResultType::builder().access_token(access_token).expires_in(expires_in).build();
            let tokens = token_set(answer, UnixTime::from_secs(10_000)).unwrap();
            assert_eq!(tokens.access_expires_at, UnixTime::from_secs(ends_at), "{expires_in} {access_token}");
        }
    }

    #[test]
    fn b34_what_cannot_be_asked_is_a_matter_of_configuration_with_something_to_mend() {
        type Failure = SdkError<GlobalSignOutError>;
        let unsent: fn(ConnectorError) -> Failure = SdkError::dispatch_failure;
        for (error, verdict) in [
            (Failure::construction_failure("x"), Verdict::Configuration),
            (unsent(ConnectorError::user("x".into())), Verdict::Configuration),
            (unsent(ConnectorError::io("x".into())), Verdict::Transient),
            (unsent(ConnectorError::other("x".into(), None)), Verdict::Transient),
            (Failure::timeout_error("x"), Verdict::Transient),
        ] {
            let failure = refresh_failure(&error);
            assert_eq!(failure.verdict, verdict, "{error:?}");
            let mend = failure.what_to_mend();
            assert!(
                verdict == Verdict::Transient || mend.contains("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"),
                "{mend}"
            );
        }
    }

    #[test]
    fn secret_hash_of_a_known_case() {
        // echo -n 'userclient' | openssl dgst -sha256 -hmac 'secret' -binary | base64
        let hash = secret_hash(&Secret::new("secret"), "user", "client");
        assert_eq!(hash, "wvW87lzZoI+qQCVGmWVBJLlucdJ65huAVP1z+0MgA6E=");
    }
}
