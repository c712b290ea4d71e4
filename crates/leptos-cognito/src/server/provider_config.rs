//! The settings of the user pool (`COGNITO_*`). Part of `config`.

use url::Url;

use super::{
    pool_urls::{ENDPOINT, parse_domain, parse_endpoint, parse_issuer},
    secret::Secret,
    setting_reader::SettingReader,
};

/// `openid` for an ID token, `email` and `profile` for what pages show, and the scope that lets the access token call
/// Cognito's own user operations (`GetUser`).
pub const DEFAULT_SCOPES: &str = "openid email profile aws.cognito.signin.user.admin";
/// Without it Cognito takes an access token for none of the user's own operations, `GlobalSignOut` among them.
pub(super) const ACCOUNT_SCOPE: &str = "aws.cognito.signin.user.admin";

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
    /// Reads the settings of the user pool and notes every problem.
    pub(super) fn read(reader: &mut SettingReader<'_>) -> Option<Self> {
        let issuer = reader.require("COGNITO_ISSUER").and_then(|text| reader.keep(parse_issuer(&text)));
        let client_id = reader.require("COGNITO_CLIENT_ID").and_then(|id| reader.keep(check_client_id(id)));
        let client_secret = reader.get("COGNITO_CLIENT_SECRET").map(|secret| reader.keep(check_client_secret(secret)));
        let domain = reader.get("COGNITO_DOMAIN").map(|text| reader.keep(parse_domain(&text)));
        let endpoint = reader.get(ENDPOINT).map(|text| reader.keep(parse_endpoint(&text)));
        let refresh = RefreshMethod::parse(reader.get("COGNITO_REFRESH"));
        let refresh = reader.keep(refresh);
        let scopes = reader.get("COGNITO_SCOPES").unwrap_or_else(|| DEFAULT_SCOPES.to_owned());
        let scopes = reader.keep(parse_scopes(&scopes));
        let (issuer, region, api) = issuer?;
        // What is not set is fine; what was set and refused is not.
        let endpoint = endpoint.map_or(Some(api), |endpoint| endpoint)?;
        Some(Self {
            issuer,
            client_id: client_id?,
            client_secret: client_secret.map_or(Some(None), |secret| secret.map(Some))?,
            domain: domain.map_or(Some(None), |domain| domain.map(Some))?,
            scopes: scopes?,
            refresh: refresh?,
            region,
            endpoint_url: endpoint.as_str().trim_end_matches('/').to_owned(),
        })
    }
}

/// Limits of Cognito's service model: `ClientIdType`, `ClientSecretType`, `ScopeListType`, `ScopeType`.
const CLIENT_ID_MAX: usize = 128;
const CLIENT_SECRET_MAX: usize = 64;
const SCOPES_MAX: usize = 50;
const SCOPE_MAX: usize = 256;

/// `[\w+]+`
fn check_client_id(id: String) -> Result<String, String> {
    let is_good = id.len() <= CLIENT_ID_MAX && id.bytes().all(|byte| is_word(byte) || byte == b'+');
    is_good.then_some(id).ok_or_else(|| {
        format!(
            "COGNITO_CLIENT_ID is no client id; write letters, digits, _ and +, at most {CLIENT_ID_MAX} (Cognito console, \
             App clients: \"Client ID\")"
        )
    })
}

/// `[\w+]+`, and the hyphen of emulators whose secrets are UUIDs.
fn check_client_secret(secret: String) -> Result<Secret, String> {
    let is_good =
        secret.len() <= CLIENT_SECRET_MAX && secret.bytes().all(|byte| is_word(byte) || b"+-".contains(&byte));
    is_good.then(|| Secret::new(secret)).ok_or_else(|| {
        format!(
            "COGNITO_CLIENT_SECRET is no client secret; write letters, digits, _ and +, at most {CLIENT_SECRET_MAX} (Cognito \
             console, App clients: \"Client secret\")"
        )
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn parse_scopes(text: &str) -> Result<Vec<String>, String> {
    let scopes: Vec<_> = text.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
    // RFC 6749 §3.3.
    let is_scope = |scope: &String| {
        scope.len() <= SCOPE_MAX && scope.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
    };
    if let Some(place) = scopes.iter().position(|scope| !is_scope(scope)) {
        let place = place + 1;
        Err(format!("COGNITO_SCOPES: scope {place} is none; write scopes separated by spaces, e.g. {DEFAULT_SCOPES}"))
    } else if scopes.len() > SCOPES_MAX {
        Err(format!("COGNITO_SCOPES has {} scopes; Cognito takes {SCOPES_MAX} at most", scopes.len()))
    } else if !scopes.iter().any(|scope| scope == "openid") {
        Err("COGNITO_SCOPES must contain openid: without it Cognito sends no ID token".to_owned())
    } else {
        Ok(scopes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                let mut reader = SettingReader::new(&get);
                assert_eq!(CognitoConfig::read(&mut reader).is_some(), is_good, "{name} {scheme}");
                let problems = reader.into_problems().to_string();
                assert_eq!(problems.contains(name), !is_good, "{problems}");
            }
        }
    }
}
