//! Where Cognito sends a browser: callback and sign-out URLs. Used through `constraints`.

use super::rules::REDIRECT_URL;

/// Why Cognito would not send a browser to this URL: it has to be absolute, without a fragment, and https save on this
/// machine or with an app's own scheme (`cognito.md` §1.1). Of this machine it knows three names, and none below `localhost`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in super::super) enum UrlProblem {
    #[error("is no absolute URL")]
    NotAbsolute,
    #[error("has a fragment (#), which Cognito does not take")]
    Fragment,
    #[error(
        "is http; Cognito wants https save for localhost, 127.0.0.1 and [::1], and knows no other name of this machine"
    )]
    Http,
}

pub(in super::super) fn check_url(text: &str) -> Result<(), UrlProblem> {
    let url = url::Url::parse(text).map_err(|_| UrlProblem::NotAbsolute)?;
    let is_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        _ if url.fragment().is_some() => Err(UrlProblem::Fragment),
        "http" if !is_loopback => Err(UrlProblem::Http),
        _ => Ok(()),
    }
}

/// The same for people; `None` if nothing is wrong.
#[must_use]
pub(crate) fn redirect_url_problem(text: &str) -> Option<String> {
    let of_form = || REDIRECT_URL.problem(text).map(|problem| format!("the URL {problem}"));
    check_url(text).err().map(|problem| format!("{text:?} {problem}")).or_else(of_form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_absolute_and_https_save_on_this_machine() {
        use UrlProblem::{Fragment, Http, NotAbsolute};
        for (url, problem) in [
            ("https://a.example/cb", None),
            ("http://localhost:3000/cb", None),
            ("http://127.0.0.1/cb", None),
            ("http://[::1]:3000/cb", None),
            ("myapp://callback", None),
            ("/callback", Some(NotAbsolute)),
            ("https://a.example/#x", Some(Fragment)),
            ("http://a.example/", Some(Http)),
            ("http://app.localhost:3000/", Some(Http)),
        ] {
            assert_eq!(check_url(url).err(), problem, "{url}");
        }
    }
}
