//! `UPSTREAM_ORIGINS`: where calls with a person's access token may go, besides the user pool's own domain (B44). Part of
//! `config`.

use std::collections::BTreeSet;

use url::Url;

use super::{origin::origin_problem, setting_reader::SettingReader};

/// The origins that the operator listed: scheme, host and port, compared whole.
#[derive(Clone, Debug, Default)]
pub struct UpstreamOrigins(BTreeSet<String>);

impl UpstreamOrigins {
    /// Reads a list separated by commas and notes every entry that is no origin.
    pub(super) fn read(reader: &mut SettingReader<'_>) -> Self {
        let list = reader.get("UPSTREAM_ORIGINS").unwrap_or_default();
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        Self(entries.enumerate().filter_map(|(index, entry)| reader.keep(parse(index + 1, entry))).collect())
    }

    /// Whether a URL's origin is listed.
    pub(super) fn contains(&self, url: &Url) -> bool {
        self.0.contains(&url.origin().ascii_serialization())
    }
}

/// Problems name an entry by its place: somebody may have written a password into it.
fn parse(place: usize, entry: &str) -> Result<String, String> {
    let problem = |what: &str| {
        format!(
            "UPSTREAM_ORIGINS: origin {place} {what}; write origins, e.g. https://api.example.com, with commas between"
        )
    };
    let url = Url::parse(entry).map_err(|error| problem(&format!("is no URL ({error})")))?;
    if let Some(what) = origin_problem(&url) {
        return Err(problem(what));
    }
    if url.host_str().is_some_and(|host| host.contains('*')) {
        return Err(problem("has a *, which stands for nothing: each host has to be named"));
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str) -> Result<UpstreamOrigins, String> {
        let lookup = |_: &str| Some(list.to_owned());
        let mut reader = SettingReader::new(&lookup);
        let origins = UpstreamOrigins::read(&mut reader);
        reader.into_problems().finish(Some(origins)).map_err(|problems| problems.to_string())
    }

    #[test]
    fn b44_only_origins_are_taken_and_every_problem_is_told_without_its_text() {
        for bad in [
            "api.example.com",
            "http://api.example.com",
            "https://api.example.com/v1",
            "https://api.example.com?x=hunter2",
            "https://api.example.com#hunter2",
            "https://user@api.example.com",
            "https://:hunter2@api.example.com",
            "https://*.example.com",
            "ftp://localhost",
            "data:text/plain,x",
            "*",
        ] {
            let told = read(bad).unwrap_err();
            assert!(told.contains("UPSTREAM_ORIGINS: origin 1") && !told.contains("hunter2"), "{bad}: {told}");
        }
        let told = read("https://a.example, nonsense, https://b.example/x").unwrap_err();
        assert!(told.contains("2 problem(s)") && told.contains("origin 2") && told.contains("origin 3"), "{told}");
    }

    #[test]
    fn b44_scheme_host_and_port_count_and_nothing_else() {
        let origins = read("https://api.example.com:443 ,http://127.0.0.1:8080,").unwrap();
        for (url, is_listed) in [
            ("https://api.example.com/orders?x=1", true),
            ("https://API.example.com:443", true),
            ("http://127.0.0.1:8080/x", true),
            ("https://api.example.com:8443/", false),
            ("http://api.example.com/", false),
            ("https://api.example.com.evil.example/", false),
            ("https://evil.example/https://api.example.com", false),
            ("https://x.api.example.com/", false),
            ("http://127.0.0.1:8081/", false),
            ("http://localhost:8080/", false),
            ("data:text/plain,x", false),
        ] {
            assert_eq!(origins.contains(&Url::parse(url).unwrap()), is_listed, "{url}");
        }
        assert!(!read("").unwrap().contains(&Url::parse("https://api.example.com").unwrap()), "none by default");
    }
}
