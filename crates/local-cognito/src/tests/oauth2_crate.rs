//! The whole flow through the oauth2 crate, which knows nothing of this server: its URLs, its parsing, its error types.

use std::borrow::Cow;

use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenResponse, BasicTokenType,
};
use oauth2::http::Response as HttpResponse;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet, HttpRequest,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, RevocationErrorResponseType,
    RevocationUrl, Scope, StandardRevocableToken, TokenResponse, TokenUrl,
};
use serde_json::json;

use super::{CALLBACK, DEMO, Rig, error_of, location, query};

type Client = oauth2::Client<
    BasicErrorResponse,
    BasicTokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointSet,
>;

fn client(rig: &Rig, auth_type: AuthType) -> Client {
    oauth2::basic::BasicClient::new(ClientId::new(rig.cognito.client_id()))
        .set_client_secret(ClientSecret::new(rig.cognito.client_secret().unwrap()))
        .set_auth_uri(AuthUrl::new(rig.url("/oauth2/authorize")).unwrap())
        .set_token_uri(TokenUrl::new(rig.url("/oauth2/token")).unwrap())
        .set_redirect_uri(RedirectUrl::new(CALLBACK.to_owned()).unwrap())
        // The crate insists on https for revocation; `send` turns it back.
        .set_revocation_url(RevocationUrl::new(rig.url("/oauth2/revoke").replace("http:", "https:")).unwrap())
        .set_auth_type(auth_type)
}

/// What carries the crate's requests.
async fn send(request: HttpRequest) -> Result<HttpResponse<Vec<u8>>, reqwest::Error> {
    let (parts, body) = request.into_parts();
    let url = parts.uri.to_string().replace("https:", "http:");
    let http = super::browser();
    let answer = http.request(parts.method, url).headers(parts.headers).body(body).send().await?;
    let mut response = HttpResponse::builder().status(answer.status());
    response.headers_mut().unwrap().clone_from(answer.headers());
    Ok(response.body(answer.bytes().await?.to_vec()).unwrap())
}

/// A person signs in where the crate sends them; the code comes back with the crate's own state.
async fn authorize(rig: &Rig, client: &Client) -> (AuthorizationCode, PkceCodeVerifier) {
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let request = client.authorize_url(CsrfToken::new_random).set_pkce_challenge(challenge);
    let scopes = ["openid", "email"].map(|scope| Scope::new(scope.to_owned()));
    let (url, state) = request.add_scopes(scopes).add_extra_param("prompt", "login").url();
    let callback = location(&rig.submit_login(url.as_str(), DEMO).await);
    assert_eq!(query(&callback, "state").unwrap(), *state.secret());
    (AuthorizationCode::new(query(&callback, "code").unwrap()), verifier)
}

fn error_of_exchange<E: std::error::Error>(
    error: RequestTokenError<E, BasicErrorResponse>,
) -> (BasicErrorResponseType, Option<String>) {
    let RequestTokenError::ServerResponse(answer) = error else { panic!("no answer of the server: {error:?}") };
    (answer.error().clone(), answer.error_description().cloned())
}

#[tokio::test]
async fn a_sign_in_is_redeemed_refreshed_and_revoked_with_either_client_authentication() {
    let rig = Rig::start().await;
    for auth_type in [AuthType::BasicAuth, AuthType::RequestBody] {
        let client = client(&rig, auth_type);
        let (code, verifier) = authorize(&rig, &client).await;
        let tokens = client.exchange_code(code).set_pkce_verifier(verifier).request_async(&send).await.unwrap();
        assert_eq!(*tokens.token_type(), BasicTokenType::Bearer);
        assert_eq!(tokens.expires_in().unwrap().as_secs(), 3600);
        assert!(tokens.scopes().is_none(), "Cognito does not repeat them");
        let refresh_token = tokens.refresh_token().unwrap().clone();

        let renewed = client.exchange_refresh_token(&refresh_token).request_async(&send).await.unwrap();
        assert_ne!(renewed.access_token().secret(), tokens.access_token().secret());
        assert!(renewed.refresh_token().is_none());
        let get_user = rig.call_api("GetUser", &json!({ "AccessToken": renewed.access_token().secret() })).await;
        assert_eq!(error_of(get_user).await.1["message"], "Access Token does not have required scopes");
    }
    let client = client(&rig, AuthType::BasicAuth);
    let (code, verifier) = authorize(&rig, &client).await;
    let tokens = client.exchange_code(code).set_pkce_verifier(verifier).request_async(&send).await.unwrap();
    let refresh_token = tokens.refresh_token().unwrap().clone();
    for _ in 0..2 {
        client.revoke_token(refresh_token.clone().into()).unwrap().request_async(&send).await.unwrap();
    }
    let refused = client.exchange_refresh_token(&refresh_token).request_async(&send).await.unwrap_err();
    assert_eq!(error_of_exchange(refused), (BasicErrorResponseType::InvalidGrant, None));
}

#[tokio::test]
async fn errors_are_understood_by_their_types() {
    use BasicErrorResponseType::{InvalidClient, InvalidGrant, UnauthorizedClient};
    let rig = Rig::start().await;
    let good = client(&rig, AuthType::BasicAuth);
    let (code, verifier) = authorize(&rig, &good).await;
    let (_, other_verifier) = PkceCodeChallenge::new_random_sha256();

    let wrong_secret = client(&rig, AuthType::RequestBody).set_client_secret(ClientSecret::new("wrong".to_owned()));
    let request =
        wrong_secret.exchange_code(code.clone()).set_pkce_verifier(PkceCodeVerifier::new(verifier.secret().clone()));
    let refused = request.request_async(&send).await.unwrap_err();
    assert_eq!(error_of_exchange(refused), (InvalidClient, Some("invalid_client_secret".to_owned())));

    let refused = good.exchange_code(code).set_pkce_verifier(other_verifier).request_async(&send).await.unwrap_err();
    assert_eq!(error_of_exchange(refused), (InvalidGrant, None));

    let (code, verifier) = authorize(&rig, &good).await;
    let elsewhere = RedirectUrl::new("http://localhost:3000/".to_owned()).unwrap();
    let request = good.exchange_code(code).set_redirect_uri(Cow::Owned(elsewhere)).set_pkce_verifier(verifier);
    let refused = request.request_async(&send).await.unwrap_err();
    assert_eq!(error_of_exchange(refused), (UnauthorizedClient, Some("invalid_redirect".to_owned())));

    let refused = good.exchange_client_credentials().request_async(&send).await.unwrap_err();
    assert_eq!(error_of_exchange(refused), (UnauthorizedClient, None));

    let in_body = client(&rig, AuthType::RequestBody);
    let token = StandardRevocableToken::from(RefreshToken::new("never issued".to_owned()));
    let refused = in_body.revoke_token(token).unwrap().request_async(&send).await.unwrap_err();
    let RequestTokenError::ServerResponse(answer) = refused else { panic!("{refused:?}") };
    let unauthorized = RevocationErrorResponseType::Basic(InvalidClient);
    assert_eq!(*answer.error(), unauthorized, "revocation takes no secret from the body");

    let (code, verifier) = authorize(&rig, &good).await;
    let tokens = good.exchange_code(code).set_pkce_verifier(verifier).request_async(&send).await.unwrap();
    let access_token = StandardRevocableToken::from(tokens.access_token().clone());
    let refused = good.revoke_token(access_token).unwrap().request_async(&send).await.unwrap_err();
    let RequestTokenError::ServerResponse(answer) = refused else { panic!("{refused:?}") };
    assert_eq!(*answer.error(), RevocationErrorResponseType::UnsupportedTokenType);
}
