//! What of a request and its answer may be shown: fields on a list as they are, everything else by a short hash or not
//! at all. Called by `exchange`, before anything is kept.

mod text;

use serde_json::{Map, Value};

pub(super) use text::redact_text;
use text::{hide_quoted, shorten};

use super::history::short_hash;
use super::settings::is_email;

/// Fields of requests and answers whose values tell nothing that is secret, in lower case.
const SHOWN: [&str; 33] = [
    "__type",
    "authflow",
    "clientid",
    "challengename",
    "client_id",
    "code_challenge_method",
    "codedeliverydetails",
    "confirmationcodetype",
    "deliverymedium",
    "attributename",
    "destination",
    "email_verified",
    "error",
    "error_description",
    "expires_in",
    "expiresin",
    "grant_type",
    "identity_provider",
    "lang",
    "logout_uri",
    "message",
    "name",
    "prompt",
    "redirect_uri",
    "resource",
    "response_type",
    "scope",
    "sub",
    "token_type",
    "tokentype",
    "userconfirmed",
    "userpoolid",
    "userstatus",
];

/// Fields that hold what a person signs in by: shown where it looks like that, as people type passwords there too.
const NAMES: [&str; 5] = ["email", "username", "cognito:username", "login_hint", "usersub"];

/// What is shorter is guessed from its hash, so it has none: codes and most passwords.
const LEAST_HASHED: usize = 24;
const MAX_KEY: usize = 40;
const MAX_DEPTH: usize = 8;

/// Stands for what is not even hashed.
const HIDDEN: &str = "(hidden)";

/// The value of a field as it may be shown.
pub(super) fn redact_field(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    if value.is_empty() {
        String::new()
    } else if matches!(name.as_str(), "redirect_uri" | "logout_uri" | "location") {
        redact_url(value)
    } else if matches!(name.as_str(), "message" | "x-amzn-errormessage") {
        redact_text(&hide_quoted(value))
    } else if SHOWN.contains(&name.as_str()) || (NAMES.contains(&name.as_str()) && is_name(value)) {
        redact_text(value)
    } else if name.contains("password") {
        HIDDEN.to_owned()
    } else {
        redact_secret(value)
    }
}

/// By its short hash, which is the one that the timeline of a sign-in shows.
pub(super) fn redact_secret(value: &str) -> String {
    if value.len() < LEAST_HASHED { HIDDEN.to_owned() } else { format!("#{}", short_hash(value)) }
}

/// A form or a query.
pub(super) fn redact_form(encoded: &[u8]) -> Vec<(String, String)> {
    let pairs = url::form_urlencoded::parse(encoded);
    pairs.map(|(name, value)| (redact_key(&name), redact_field(&name, &value))).collect()
}

/// A JSON body, or `None` where it is none.
pub(super) fn redact_json(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok().map(|value| redact_value("", value, 0))
}

fn redact_value(name: &str, value: Value, depth: usize) -> Value {
    match value {
        _ if depth > MAX_DEPTH => Value::from(HIDDEN),
        Value::Object(members) => {
            // `{"Name": "email", "Value": "…"}`, as the JSON API writes attributes.
            let attribute = members.get("Name").and_then(Value::as_str).map(str::to_owned);
            let redact = |(key, value): (String, Value)| {
                let named = attribute.as_deref().filter(|_| key == "Value").unwrap_or(&key);
                let value = redact_value(named, value, depth + 1);
                (redact_key(&key), value)
            };
            Value::Object(members.into_iter().map(redact).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(|item| redact_value(name, item, depth + 1)).collect(),
        Value::String(text) => Value::from(redact_field(name, &text)),
        // A code may come as a number.
        Value::Number(number) if !SHOWN.contains(&name.to_ascii_lowercase().as_str()) => {
            Value::from(redact_secret(&number.to_string()))
        }
        kept => kept,
    }
}

/// A name in a request may be anything, a secret that was put in the wrong place too.
fn redact_key(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':' | '-' | '.');
    let good = key.len() <= MAX_KEY && key.chars().all(plain);
    if good { key.to_owned() } else { redact_secret(key) }
}

/// The address without what is behind it, and the parameters as those of a form.
fn redact_url(text: &str) -> String {
    let (address, query) = text.split_once(['?', '#']).unwrap_or((text, ""));
    let pairs: Vec<String> =
        redact_form(query.as_bytes()).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    // Whoever writes a password into an address finds it hidden.
    let address = match (address.split_once("://"), address.rfind('@')) {
        (Some((scheme, _)), Some(at)) => format!("{scheme}://{HIDDEN}{}", &address[at..]),
        _ => address.to_owned(),
    };
    let address = redact_text(&address);
    if pairs.is_empty() { address } else { shorten(&format!("{address}?{}", pairs.join("&"))) }
}

/// An e-mail address, or something with the shape of a sub.
fn is_name(value: &str) -> bool {
    let is_uuid = value.len() == 36 && value.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    is_email(value) || is_uuid
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn listed_fields_are_shown_and_all_others_are_not() {
        let token = "eyJraWQiOiJ4In0.eyJzdWIiOiJ5In0.c2lnbmF0dXJl";
        for (name, value, shown) in [
            ("grant_type", "refresh_token", "refresh_token".to_owned()),
            ("refresh_token", token, format!("#{}", short_hash(token))),
            ("password", "long enough to have a hash, really", HIDDEN.to_owned()),
            ("ConfirmationCode", "123456", HIDDEN.to_owned()),
            ("username", "demo@example.com", "demo@example.com".to_owned()),
            ("username", "Demo-Passw0rd", HIDDEN.to_owned()),
            ("logout_uri", "http://localhost:3000/?code=123456", "http://localhost:3000/?code=(hidden)".to_owned()),
            (
                "message",
                "1 validation error detected: Value '378313 ' at 'confirmationCode' failed",
                "1 validation error detected: Value '(hidden)' at 'confirmationCode' failed".to_owned(),
            ),
            ("redirect_uri", "http://u:Pa55word@h/?x=1", "http://(hidden)@h/?x=(hidden)".to_owned()),
            ("x", "", String::new()),
        ] {
            assert_eq!(redact_field(name, value), shown, "{name}={value}");
        }
    }

    #[test]
    fn json_is_redacted_to_its_depth() {
        let body = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "AuthParameters": { "SECRET_HASH": "Im81upmOwZBKuC9qqMCgAeIQ2USgrYzDhI4ioR7OICU=" },
            "UserAttributes": [{ "Name": "email", "Value": "a@b.example" }, { "Name": "custom:pin", "Value": "0000" }],
            "ConfirmationCode": 123_456,
            "ExpiresIn": 3600,
        });
        let expected = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH",
            "AuthParameters": { "SECRET_HASH": format!("#{}", short_hash("Im81upmOwZBKuC9qqMCgAeIQ2USgrYzDhI4ioR7OICU=")) },
            "UserAttributes": [{ "Name": "email", "Value": "a@b.example" }, { "Name": "custom:pin", "Value": HIDDEN }],
            "ConfirmationCode": HIDDEN,
            "ExpiresIn": 3600,
        });
        assert_eq!(redact_json(body.to_string().as_bytes()), Some(expected));
        assert_eq!(redact_json(b"not json"), None);
    }

    proptest! {
        /// Wherever a token stands, as a value or by mistake as a name, and whatever the field is called.
        #[test]
        fn no_token_gets_through(
            secret in "[A-Za-z0-9_-]{40,90}",
            field in prop::sample::select(vec!["scope", "message", "redirect_uri", "username", "Name", "x", "code"]),
            around in "[ a-z:?&.]{0,12}",
        ) {
            let value = format!("{around}{secret}");
            let shown = [
                redact_field(field, &value),
                format!("{:?}", redact_form(format!("{field}={secret}&{secret}={secret}").as_bytes())),
                redact_json(json!({ field: [&value, { &secret: value }] }).to_string().as_bytes()).unwrap().to_string(),
            ];
            for shown in shown {
                prop_assert!(!shown.contains(&secret), "{}", shown);
            }
        }

        /// Short secrets (codes, passwords) in fields that are not listed.
        #[test]
        fn no_short_secret_gets_through(
            secret in "[A-Z]{3}[0-9]{3,8}[^\\x00-\\x7f]",
            field in "[a-z_]{1,12}[!-~]?",
        ) {
            prop_assume!(!SHOWN.contains(&field.to_ascii_lowercase().as_str()));
            let url = matches!(field.as_str(), "location");
            prop_assert!(url || !redact_field(&field, &secret).contains(&secret));
            let body = json!({ "deep": { &field: { "nested": [&secret] } } });
            prop_assert!(!redact_json(body.to_string().as_bytes()).unwrap().to_string().contains(&secret));
        }
    }
}
