//! Parameters of a query string or a form. Used by every OAuth endpoint.

use std::collections::HashSet;

use axum::http::{HeaderMap, header};

/// Decoded parameters; of a name given twice the first counts.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    pub(super) fn parse(encoded: &[u8]) -> Params {
        Params(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// A request body; empty where the content type says that it is no form, as Cognito then sees no parameter.
    pub(super) fn of_form(headers: &HeaderMap, body: &[u8]) -> Params {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let is_form = media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        Params::parse(if is_form { body } else { b"" })
    }

    /// Whether a name is given twice, which RFC 6749 §3.1 and §3.2 forbid. What Cognito does then is not documented.
    pub(super) fn has_repeated(&self) -> bool {
        let mut seen = HashSet::new();
        self.0.iter().any(|(name, _)| !seen.insert(name))
    }

    /// The value of `name`; an empty one counts as absent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn values_are_decoded_and_the_first_of_a_name_counts() {
        let params = Params::parse(b"scope=openid+email%20x&state=a%2Bb&state=second&empty=");
        assert_eq!(params.get("scope"), Some("openid email x"));
        assert_eq!(params.get("state"), Some("a+b"));
        assert_eq!(params.get("empty"), None);
        assert_eq!(params.get("absent"), None);
        assert!(params.has_repeated() && !Params::parse(b"scope=a&state=b&State=c").has_repeated());
    }

    #[test]
    fn only_a_form_is_read_as_a_form() {
        for (content_type, found) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", true),
            ("application/json", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            assert_eq!(Params::of_form(&headers, b"a=b").get("a").is_some(), found, "{content_type}");
        }
    }
}
