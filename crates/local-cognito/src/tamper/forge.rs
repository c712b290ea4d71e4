//! Signatures that are not what they should be: another algorithm, another key, a key that the token brings itself.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{RSA_PKCS1_SHA512, RSA_PSS_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::super::error::CryptoError;
use super::super::jwt::{encode_part, join_signing_input, sign_jwt};
use super::super::keys::SigningKey;
use super::super::random::random_kid;
use super::Tamper;

impl Tamper {
    /// Signs as this kind of tampering asks. May make a key: takes a good part of a second then.
    pub(in super::super) fn sign(
        &self,
        key: &SigningKey,
        claims: &Map<String, Value>,
        hs256_key: &str,
    ) -> Result<String, CryptoError> {
        let input = |alg| join_signing_input(&key.kid, alg, claims);
        match self {
            Tamper::Signature => sign_jwt(key, claims).map(|token| flip_signature_bit(&token)),
            Tamper::AlgNone => Ok(input("none")? + "."),
            Tamper::AlgHs256 => Ok(sign_hs256(&input("HS256")?, hs256_key)),
            Tamper::AlgHs256PublicKey => Ok(sign_hs256(&input("HS256")?, &key.to_public_pem()?)),
            Tamper::AlgRs512 => key.sign_as(&RSA_PKCS1_SHA512, &input("RS512")?),
            Tamper::AlgPs256 => key.sign_as(&RSA_PSS_SHA256, &input("PS256")?),
            Tamper::ForeignKey => SigningKey::generate()?.sign_token(&input("RS256")?),
            Tamper::OwnKey { url, has_known_kid } => {
                let kid = if *has_known_kid { key.kid.clone() } else { random_kid() };
                sign_with_own_key(kid, url, claims)
            }
            Tamper::UnknownKid => key.sign_token(&join_signing_input(&random_kid(), "RS256", claims)?),
            _ => sign_jwt(key, claims),
        }
    }
}

fn sign_hs256(input: &str, key: &str) -> String {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn sign_with_own_key(kid: String, url: &str, claims: &Map<String, Value>) -> Result<String, CryptoError> {
    let own = SigningKey::generate()?.renamed(kid);
    let header = json!({ "alg": "RS256", "kid": own.kid, "jwk": own.to_jwk(), "jku": url, "x5u": url });
    own.sign_token(&format!("{}.{}", encode_part(&header)?, encode_part(claims)?))
}

/// Another character in the middle of the signature: still base64url of the right length.
fn flip_signature_bit(token: &str) -> String {
    let mut token = token.to_owned();
    let middle = token.len() - 100;
    let other = if token[middle..].starts_with('A') { "B" } else { "A" };
    token.replace_range(middle..=middle, other);
    token
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rsa::PublicKeyComponents;
    use aws_lc_rs::signature::{
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RsaParameters,
    };

    use super::super::tests::claims;
    use super::*;

    fn header(token: &str) -> Value {
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        serde_json::from_slice(&header).unwrap()
    }

    /// Whether the key in this JWK made the token's signature.
    fn is_signed_by(jwk: &Value, parameters: &'static RsaParameters, token: &str) -> bool {
        let [n, e] = ["n", "e"].map(|part| URL_SAFE_NO_PAD.decode(jwk[part].as_str().unwrap()).unwrap());
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        PublicKeyComponents { n, e }.verify(parameters, input.as_bytes(), &signature).is_ok()
    }

    #[test]
    fn each_signing_tampering_makes_the_token_it_names() {
        let key = SigningKey::generate().unwrap();
        let sign = |tamper: Tamper| tamper.sign(&key, &claims(), "secret").unwrap();
        let good = sign_jwt(&key, &claims()).unwrap();

        let flipped = sign(Tamper::Signature);
        assert_eq!(flipped.len(), good.len());
        assert_eq!(flipped.rsplit_once('.').unwrap().0, good.rsplit_once('.').unwrap().0);
        assert_ne!(flipped, good);

        assert!(sign(Tamper::AlgNone).ends_with('.'));
        assert_eq!(header(&sign(Tamper::AlgNone))["alg"], "none");
        for tamper in [Tamper::AlgHs256, Tamper::AlgHs256PublicKey] {
            assert_eq!(header(&sign(tamper))["alg"], "HS256");
        }
        assert_ne!(sign(Tamper::AlgHs256), sign(Tamper::AlgHs256PublicKey));
        for (tamper, alg, parameters) in [
            (Tamper::AlgRs512, "RS512", &RSA_PKCS1_2048_8192_SHA512),
            (Tamper::AlgPs256, "PS256", &RSA_PSS_2048_8192_SHA256),
        ] {
            let token = sign(tamper);
            assert_eq!(header(&token)["alg"], alg);
            assert!(is_signed_by(&key.to_jwk(), parameters, &token), "{alg}: signed as it says");
        }
        assert_ne!(header(&sign(Tamper::UnknownKid))["kid"], key.kid.as_str());
        assert_eq!(sign(Tamper::Issuer), good, "claims are changed elsewhere");
    }

    #[test]
    fn a_foreign_key_signs_under_the_pools_kid_and_an_own_key_is_in_the_header() {
        let key = SigningKey::generate().unwrap();
        let sign = |tamper: Tamper| tamper.sign(&key, &claims(), "secret").unwrap();
        let parameters = &RSA_PKCS1_2048_8192_SHA256;
        let foreign = sign(Tamper::ForeignKey);
        assert_eq!(header(&foreign), json!({ "kid": key.kid, "alg": "RS256" }));
        assert!(!is_signed_by(&key.to_jwk(), parameters, &foreign));
        for has_known_kid in [true, false] {
            let url = "http://127.0.0.1:1/keys".to_owned();
            let own = sign(Tamper::OwnKey { url: url.clone(), has_known_kid });
            let header = header(&own);
            assert!(is_signed_by(&header["jwk"], parameters, &own) && !is_signed_by(&key.to_jwk(), parameters, &own));
            assert_eq!((&header["jku"], &header["x5u"]), (&json!(url), &json!(url)));
            assert_eq!((header["kid"] == key.kid.as_str(), &header["kid"]), (has_known_kid, &header["jwk"]["kid"]));
        }
    }
}
