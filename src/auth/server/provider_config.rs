//! The settings of the user pool (`COGNITO_*`). Part of `config`.

use url::Url;

use super::{
    app_url::{has_user, is_https_or_loopback},
    config::{ConfigProblems, require},
    secret::Secret,
};

/// `openid` for an ID token, `email` and `profile` for what pages show, and the scope that lets the access token call
/// Cognito's own user operations (`GetUser`).
pub const DEFAULT_SCOPES: &str = "openid email profile aws.cognito.signin.user.admin";

/// By which of Cognito's operations tokens are renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshMethod {
    /// `InitiateAuth`, and `GetTokensFromRefreshToken` from the moment Cognito says that rotation is on.
    Auto,
    /// `InitiateAuth` with `REFRESH_TOKEN_AUTH`; for clients without rotation.
    InitiateAuth,
    /// `GetTokensFromRefreshToken`; with and without rotation.
    GetTokens,
    /// The domain's `/oauth2/token`; with and without rotation. Limited to 300 requests a second for each source address.
    TokenEndpoint,
}

impl RefreshMethod {
    fn parse(text: Option<String>) -> Result<Self, String> {
        match text.as_deref() {
            None | Some("auto") => Ok(Self::Auto),
            Some("initiate-auth") => Ok(Self::InitiateAuth),
            Some("get-tokens") => Ok(Self::GetTokens),
            Some("token-endpoint") => Ok(Self::TokenEndpoint),
            Some(other) => {
                Err(format!("COGNITO_REFRESH is {other:?}; write auto, initiate-auth, get-tokens or token-endpoint"))
            }
        }
    }
}

/// The user pool and this app's client in it.
#[derive(Clone, Debug)]
pub struct CognitoConfig {
    /// `COGNITO_ISSUER`, e.g. `https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI`. Compared to the
    /// byte with what tokens and the discovery document say.
    pub issuer: String,
    /// `COGNITO_CLIENT_ID`.
    pub client_id: String,
    /// `COGNITO_CLIENT_SECRET`; absent for a public client.
    pub client_secret: Option<Secret>,
    /// `COGNITO_DOMAIN`: the hosted UI's origin, where the discovery document does not tell.
    pub domain: Option<Url>,
    /// `COGNITO_SCOPES`.
    pub scopes: Vec<String>,
    /// `COGNITO_REFRESH`.
    pub refresh: RefreshMethod,
    /// The AWS region: the part of the pool id before the underscore.
    pub region: String,
    /// `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`: the JSON API, where it is not on the issuer's host. It is always set,
    /// so that no other setting of the AWS SDK sends tokens somewhere else.
    pub endpoint_url: String,
}

impl CognitoConfig {
    /// Reads the `COGNITO_*` settings and notes every problem.
    pub(super) fn from_lookup(get: &impl Fn(&str) -> Option<String>, problems: &mut ConfigProblems) -> Option<Self> {
        let issuer = problems.keep(require(get, "COGNITO_ISSUER").and_then(|text| parse_issuer(&text)));
        let client_id = problems.keep(require(get, "COGNITO_CLIENT_ID"));
        let domain = problems.keep(optional_url(get, "COGNITO_DOMAIN"));
        let endpoint = problems.keep(optional_url(get, "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"));
        let refresh = problems.keep(RefreshMethod::parse(get("COGNITO_REFRESH")));
        let scopes = get("COGNITO_SCOPES").unwrap_or_else(|| DEFAULT_SCOPES.to_owned());
        let scopes: Vec<_> = scopes.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        if !scopes.iter().any(|scope| scope == "openid") {
            problems.add("COGNITO_SCOPES must contain openid: without it Cognito sends no ID token");
        }
        let (issuer, region, api) = issuer?;
        Some(Self {
            issuer,
            client_id: client_id?,
            client_secret: get("COGNITO_CLIENT_SECRET").map(Secret::new),
            domain: domain?,
            scopes,
            refresh: refresh?,
            region,
            endpoint_url: endpoint?.unwrap_or(api).as_str().trim_end_matches('/').to_owned(),
        })
    }
}

/// The issuer as written, the region in it, and where its JSON API is: on the same host, and the newer form of issuer
/// (`issuer-cognito-idp.…`) has the older one's. Of the region the host says nothing certain (there are two forms and custom ones),
/// the pool id does: `<region>_<id>`.
fn parse_issuer(text: &str) -> Result<(String, String, Url), String> {
    let problem = |what: &str| {
        format!(
            "COGNITO_ISSUER {what}; it reads https://cognito-idp.<region>.amazonaws.com/<user pool id>, without a slash \
             at the end (Cognito console, User pool overview: \"Token signing key URL\" up to the pool id)"
        )
    };
    let url = Url::parse(text).map_err(|error| problem(&format!("is no URL ({error})")))?;
    if !is_https_or_loopback(&url) {
        return Err(problem("must be https"));
    }
    let pool_id = url.path().trim_start_matches('/');
    match pool_id.split_once('_') {
        Some((region, id)) if !region.is_empty() && !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric()) => {
            let mut api = url.clone();
            api.set_path("/");
            let host = url.host_str().map(|host| host.strip_prefix("issuer-").unwrap_or(host));
            api.set_host(host).map_err(|_| problem("has no host"))?;
            Ok((text.to_owned(), region.to_owned(), api))
        }
        _ => Err(problem("does not end in a user pool id (<region>_<letters and digits>)")),
    }
}

fn optional_url(get: &impl Fn(&str) -> Option<String>, name: &str) -> Result<Option<Url>, String> {
    let Some(text) = get(name) else { return Ok(None) };
    // The console shows the domain without a scheme; people copy it so.
    let text = if text.contains("://") { text } else { format!("https://{text}") };
    match Url::parse(&text) {
        // Somebody may have written a password there: the text is not shown.
        Ok(url) if url.query().or(url.fragment()).is_some() || has_user(&url) => {
            Err(format!("{name} must have no query, fragment or user; write an https URL"))
        }
        Ok(url) if is_https_or_loopback(&url) => Ok(Some(url)),
        _ => Err(format!("{name} is {text:?}; write an https URL")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_is_read_from_the_pool_id() {
        let amazon = "https://cognito-idp.us-east-2.amazonaws.com/";
        for (issuer, region, api) in [
            ("https://cognito-idp.us-east-2.amazonaws.com/us-east-2_AbC", "us-east-2", amazon),
            ("https://issuer-cognito-idp.us-east-2.amazonaws.com/us-east-2_x9", "us-east-2", amazon),
            ("http://127.0.0.1:9400/us-east-1_LocalPool", "us-east-1", "http://127.0.0.1:9400/"),
        ] {
            let api = Url::parse(api).unwrap();
            assert_eq!(parse_issuer(issuer).unwrap(), (issuer.to_owned(), region.to_owned(), api));
        }
        for bad in [
            "eu-central-1_AbC",
            "https://cognito-idp.eu-central-1.amazonaws.com",
            "https://x/eu-central-1_AbC/",
            "http://example.com/eu-central-1_AbC",
        ] {
            assert!(parse_issuer(bad).unwrap_err().contains("COGNITO_ISSUER"), "{bad}");
        }
    }

    #[test]
    fn b10_issuer_domain_and_api_are_https_or_loopback() {
        for (name, setting) in [
            ("COGNITO_ISSUER", "http://cognito-idp.us-east-2.amazonaws.com/us-east-2_AbC"),
            ("COGNITO_DOMAIN", "http://demo.auth.us-east-2.amazoncognito.com"),
            ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://cognito-idp.us-east-2.amazonaws.com"),
        ] {
            for (scheme, is_good) in [("http:", false), ("https:", true), ("ftp:", false)] {
                let get = |asked: &str| match asked {
                    _ if asked == name => Some(setting.replace("http:", scheme)),
                    "COGNITO_ISSUER" => Some("http://127.0.0.1:9400/us-east-1_LocalPool".to_owned()),
                    "COGNITO_CLIENT_ID" => Some("client".to_owned()),
                    _ => None,
                };
                let mut problems = ConfigProblems::default();
                assert_eq!(CognitoConfig::from_lookup(&get, &mut problems).is_some(), is_good, "{name} {scheme}");
                assert_eq!(problems.to_string().contains(name), !is_good, "{problems}");
            }
        }
    }

    #[test]
    fn an_address_has_no_query_fragment_or_user() {
        for more in ["u:hunter2@cognito.example", "cognito.example/?hunter2", "cognito.example#hunter2"] {
            let told = optional_url(&|_: &str| Some(format!("https://{more}")), "COGNITO_DOMAIN").unwrap_err();
            assert!(told.contains("COGNITO_DOMAIN") && !told.contains("hunter2"), "{told}");
        }
    }

    #[test]
    fn a_domain_may_lack_its_scheme() {
        let get = |_: &str| Some("demo.auth.eu-central-1.amazoncognito.com".to_owned());
        let url = optional_url(&get, "COGNITO_DOMAIN").unwrap().unwrap();
        assert_eq!(url.as_str(), "https://demo.auth.eu-central-1.amazoncognito.com/");
    }
}
