//! Calls upstream with a person's access token: to the origins that the operator listed and to the user pool's own domain,
//! and nowhere else, not by a redirect either (B44). For server functions and axum handlers.

use http::{Method, StatusCode};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use url::Url;

use super::{
    super::AuthError,
    bounded_body::{read_bounded, reason},
    current::{ServerSession, refuse},
    error::Cause,
    origin::has_user,
};

/// An answer larger than this is none.
const BODY_LIMIT: usize = 1024 * 1024;

/// A call with the access token, not sent yet. What it is and where it goes cannot be changed any more.
#[must_use = "nothing is asked before it is sent"]
pub struct UpstreamCall<'s> {
    session: &'s ServerSession,
    origin: String,
    request: reqwest::RequestBuilder,
}

/// What an upstream answered. A redirect is an answer, too: it is not followed.
pub struct UpstreamAnswer {
    origin: String,
    status: StatusCode,
    body: Vec<u8>,
}

impl ServerSession {
    /// A call with the access token to an absolute URL. Its origin has to be among `UPSTREAM_ORIGINS`, or be the user
    /// pool's domain. The answer has to come within seven seconds, and be of at most one megabyte.
    ///
    /// # Errors
    /// [`Configuration`](super::super::AuthErrorCode::Configuration) for a URL that no token may go to; the log names its
    /// origin and nothing else of it. [`ProviderUnavailable`](super::super::AuthErrorCode::ProviderUnavailable) where it is
    /// not listed, and Cognito has to be asked for the pool's domain and is away.
    pub async fn upstream(&self, method: Method, url: &str) -> Result<UpstreamCall<'_>, AuthError> {
        let url = self.check(url).await.map_err(|cause| refuse(&cause, "upstream"))?;
        let origin = url.origin().ascii_serialization();
        Ok(UpstreamCall { session: self, origin, request: self.auth().cognito.http().request(method, url) })
    }

    /// The user pool's own word on who the token is for (OpenID Connect Core §5.3).
    ///
    /// # Errors
    /// As [`upstream`](Self::upstream) and [`UpstreamCall::send`].
    pub async fn user_info(&self) -> Result<Map<String, Value>, AuthError> {
        let url = self.auth().cognito.user_info_url().await.map_err(|cause| refuse(&cause, "upstream"))?;
        self.upstream(Method::GET, url.as_str()).await?.send().await?.json()
    }

    async fn check(&self, text: &str) -> Result<Url, Cause> {
        let refused = |origin: String, why| Err(Cause::UpstreamRefused { origin, why });
        let Ok(url) = Url::parse(text) else { return refused("no origin".to_owned(), "it is no absolute URL") };
        let origin = url.origin().ascii_serialization();
        if has_user(&url) {
            return refused(origin, "it has a user in it");
        }
        // Scheme, host and port: what is listed is https or loopback, so no other http passes.
        let is_listed = self.auth().config.upstream_origins.contains(&url)
            || self.auth().cognito.user_info_url().await?.origin() == url.origin();
        if is_listed { Ok(url) } else { refused(origin, "it is not among UPSTREAM_ORIGINS") }
    }
}

impl UpstreamCall<'_> {
    /// With a body of JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// Sends it, with the token as it is now.
    ///
    /// # Errors
    /// [`ProviderUnavailable`](super::super::AuthErrorCode::ProviderUnavailable) where the token has expired and was not
    /// renewed: an expired one never leaves (B36). [`Internal`](super::super::AuthErrorCode::Internal) where no whole answer
    /// came; the log says why.
    pub async fn send(self) -> Result<UpstreamAnswer, AuthError> {
        let Self { session, origin, request } = self;
        let access_token = session.access_token()?;
        let answer = request.bearer_auth(access_token.expose()).send().await;
        let answer = answer.map_err(|error| failed(&origin, reason(error)))?;
        let status = answer.status();
        let body = read_bounded(answer, BODY_LIMIT).await.map_err(|why| failed(&origin, why))?;
        Ok(UpstreamAnswer { origin, status, body })
    }
}

impl UpstreamAnswer {
    /// For those who have something to do about one or the other.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What a success brought.
    ///
    /// # Errors
    /// [`Internal`](super::super::AuthErrorCode::Internal) for any other status, and for what is not the JSON that was
    /// expected.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, AuthError> {
        if !self.status.is_success() {
            return Err(failed(&self.origin, format!("status {}", self.status)));
        }
        // Of serde's own words an unexpected value would be a part.
        serde_json::from_slice(&self.body)
            .map_err(|_| failed(&self.origin, "not the JSON that was expected".to_owned()))
    }
}

fn failed(origin: &str, why: String) -> AuthError {
    refuse(&Cause::UpstreamFailed { origin: origin.to_owned(), why }, "upstream")
}
