//! The SDK's client. Its configuration is this program's own: nothing is read from the environment, from a profile or from
//! the instance that the program runs on, where settings meant for others would break renewals.

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_cognitoidentityprovider::{
    Client,
    config::{ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextRef},
    error::BoxError,
};
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};
use url::Url;

use super::super::{
    super::{error::Cause, origin::is_https_or_loopback, provider_config::CognitoConfig},
    ATTEMPT_TIMEOUT, CONNECT_TIMEOUT, OPERATION_TIMEOUT,
};

const ATTEMPTS: u32 = 2;

/// A client of the user pool's API.
pub(super) fn client(config: &CognitoConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let sdk = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(config.region.clone()))
        .endpoint_url(&config.endpoint_url)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts);
    Client::new(&sdk.build())
}

/// Makes a request and stops before it is sent: what makes that fail would make every renewal fail.
pub(super) async fn check(client: &Client, config: &CognitoConfig) -> Result<(), Cause> {
    // The SDK panics on an empty address.
    if Url::parse(&config.endpoint_url).is_ok_and(|url| is_https_or_loopback(&url)) && can_make_requests(client).await {
        return Ok(());
    }
    Err(Cause::Configuration(
        "no request can be made to the user pool's API: check AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER and COGNITO_ISSUER"
            .to_owned(),
    ))
}

async fn can_make_requests(client: &Client) -> bool {
    let request = client.global_sign_out().access_token("none").customize().interceptor(Stop);
    let stopped = quietly(request.send()).await.err();
    let mut cause: Option<&dyn std::error::Error> = stopped.as_ref().map(|error| error as _);
    while let Some(error) = cause {
        if error.is::<Stopped>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Runs a call without the SDK's own log: at its most talkative it quotes what Cognito answered.
pub(super) async fn quietly<T>(call: impl Future<Output = T>) -> T {
    call.with_subscriber(NoSubscriber::default()).await
}

#[derive(Debug)]
struct Stop;

#[derive(Debug, thiserror::Error)]
#[error("stopped before it was sent")]
struct Stopped;

impl Intercept for Stop {
    fn name(&self) -> &'static str {
        "Stop"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        Err(Stopped.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::super::provider_config::RefreshMethod, *};

    fn config_at(endpoint_url: &str) -> CognitoConfig {
        CognitoConfig {
            issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC".to_owned(),
            client_id: "client".to_owned(),
            client_secret: None,
            domain: None,
            scopes: vec!["openid".to_owned()],
            refresh: RefreshMethod::Auto,
            region: "eu-central-1".to_owned(),
            endpoint_url: endpoint_url.to_owned(),
        }
    }

    #[tokio::test]
    async fn what_no_request_can_be_made_for_is_told_at_start() {
        for (endpoint_url, is_good) in [
            ("https://cognito-idp.eu-central-1.amazonaws.com", true),
            ("http://127.0.0.1:9400", true),
            ("https://proxy.example/cognito", true),
            ("", false),
            ("no address", false),
            ("cognito-idp.eu-central-1.amazonaws.com", false),
            ("https://", false),
            ("https://host:port", false),
            ("http://cognito-idp.eu-central-1.amazonaws.com", false),
        ] {
            let config = config_at(endpoint_url);
            assert_eq!(check(&client(&config), &config).await.is_ok(), is_good, "{endpoint_url}");
        }
    }
}
