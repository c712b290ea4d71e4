//! Each exception that Cognito has for a refresh, on the wire as AWS documents it, through the real SDK: what becomes of
//! the session.

use axum::{Router, routing::post};
use http::{HeaderMap, StatusCode};
use leptos_cognito::server::{Access, Auth};
use tokio::net::TcpListener;

use crate::{
    app::{TestApp, auth_config, clock_of},
    browser::{Browser, DEMO},
};

/// What the session is after the refresh.
#[derive(Debug, PartialEq)]
enum After {
    Ended,
    Kept,
}
use After::{Ended, Kept};

const TABLE: [(u16, &str, &str, After); 21] = [
    (400, "NotAuthorizedException", "Refresh Token has expired", Ended),
    (400, "NotAuthorizedException", "Refresh Token has been revoked", Ended),
    (400, "NotAuthorizedException", "Invalid Refresh Token", Ended),
    (400, "NotAuthorizedException", "Invalid Refresh Token.", Ended),
    (400, "NotAuthorizedException", "User is disabled.", Ended),
    (400, "NotAuthorizedException", "The user has been deleted for the associated refresh token", Ended),
    (400, "NotAuthorizedException", "Refresh Token has different Client", Kept),
    (400, "NotAuthorizedException", "Client 1x is configured with secret but SECRET_HASH was not received", Kept),
    (400, "NotAuthorizedException", "Unable to verify secret hash for client 1x", Kept),
    (400, "NotAuthorizedException", "SecretHash does not match for the client: 1x", Kept),
    (400, "UserNotFoundException", "User does not exist.", Ended),
    (400, "PasswordResetRequiredException", "Password reset required for the user", Ended),
    (400, "UserNotConfirmedException", "User is not confirmed.", Ended),
    (400, "RefreshTokenReuseException", "Refresh token reuse detected", Ended),
    (400, "TooManyRequestsException", "Rate exceeded", Kept),
    (500, "InternalErrorException", "", Kept),
    (400, "UserLambdaValidationException", "PreTokenGeneration failed with error no.", Kept),
    (403, "ForbiddenException", "Request blocked", Kept),
    (400, "OperationNotEnabledException", "", Kept),
    (400, "InvalidParameterException", "REFRESH_TOKEN_AUTH flow not enabled for this client", Kept),
    (400, "ResourceNotFoundException", "User pool client 1x does not exist.", Kept),
];

/// A JSON API that has one answer.
async fn api(status: u16, body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = post(move |headers: HeaderMap| async move {
        assert!(headers["x-amz-target"].to_str().unwrap().starts_with("AWSCognitoIdentityProviderService."));
        (StatusCode::from_u16(status).unwrap(), [("content-type", "application/x-amz-json-1.1")], body)
    });
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", answer)).await.unwrap() });
    url
}

/// A session of the real app, brought to a process whose JSON API answers so.
async fn after(app: &TestApp, browser: &Browser, api: String) -> (After, String) {
    let settings = [("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", api)];
    let auth =
        Auth::new(auth_config(&app.cognito, &app.url, &settings), Access::new(), clock_of(&app.cognito)).await.unwrap();
    let whoami = axum::routing::get(|session: leptos_cognito::server::CurrentSession| async move {
        session.get().map_or("nobody", |_| "somebody")
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}/whoami", listener.local_addr().unwrap().port());
    let router = auth.mount(Router::new().route("/whoami", whoami));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let page = browser.get_json(&url).await;
    let after = if page.body == "somebody" { Kept } else { Ended };
    (after, format!("{page:?}"))
}

#[tokio::test]
async fn b34_every_exception_has_its_effect() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    for (status, exception, message, expected) in TABLE {
        let body = serde_json::json!({"__type": exception, "message": message}).to_string();
        let (after, page) = after(&app, &browser.copy(&app), api(status, body).await).await;
        assert_eq!(after, expected, "{exception}: {message}: {page}");
    }
}

#[tokio::test]
async fn b34_what_is_no_exception_ends_no_session() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    for (status, body) in
        [(403, "<html>blocked</html>"), (429, ""), (503, "<html>"), (200, "{}"), (200, "not JSON"), (400, "{}")]
    {
        let (after, page) = after(&app, &browser.copy(&app), api(status, body.to_owned()).await).await;
        assert_eq!(after, Kept, "{status} {body}: {page}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (after, page) = after(&app, &browser, format!("http://{closed}")).await;
    assert_eq!(after, Kept, "refused connection: {page}");
}
