//! HTTP tests through a started Local Cognito on any free port: a browser with a cookie jar that follows no redirect,
//! and a clock that the test moves.

mod account_pages;
mod accounts;
mod api_bytes;
mod clients;
mod code_flow;
mod console;
mod console_buttons;
mod constraints;
mod control;
mod control_docs;
mod faults;
mod fuzz;
mod hosted_ui;
mod json_api;
mod oauth2_crate;
mod oauth_bytes;
mod page_attacks;
mod password_pages;
mod pool_model;
mod restart;
mod rotation;
mod rotation_model;
mod sdk;
mod token_errors;
mod torment;
mod torment_words;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use url::Url;

use super::pool::Pool;
use super::{LocalCognito, Settings};

const CALLBACK: &str = "http://localhost:3000/api/auth/callback/cognito";
const DEMO: (&str, &str) = ("demo@example.com", "Demo-Passw0rd");
const ADMIN: (&str, &str) = ("admin@example.com", "Admin-Passw0rd");
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

struct Rig {
    cognito: LocalCognito,
    browser: Client,
    now: Arc<AtomicU64>,
}

impl Rig {
    async fn start() -> Rig {
        Rig::start_with(|_| ()).await
    }

    async fn start_with(change: impl FnOnce(&mut Settings)) -> Rig {
        let now = Arc::new(AtomicU64::new(1_700_000_000));
        let clock = Arc::clone(&now);
        let mut settings = Settings::new(([127, 0, 0, 1], 0).into(), "http://localhost:3000");
        settings.clock = Arc::new(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::SeqCst)));
        change(&mut settings);
        Rig { cognito: LocalCognito::start(settings).await.unwrap(), browser: browser(), now }
    }

    fn pool(&self) -> Arc<Pool> {
        Arc::clone(&self.cognito.service.pools[0])
    }

    fn pass_secs(&self, secs: u64) {
        self.now.fetch_add(secs, Ordering::SeqCst);
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.cognito.base_url())
    }

    /// `/oauth2/authorize` with the usual parameters and these changes; an empty value removes one.
    fn authorize_url(&self, changes: &[(&str, &str)]) -> String {
        let id = self.cognito.client_id();
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", id.as_str()),
            ("redirect_uri", CALLBACK),
            ("scope", "openid email profile aws.cognito.signin.user.admin"),
            ("state", "the state"),
            ("nonce", "the nonce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in changes {
            pairs.retain(|(kept, _)| kept != name);
            pairs.push((name, value));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        Url::parse_with_params(&self.url("/oauth2/authorize"), pairs).unwrap().into()
    }

    async fn get(&self, url: &str) -> Response {
        self.browser.get(url).send().await.unwrap()
    }

    /// Fills in the sign-in page that `url` leads to.
    async fn submit_login(&self, url: &str, (email, password): (&str, &str)) -> Response {
        let login = self.url(&location(&self.get(url).await));
        let page = self.get(&login).await;
        assert_eq!(page.status(), 200);
        let csrf = find_csrf(&page.text().await.unwrap());
        let form = [("_csrf", csrf.as_str()), ("username", email), ("password", password)];
        self.browser.post(login).form(&form).send().await.unwrap()
    }

    /// A fresh authorization code for the demo user, PKCE included.
    async fn code(&self) -> String {
        let url = self.authorize_url(&[("prompt", "login")]);
        query(&location(&self.submit_login(&url, DEMO).await), "code").unwrap()
    }

    /// `POST /oauth2/token` with Basic authentication.
    async fn token(&self, form: &[(&str, &str)]) -> Response {
        let request = self.browser.post(self.url("/oauth2/token"));
        request.basic_auth(self.cognito.client_id(), self.cognito.client_secret()).form(form).send().await.unwrap()
    }

    async fn redeem(&self, code: &str) -> Response {
        let grant = ("grant_type", "authorization_code");
        self.token(&[grant, ("code", code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)]).await
    }

    /// The whole sign-in: the token endpoint's answer.
    async fn sign_in(&self) -> Value {
        let response = self.redeem(&self.code().await).await;
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    async fn call_api(&self, operation: &str, body: &Value) -> Response {
        let request = self.browser.post(self.url("/"));
        request
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"))
            .body(body.to_string())
            .send()
            .await
            .unwrap()
    }

    async fn initiate_auth(&self, tokens: &Value) -> Response {
        let username = claims(&tokens["access_token"])["username"].as_str().unwrap().to_owned();
        let request = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "ClientId": self.cognito.client_id(),
            "AuthParameters": {
                "REFRESH_TOKEN": tokens["refresh_token"],
                "SECRET_HASH": self.secret_hash(&username),
            },
        });
        self.call_api("InitiateAuth", &request).await
    }

    async fn get_tokens(&self, refresh_token: &str) -> Response {
        let (id, secret) = (self.cognito.client_id(), self.cognito.client_secret());
        let request = json!({ "RefreshToken": refresh_token, "ClientId": id, "ClientSecret": secret });
        self.call_api("GetTokensFromRefreshToken", &request).await
    }

    /// The refresh token that takes the place of this one.
    async fn rotate(&self, refresh_token: &str) -> String {
        let response = self.get_tokens(refresh_token).await;
        assert_eq!(response.status(), 200);
        let answer: Value = response.json().await.unwrap();
        answer["AuthenticationResult"]["RefreshToken"].as_str().unwrap().to_owned()
    }

    /// Asserts that this refresh token is refused because there is a newer one.
    async fn assert_reuse(&self, refresh_token: &str) {
        let reuse = json!({ "__type": "RefreshTokenReuseException", "message": "Refresh token reuse detected" });
        assert_eq!(error_of(self.get_tokens(refresh_token).await).await, (400, reuse));
    }

    fn secret_hash(&self, username: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.cognito.client_secret().unwrap().as_bytes());
        STANDARD.encode(hmac::sign(&key, format!("{username}{}", self.cognito.client_id()).as_bytes()))
    }
}

fn browser() -> Client {
    let builder = Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).no_proxy();
    builder.timeout(Duration::from_secs(20)).build().unwrap()
}

fn location(response: &Response) -> String {
    assert_eq!(response.status(), 302, "{response:?}");
    response.headers()["location"].to_str().unwrap().to_owned()
}

fn query(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn find_csrf(page: &str) -> String {
    let start = page.find("name=\"_csrf\" value=\"").unwrap() + "name=\"_csrf\" value=\"".len();
    page[start..].split('"').next().unwrap().to_owned()
}

fn claims(token: &Value) -> Value {
    decode_part(token.as_str().unwrap(), 1)
}

fn decode_part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn error_of(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().await.unwrap())
}
