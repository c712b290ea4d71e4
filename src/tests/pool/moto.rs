//! The hosted UI that moto lacks: a form, a code with PKCE, a token endpoint. It knows no password and makes no token:
//! moto's `InitiateAuth` with `USER_PASSWORD_AUTH` judges the one and gives the others. The browser gets no session.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Form, Router,
    extract::{Query, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::front::{Answer, Front};

type Fields = HashMap<String, String>;

#[derive(Default)]
pub(super) struct HostedUi {
    codes: Mutex<HashMap<String, Granted>>,
    made: AtomicU64,
    signing_in: Mutex<()>,
}

/// What a code stands for.
struct Granted {
    request: Fields,
    tokens: Value,
}

pub(super) fn add_routes(router: Router<Arc<Front>>) -> Router<Arc<Front>> {
    router
        .route("/oauth2/authorize", get(authorize))
        .route("/login", get(async || page("")).post(log_in))
        .route("/oauth2/token", post(token))
}

async fn authorize(
    State(front): State<Arc<Front>>,
    RawQuery(raw): RawQuery,
    Query(query): Query<Fields>,
) -> Result<Redirect, (StatusCode, &'static str)> {
    let known = front.clients.lock().unwrap().get(field(&query, "client_id")).cloned();
    let client = known.ok_or((StatusCode::BAD_REQUEST, "unknown client"))?;
    if client.redirect_uri != field(&query, "redirect_uri") {
        return Err((StatusCode::BAD_REQUEST, "redirect_mismatch"));
    }
    if (field(&query, "response_type"), field(&query, "code_challenge_method")) != ("code", "S256") {
        return Err((StatusCode::BAD_REQUEST, "invalid_request"));
    }
    Ok(Redirect::to(&format!("/login?{}", raw.unwrap_or_default())))
}

fn page(problem: &str) -> Html<String> {
    // Without an action the form goes where it came from, query included.
    Html(format!("<p>{problem}</p><form method=\"post\"><input name=\"username\"><input name=\"password\"></form>"))
}

async fn log_in(
    State(front): State<Arc<Front>>,
    Query(request): Query<Fields>,
    Form(entered): Form<Fields>,
) -> Response {
    let Some(tokens) = tokens(&front, &request, &entered).await else {
        return page("Incorrect username or password.").into_response();
    };
    let code = format!("code-{}", front.moto.made.fetch_add(1, Ordering::Relaxed));
    let mut url = url::Url::parse(field(&request, "redirect_uri")).unwrap();
    url.query_pairs_mut().append_pair("code", &code).append_pair("state", field(&request, "state"));
    front.moto.codes.lock().await.insert(code, Granted { request, tokens });
    Redirect::to(url.as_str()).into_response()
}

/// moto has no nonce, and copies into the ID token whatever attribute of the user the client may read. So the sign-in's
/// nonce is an attribute for as long as it takes. And moto would remember the e-mail address that was typed as the token's
/// username, and check `SECRET_HASH` over it; Cognito finds the user first, and it is the pool's own username that counts.
async fn tokens(front: &Front, request: &Fields, entered: &Fields) -> Option<Value> {
    let client_id = field(request, "client_id");
    let pool_id = front.clients.lock().unwrap().get(client_id)?.pool_id.clone();
    let user = json!({ "UserPoolId": pool_id, "Username": field(entered, "username") });
    let username = front.call("AdminGetUser", user).await.ok()?["Username"].clone();
    let _one_at_a_time = front.moto.signing_in.lock().await;
    let nonce = json!([{ "Name": "nonce", "Value": field(request, "nonce") }]);
    let user = json!({ "UserPoolId": pool_id, "Username": username, "UserAttributes": nonce });
    front.call("AdminUpdateUserAttributes", user).await.ok()?;
    let credentials = json!({ "USERNAME": username, "PASSWORD": field(entered, "password") });
    let sign_in = json!({ "ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": credentials });
    let answer = front.call("InitiateAuth", sign_in).await;
    let user = json!({ "UserPoolId": pool_id, "Username": username, "UserAttributeNames": ["nonce"] });
    front.call("AdminDeleteUserAttributes", user).await.unwrap();
    Some(answer.ok()?["AuthenticationResult"].clone())
}

async fn token(State(front): State<Arc<Front>>, headers: HeaderMap, Form(form): Form<Fields>) -> Answer {
    let (client_id, secret) = credentials(&headers, &form).unwrap_or_default();
    let operation = format!("token:{}", field(&form, "grant_type"));
    front.counted(&client_id, &operation, redeem(&front, &client_id, secret, &form)).await
}

/// A confidential client's, by Basic (RFC 6749 §2.3.1), or the bare id of a public one.
fn credentials(headers: &HeaderMap, form: &Fields) -> Option<(String, Option<String>)> {
    let Some(header) = headers.get("authorization") else {
        return Some((field(form, "client_id").to_owned(), None));
    };
    let basic = BASE64_STANDARD.decode(header.to_str().ok()?.strip_prefix("Basic ")?).ok()?;
    let (id, secret) = std::str::from_utf8(&basic).ok()?.split_once(':')?;
    Some((id.to_owned(), Some(secret.to_owned())))
}

async fn redeem(front: &Front, client_id: &str, secret: Option<String>, form: &Fields) -> Answer {
    let refused = |error: &str| Answer::json(StatusCode::BAD_REQUEST, &json!({ "error": error }));
    let known = front.clients.lock().unwrap().get(client_id).cloned();
    if known.is_none_or(|client| client.secret != secret) {
        return refused("invalid_client");
    }
    if field(form, "grant_type") != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    // A code is good for one try.
    let Some(granted) = front.moto.codes.lock().await.remove(field(form, "code")) else {
        return refused("invalid_grant");
    };
    let asked = |name: &str| field(&granted.request, name);
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, field(form, "code_verifier").as_bytes()));
    if (asked("client_id"), asked("redirect_uri"), asked("code_challenge"))
        != (client_id, field(form, "redirect_uri"), &challenge)
    {
        return refused("invalid_grant");
    }
    let tokens = &granted.tokens;
    front.remember_sign_in(tokens["IdToken"].as_str(), tokens["RefreshToken"].as_str());
    let answer = json!({
        "id_token": tokens["IdToken"], "access_token": tokens["AccessToken"],
        "refresh_token": tokens["RefreshToken"], "expires_in": tokens["ExpiresIn"],
        "token_type": tokens["TokenType"],
    });
    Answer::json(StatusCode::OK, &answer)
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}
