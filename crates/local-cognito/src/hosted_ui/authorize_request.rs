//! What `/oauth2/authorize` and `/login` are asked for, checked as Cognito does (`cognito.md` §1.1): a request whose
//! client or redirect is wrong gets an error page, any other mistake goes to the app by redirect.

use std::sync::Arc;

use url::Url;

use super::super::client::Client;
use super::super::params::Params;
use super::super::pool::Pool;
use super::super::service::Service;
use super::super::user::has_scope;
use super::authorize_checks::{
    check_pkce, check_provider, check_redirect, check_resource, check_response_type, check_scope, check_state,
};
use super::error_page::ErrorPage;
use super::refusal::AuthorizeRefusal;
use super::texts::Texts;

/// A request that may be answered with a code.
pub(super) struct AuthorizeRequest {
    pub(super) pool: Arc<Pool>,
    pub(super) client: Arc<Client>,
    /// As sent, and so as the token endpoint has to see it again.
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) code_challenge: Option<String>,
    pub(super) nonce: Option<String>,
    /// RFC 8707: what the access token is to be for.
    pub(super) resource: Option<String>,
    /// `prompt=none`: no page may be shown.
    pub(super) silent: bool,
    /// `prompt=login`: the password is asked for again.
    pub(super) force_login: bool,
    pub(super) login_hint: Option<String>,
    /// In the language asked for.
    pub(super) texts: &'static Texts,
    reply_to: ReplyTo,
}

/// Where the answer goes, once client and redirect are known to be right.
struct ReplyTo {
    url: Url,
    state: Option<String>,
}

impl AuthorizeRequest {
    pub(super) fn check(service: &Service, params: &Params) -> Result<AuthorizeRequest, AuthorizeRefusal> {
        let client = params.get("client_id").and_then(|id| service.find_client(id));
        let (pool, client) = client.ok_or(AuthorizeRefusal::Page(ErrorPage::UnknownClient))?;
        let (redirect_uri, url) = check_redirect(&client, params)?;
        let reply_to = ReplyTo { url, state: params.get("state").map(str::to_owned) };
        check_provider(params)?;
        check_state(params).map_err(|error| reply_to.refuse(error))?;
        if params.has_repeated() {
            return Err(reply_to.refuse("invalid_request"));
        }
        check_response_type(params).map_err(|error| reply_to.refuse(error))?;
        let code_challenge = check_pkce(params).map_err(|error| reply_to.refuse(error))?;
        let scope = check_scope(&client, params).map_err(|error| reply_to.refuse(error))?;
        let resource = check_resource(params).map_err(|error| reply_to.refuse(error))?;
        // AWS: "Amazon Cognito ignores it unless your user pool domain has managed login branding."
        let of_managed_login = |name| params.get(name).filter(|_| !pool.classic_hosted_ui);
        let prompts = of_managed_login("prompt").unwrap_or_default();
        let texts = Texts::in_language(of_managed_login("lang"));
        Ok(AuthorizeRequest {
            pool,
            client,
            redirect_uri,
            scope,
            code_challenge,
            nonce: params.get("nonce").map(str::to_owned),
            resource,
            silent: has_scope(prompts, "none"),
            force_login: has_scope(prompts, "login"),
            login_hint: params.get("login_hint").map(str::to_owned),
            texts,
            reply_to,
        })
    }

    /// The callback with the code.
    pub(super) fn success_location(&self, code: &str) -> Url {
        self.reply_to.location("code", code)
    }

    pub(super) fn refuse(&self, error: &'static str) -> AuthorizeRefusal {
        self.reply_to.refuse(error)
    }
}

impl ReplyTo {
    fn location(&self, name: &str, value: &str) -> Url {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair(name, value);
        if let Some(state) = &self.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        url
    }

    fn refuse(&self, error: &'static str) -> AuthorizeRefusal {
        AuthorizeRefusal::Redirect { location: self.location("error", error), error }
    }
}

/// The sign-in page, with the same parameters.
pub(super) fn login_location(query: &str) -> String {
    format!("/login?{query}")
}

#[cfg(test)]
mod tests {
    use super::super::super::service::tests::test_service;
    use super::*;

    const CALLBACK: &str = "http://localhost:3000/api/auth/callback/cognito";

    /// A good request with these parameters set, or with an empty value removed.
    fn query(service: &Service, changes: &[(&str, &str)]) -> Params {
        let client = service.pools[0].client();
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", client.id.as_str()),
            ("redirect_uri", CALLBACK),
            ("state", "a b&c"),
            ("scope", "openid email"),
        ];
        for (name, value) in changes {
            pairs.retain(|(kept, _)| kept != name);
            pairs.push((name, value));
        }
        Params::parse(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().as_bytes())
    }

    #[test]
    fn mistakes_go_to_the_app_with_the_state() {
        let service = test_service(|_| ());
        for (changes, error) in [
            (&[("response_type", "")][..], "invalid_request"),
            (&[("response_type", "id_token")], "invalid_request"),
            (&[("response_type", "token")], "unauthorized_client"),
            (&[("code_challenge", "c")], "invalid_request"),
            (&[("code_challenge", "c"), ("code_challenge_method", "plain")], "invalid_request"),
            (&[("code_challenge_method", "S256")], "invalid_request"),
            (&[("scope", "openid unknown")], "invalid_scope"),
            (&[("scope", "email")], "invalid_scope"),
            (&[("resource", "not absolute")], "invalid_request"),
            (&[("resource", "https://api.example/#x")], "invalid_request"),
        ] {
            match AuthorizeRequest::check(&service, &query(&service, changes)) {
                Err(AuthorizeRefusal::Redirect { location, error: named }) => {
                    assert_eq!(location.as_str(), format!("{CALLBACK}?error={error}&state=a+b%26c"), "{changes:?}");
                    assert_eq!(named, error);
                }
                _ => panic!("{changes:?} was not redirected"),
            }
        }
    }

    #[test]
    fn a_wrong_client_or_redirect_never_redirects() {
        let service = test_service(|_| ());
        for (name, value) in [
            ("client_id", ""),
            ("client_id", "unknown"),
            ("redirect_uri", ""),
            ("redirect_uri", "http://localhost:3000/api/auth/callback/cognito/"),
            ("redirect_uri", "http://localhost:3000/api/auth/callback/cognito#x"),
            ("redirect_uri", "https://evil.example/"),
            ("identity_provider", "Google"),
            ("idp_identifier", "example.com"),
        ] {
            let refusal = AuthorizeRequest::check(&service, &query(&service, &[(name, value)])).err();
            assert!(matches!(refusal, Some(AuthorizeRefusal::Page(_))), "{name}={value}");
        }
    }

    #[test]
    fn good_requests_are_understood() {
        let service = test_service(|_| ());
        let check =
            |changes: &[(&str, &str)]| AuthorizeRequest::check(&service, &query(&service, changes)).ok().unwrap();
        let plain = check(&[("scope", "")]);
        assert_eq!(plain.scope, "aws.cognito.signin.user.admin email openid phone profile");
        assert!(!plain.silent && !plain.force_login && plain.code_challenge.is_none());
        assert_eq!(plain.success_location("c").as_str(), format!("{CALLBACK}?code=c&state=a+b%26c"));

        let full = check(&[
            ("prompt", "login consent"),
            ("nonce", "n"),
            ("login_hint", "demo@example.com"),
            ("identity_provider", "COGNITO"),
            ("code_challenge", "c"),
            ("code_challenge_method", "S256"),
        ]);
        assert!(full.force_login && !full.silent);
        assert_eq!(full.nonce.as_deref(), Some("n"));
        assert_eq!(full.login_hint.as_deref(), Some("demo@example.com"));
        assert_eq!(full.code_challenge.as_deref(), Some("c"));
        assert!(check(&[("prompt", "none")]).silent);
    }
}
