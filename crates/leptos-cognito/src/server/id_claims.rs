//! The claims of an ID token, as far as the app uses them. Read by `tokens`, which checks them.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{clock::UnixTime, error::Cause};

/// The claims of a verified ID token that the app uses; others are ignored, and there may always be more.
#[derive(Clone)]
pub(super) struct IdClaims {
    pub(super) iss: String,
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    pub(super) exp: UnixTime,
    pub(super) iat: UnixTime,
    pub(super) nbf: Option<UnixTime>,
    pub(super) token_use: String,
    pub(super) nonce: Option<String>,
    pub(super) at_hash: Option<String>,
    /// The pool's real username: `SECRET_HASH` is made over it, whatever the person typed.
    pub(super) username: String,
    pub(super) groups: Vec<String>,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// A token's claims as they stand there. A trigger of the pool's owner may have written anything into them.
pub(super) type Claims = serde_json::Map<String, Value>;

impl IdClaims {
    /// What is only for showing, and the groups, may be of another type: then they are left out.
    pub(super) fn read(claims: &Claims) -> Result<Self, Cause> {
        Ok(Self {
            iss: required(claims, "iss")?,
            sub: required(claims, "sub")?,
            aud: required(claims, "aud")?,
            azp: optional(claims, "azp")?,
            exp: required(claims, "exp")?,
            iat: required(claims, "iat")?,
            nbf: optional(claims, "nbf")?,
            token_use: required(claims, "token_use")?,
            nonce: optional(claims, "nonce")?,
            at_hash: optional(claims, "at_hash")?,
            username: required(claims, "cognito:username")?,
            groups: if_readable(claims, "cognito:groups").unwrap_or_default(),
            email: if_readable(claims, "email").filter(|email: &String| !email.trim().is_empty()),
            name: if_readable(claims, "name").filter(|name: &String| !name.trim().is_empty()),
        })
    }

    /// `aud`, and `azp` where there is one or has to be.
    pub(super) fn is_for(&self, client_id: &str) -> bool {
        let is_authorized_party = self.azp.as_deref().is_none_or(|azp| azp == client_id);
        match &self.aud {
            Audience::One(aud) => aud == client_id && is_authorized_party,
            Audience::Many(all) if all.len() > 1 => {
                all.iter().any(|aud| aud == client_id) && self.azp.as_deref() == Some(client_id)
            }
            Audience::Many(all) => all.iter().any(|aud| aud == client_id) && is_authorized_party,
        }
    }
}

fn required<T: DeserializeOwned>(claims: &Claims, name: &'static str) -> Result<T, Cause> {
    optional(claims, name)?.ok_or(Cause::Claim(name))
}

fn optional<T: DeserializeOwned>(claims: &Claims, name: &'static str) -> Result<Option<T>, Cause> {
    let value = claims.get(name).filter(|value| !value.is_null());
    value.map(|value| T::deserialize(value).map_err(|_| Cause::Claim(name))).transpose()
}

fn if_readable<T: DeserializeOwned>(claims: &Claims, name: &'static str) -> Option<T> {
    optional(claims, name).unwrap_or_else(|_| {
        tracing::warn!(claim = name, "a claim of the ID token has an unexpected type, and is left out");
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(aud: Audience, azp: Option<&str>) -> IdClaims {
        IdClaims {
            iss: String::new(),
            sub: String::new(),
            aud,
            azp: azp.map(str::to_owned),
            exp: UnixTime::from_secs(0),
            iat: UnixTime::from_secs(0),
            nbf: None,
            token_use: String::new(),
            nonce: None,
            at_hash: None,
            username: String::new(),
            groups: Vec::new(),
            email: None,
            name: None,
        }
    }

    #[test]
    fn b13_audiences() {
        let many = |list: &[&str]| Audience::Many(list.iter().map(|aud| (*aud).to_owned()).collect());
        let one = |aud: &str| Audience::One(aud.to_owned());
        for (aud, azp, is_ours) in [
            (one("us"), None, true),
            (one("us"), Some("us"), true),
            (one("us"), Some("them"), false),
            (one("them"), None, false),
            (many(&["us"]), None, true),
            (many(&["us", "them"]), None, false),
            (many(&["us", "them"]), Some("us"), true),
            (many(&["us", "them"]), Some("them"), false),
            (many(&[]), None, false),
        ] {
            assert_eq!(claims(aud.clone(), azp).is_for("us"), is_ours, "{aud:?} {azp:?}");
        }
    }
}
