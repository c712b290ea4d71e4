//! The settings that say where the user pool is: issuer, hosted UI and JSON API. Part of `config`.

use url::Url;

use super::origin::{has_user, is_https_or_loopback, origin_problem};

pub(super) const ENDPOINT: &str = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER";
/// `UserPoolIdType` of Cognito's service model.
const POOL_ID_MAX: usize = 55;

/// The issuer as written, the region in it, and where its JSON API is: on the same host, and the newer form of issuer
/// (`issuer-cognito-idp.…`) has the older one's. Of the region the host says nothing certain (there are two forms and custom ones),
/// the pool id does: `<region>_<id>`.
pub(super) fn parse_issuer(text: &str) -> Result<(String, String, Url), String> {
    let problem = |what: &str| {
        format!(
            "COGNITO_ISSUER {what}; it reads https://cognito-idp.<region>.amazonaws.com/<user pool id>, without a slash \
             at the end (Cognito console, User pool overview: \"Token signing key URL\" up to the pool id)"
        )
    };
    let url = Url::parse(text).map_err(|error| problem(&format!("is no URL ({error})")))?;
    if !is_https_or_loopback(&url) {
        return Err(problem("must be https (plain http is only for localhost)"));
    }
    if url.query().is_some() || url.fragment().is_some() || has_user(&url) {
        return Err(problem("must have no query, fragment or user"));
    }
    let pool_id = url.path().strip_prefix('/').unwrap_or_default();
    let Some(region) = region_of(pool_id) else {
        return Err(problem("does not end in a user pool id (<region>_<letters and digits>)"));
    };
    // Tokens name their issuer in one form, to the byte.
    if url.as_str() != text {
        return Err(problem(&format!("is not how tokens will write it: {url}")));
    }
    let mut api = url.clone();
    api.set_path("/");
    let host = url.host_str().map(|host| host.strip_prefix("issuer-").unwrap_or(host));
    api.set_host(host).map_err(|_| problem("has no host"))?;
    Ok((text.to_owned(), region.to_owned(), api))
}

/// What stands before the underscore of a pool id, `[\w-]+_[0-9a-zA-Z]+`.
fn region_of(pool_id: &str) -> Option<&str> {
    let (region, id) = pool_id.rsplit_once('_').filter(|_| pool_id.len() <= POOL_ID_MAX)?;
    let is_region =
        !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_region && is_id).then_some(region)
}

/// The console shows the domain without a scheme; people copy it so.
pub(super) fn parse_domain(text: &str) -> Result<Url, String> {
    let problem = |what: &str| {
        format!("COGNITO_DOMAIN {what}; write an origin, e.g. https://example.auth.eu-central-1.amazoncognito.com")
    };
    let text = if text.contains("://") { text } else { &format!("https://{text}") };
    let url = Url::parse(text).map_err(|error| problem(&format!("is no URL ({error})")))?;
    origin_problem(&url).map_or(Ok(url), |what| Err(problem(what)))
}

/// It may have a path: what stands before Cognito may be a gateway with several APIs.
pub(super) fn parse_endpoint(text: &str) -> Result<Url, String> {
    let problem = |what: &str| format!("{ENDPOINT} {what}; write an https URL");
    let url = Url::parse(text).map_err(|error| problem(&format!("is no URL ({error})")))?;
    if !is_https_or_loopback(&url) {
        Err(problem("must be https (plain http is only for localhost)"))
    } else if url.query().is_some() || url.fragment().is_some() || has_user(&url) {
        Err(problem("must have no query, fragment or user"))
    } else {
        Ok(url)
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
    fn a_domain_may_lack_its_scheme() {
        let url = parse_domain("demo.auth.eu-central-1.amazoncognito.com").unwrap();
        assert_eq!(url.as_str(), "https://demo.auth.eu-central-1.amazoncognito.com/");
    }
}
