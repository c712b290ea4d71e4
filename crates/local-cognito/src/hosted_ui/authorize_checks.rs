//! The single checks of an authorization request (`cognito.md` §1.1). Called in their order by `authorize_request`.

use url::Url;

use super::super::client::Client;
use super::super::params::Params;
use super::error_page::ErrorPage;
use super::refusal::AuthorizeRefusal;

/// Byte by byte against what is registered; only then is it parsed.
pub(super) fn check_redirect(client: &Client, params: &Params) -> Result<(String, Url), AuthorizeRefusal> {
    let asked = params.get("redirect_uri").unwrap_or_default();
    let registered = client.settings.callback_urls.iter().find(|url| *url == asked);
    let parsed = registered.and_then(|url| Some((url.clone(), Url::parse(url).ok()?)));
    parsed.ok_or_else(|| {
        AuthorizeRefusal::Page(ErrorPage::RedirectMismatch {
            asked: asked.to_owned(),
            registered: client.settings.callback_urls.clone(),
        })
    })
}

/// The pool has no provider but its own users.
pub(super) fn check_provider(params: &Params) -> Result<(), AuthorizeRefusal> {
    let own = params.get("identity_provider").is_none_or(|provider| provider == "COGNITO");
    if own && params.get("idp_identifier").is_none() {
        Ok(())
    } else {
        Err(AuthorizeRefusal::Page(ErrorPage::UnknownProvider))
    }
}

/// Returned as it is, but for one thing: Cognito takes no JSON object, which has to be wrapped in base64 (AWS developer
/// guide, "Authorize endpoint"). How it refuses one is not documented.
pub(super) fn check_state(params: &Params) -> Result<(), &'static str> {
    let is_json = |state: &&str| {
        matches!(serde_json::from_str(state), Ok(serde_json::Value::Object(_) | serde_json::Value::Array(_)))
    };
    params.get("state").filter(is_json).map_or(Ok(()), |_| Err("invalid_request"))
}

pub(super) fn check_response_type(params: &Params) -> Result<(), &'static str> {
    match params.get("response_type") {
        Some("code") => Ok(()),
        // The implicit grant, which this client may not use.
        Some("token") => Err("unauthorized_client"),
        _ => Err("invalid_request"),
    }
}

pub(super) fn check_pkce(params: &Params) -> Result<Option<String>, &'static str> {
    match (params.get("code_challenge"), params.get("code_challenge_method")) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) => Ok(Some(challenge.to_owned())),
        _ => Err("invalid_request"),
    }
}

/// Nothing asked for means everything; `email`, `phone` and `profile` only come with `openid`.
pub(super) fn check_scope(client: &Client, params: &Params) -> Result<String, &'static str> {
    let enabled = &client.settings.scopes;
    // The hosted UI is not for this client.
    if enabled.is_empty() {
        return Err("unauthorized_client");
    }
    let Some(asked) = params.get("scope") else { return Ok(enabled.join(" ")) };
    let scopes: Vec<&str> = asked.split_whitespace().collect();
    let known = scopes.iter().all(|scope| enabled.iter().any(|enabled| enabled == scope));
    let needs_openid = scopes.iter().any(|scope| matches!(*scope, "email" | "phone" | "profile"));
    if scopes.is_empty() || !known || (needs_openid && !scopes.contains(&"openid")) {
        return Err("invalid_scope");
    }
    Ok(scopes.join(" "))
}

/// RFC 8707 §2: one absolute URI without a fragment.
pub(super) fn check_resource(params: &Params) -> Result<Option<String>, &'static str> {
    match params.get("resource") {
        None => Ok(None),
        Some(resource) => match Url::parse(resource) {
            Ok(url) if url.fragment().is_none() => Ok(Some(resource.to_owned())),
            _ => Err("invalid_request"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_may_be_anything_but_json() {
        let check = |state: &str| {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
            check_state(&Params::parse(query.as_bytes())).is_ok()
        };
        for good in ["", "abc", "12", "true", "eyJwYWdlIjoiLyJ9", "{not json", "a b&c=d", "\"quoted\""] {
            assert!(check(good), "{good}");
        }
        for bad in [r#"{"page":"/account"}"#, "{}", " [1] "] {
            assert!(!check(bad), "{bad}");
        }
    }
}
