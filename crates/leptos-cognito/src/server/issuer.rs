//! What the issuer publishes: its discovery document and its keys (OpenID Connect Discovery §4). Fetched when first
//! needed and kept, so that the server starts, and sessions live, while Cognito is away.

use std::{sync::Arc, time::Duration};

use jsonwebtoken::{DecodingKey, jwk::JwkSet};
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::{
    bounded_body::{read_bounded, reason},
    clock::{Clock, SteadyTime},
    error::Cause,
    masking::mask,
    origin::is_https_or_loopback,
    provider_config::CognitoConfig,
    single_flight::Kept,
};

/// An unknown `kid` fetches the keys again at most this often (B17).
const JWKS_REFETCH_SECS: u64 = 30;
/// How long the whole of a fetch may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// A discovery document or key set larger than this is none.
const BODY_LIMIT: usize = 256 * 1024;

/// The endpoints of the hosted UI.
#[derive(Clone, Debug)]
pub(super) struct Endpoints {
    pub(super) authorization: Url,
    pub(super) token: Url,
    /// Cognito's `/logout`; not OpenID Connect's RP-initiated logout.
    pub(super) logout: Url,
    pub(super) user_info: Url,
}

#[derive(Deserialize)]
struct DiscoveryDocument {
    issuer: String,
    authorization_endpoint: Option<Url>,
    token_endpoint: Option<Url>,
    userinfo_endpoint: Option<Url>,
    end_session_endpoint: Option<Url>,
    jwks_uri: Url,
}

#[derive(Clone, Debug)]
struct Published {
    endpoints: Endpoints,
    jwks_uri: Url,
}

/// The issuer's publications, cached.
#[derive(Debug)]
pub(super) struct Issuer {
    config: CognitoConfig,
    http: reqwest::Client,
    clock: Clock,
    published: Kept<Arc<Published>>,
    keys: Kept<Arc<JwkSet>>,
}

impl Issuer {
    pub(super) fn new(config: CognitoConfig, http: reqwest::Client, clock: Clock) -> Self {
        Self { config, http, clock, published: Kept::new(), keys: Kept::new() }
    }

    /// The hosted UI's endpoints.
    pub(super) async fn endpoints(&self) -> Result<Endpoints, Cause> {
        Ok(self.published().await?.endpoints.clone())
    }

    /// The key with that id, from the issuer's own key set and nowhere else (B17).
    pub(super) async fn key(&self, kid: &str) -> Result<DecodingKey, Cause> {
        let keys = self.key_set(|_| false).await?;
        let jwk = match keys.find(kid) {
            Some(jwk) => jwk.clone(),
            None => {
                let now = self.clock.steady();
                let is_too_old = move |at: SteadyTime| now.since(at) >= Duration::from_secs(JWKS_REFETCH_SECS);
                self.key_set(is_too_old).await?.find(kid).cloned().ok_or(Cause::UnknownKey)?
            }
        };
        DecodingKey::from_jwk(&jwk).map_err(|_| Cause::UnknownKey)
    }

    async fn key_set(&self, is_too_old: impl FnOnce(SteadyTime) -> bool) -> Result<Arc<JwkSet>, Cause> {
        let published = self.published().await?;
        let http = self.http.clone();
        self.keys
            .get(&self.clock, is_too_old, || async move {
                fetch_json::<JwkSet>(&http, published.jwks_uri.as_str()).await.map(Arc::new)
            })
            .await
    }

    async fn published(&self) -> Result<Arc<Published>, Cause> {
        let (config, http) = (&self.config, &self.http);
        self.published
            .get(
                &self.clock,
                |_| false,
                || {
                    let (config, http) = (config.clone(), http.clone());
                    async move {
                        let url = format!("{}/.well-known/openid-configuration", config.issuer);
                        check(&config, fetch_json(&http, &url).await?).map(Arc::new)
                    }
                },
            )
            .await
    }
}

/// B10: the document speaks for the issuer that was configured, and every endpoint is https or loopback.
fn check(config: &CognitoConfig, document: DiscoveryDocument) -> Result<Published, Cause> {
    let wrong = |what: &str| Cause::Configuration(format!("the discovery document of COGNITO_ISSUER {what}"));
    if document.issuer != config.issuer {
        return Err(wrong(&format!("names the issuer {:?}: write COGNITO_ISSUER exactly so", mask(&document.issuer))));
    }
    let of_domain = |path: &str| config.domain.as_ref().and_then(|domain| domain.join(path).ok());
    let endpoint = |path: &str, published: Option<Url>| {
        of_domain(path).or(published).ok_or_else(|| wrong("names no hosted UI: set COGNITO_DOMAIN"))
    };
    let authorization = endpoint("/oauth2/authorize", document.authorization_endpoint)?;
    // Documents of before 2024-02-27 have no end_session_endpoint; it is /logout beside the others.
    let logout = document.end_session_endpoint.or_else(|| authorization.join("/logout").ok());
    let user_info = document.userinfo_endpoint.or_else(|| authorization.join("/oauth2/userInfo").ok());
    let endpoints = Endpoints {
        token: endpoint("/oauth2/token", document.token_endpoint)?,
        logout: endpoint("/logout", logout)?,
        user_info: endpoint("/oauth2/userInfo", user_info)?,
        authorization,
    };
    let Endpoints { authorization, token, logout, user_info } = &endpoints;
    let all = [authorization, token, logout, user_info, &document.jwks_uri];
    if let Some(url) = all.into_iter().find(|url| !is_https_or_loopback(url)) {
        return Err(wrong(&format!("has an endpoint that is not https: {}", mask(url.as_str()))));
    }
    Ok(Published { endpoints, jwks_uri: document.jwks_uri })
}

async fn fetch_json<T: DeserializeOwned>(http: &reqwest::Client, url: &str) -> Result<T, Cause> {
    let unavailable = |what: String| Cause::unavailable(format!("{url}: {what}"));
    let answer = http.get(url).timeout(FETCH_TIMEOUT).send().await.map_err(|error| unavailable(reason(error)))?;
    if answer.status() == reqwest::StatusCode::NOT_FOUND {
        return Err(Cause::Configuration(format!("{url} does not exist: check COGNITO_ISSUER")));
    }
    if !answer.status().is_success() {
        return Err(unavailable(format!("status {}", answer.status())));
    }
    let body = read_bounded(answer, BODY_LIMIT).await.map_err(unavailable)?;
    serde_json::from_slice(&body).map_err(|error| unavailable(format!("not understood: {}", mask(&error.to_string()))))
}

#[cfg(test)]
mod tests {
    use super::{super::provider_config::RefreshMethod, *};

    fn config(domain: Option<&str>) -> CognitoConfig {
        CognitoConfig {
            issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC".to_owned(),
            client_id: "client".to_owned(),
            client_secret: None,
            domain: domain.map(|url| Url::parse(url).unwrap()),
            scopes: vec!["openid".to_owned()],
            refresh: RefreshMethod::Auto,
            region: "eu-central-1".to_owned(),
            endpoint_url: String::new(),
        }
    }

    fn document(issuer: &str, host: Option<&str>) -> DiscoveryDocument {
        let endpoint = |path: &str| host.map(|host| Url::parse(&format!("{host}{path}")).unwrap());
        DiscoveryDocument {
            issuer: issuer.to_owned(),
            authorization_endpoint: endpoint("/oauth2/authorize"),
            token_endpoint: endpoint("/oauth2/token"),
            userinfo_endpoint: None,
            end_session_endpoint: None,
            jwks_uri: Url::parse(&format!("{issuer}/.well-known/jwks.json")).unwrap(),
        }
    }

    #[test]
    fn b10_only_the_configured_issuer_and_safe_endpoints_are_taken() {
        let config_plain = config(None);
        let good = check(&config_plain, document(&config_plain.issuer, Some("https://demo.example.com"))).unwrap();
        assert_eq!(good.endpoints.logout.as_str(), "https://demo.example.com/logout");
        assert_eq!(good.endpoints.user_info.as_str(), "https://demo.example.com/oauth2/userInfo");
        for bad in [
            document(
                "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other",
                Some("https://demo.example.com"),
            ),
            document(&config_plain.issuer, Some("http://demo.example.com")),
            document(&config_plain.issuer, None),
        ] {
            assert!(matches!(check(&config_plain, bad), Err(Cause::Configuration(_))));
        }
    }

    #[test]
    fn the_domain_setting_wins_over_the_document() {
        let config = config(Some("https://auth.example.com"));
        for host in [None, Some("https://demo.example.com")] {
            let endpoints = check(&config, document(&config.issuer, host)).unwrap().endpoints;
            assert_eq!(endpoints.token.as_str(), "https://auth.example.com/oauth2/token");
            assert_eq!(endpoints.logout.as_str(), "https://auth.example.com/logout");
        }
    }
}
