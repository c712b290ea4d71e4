//! The browser and the system behind a `User-Agent`, for people to recognise in the list of their sessions.

/// A browser that says nothing, or nothing that is known.
pub(super) const UNKNOWN: (&str, &str) = ("A browser", "an unknown system");

/// The browser and the system that a `User-Agent` claims, in words of this file: none of the header's own is ever shown.
/// Each browser names those that it wants to pass for, so the order counts.
pub(super) fn browser(agent: &[u8]) -> (&'static str, &'static str) {
    let has = |name: &&(&'static str, &'static str)| agent.windows(name.0.len()).any(|part| part == name.0.as_bytes());
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let browser = browsers.iter().find(has).map_or(UNKNOWN.0, |(_, name)| name);
    (browser, systems.iter().find(has).map_or(UNKNOWN.1, |(_, name)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_by_their_user_agents() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ("Firefox", "Linux")),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                ("Edge", "Windows"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                ("Chrome", "Android"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                ("Safari", "iPhone"),
            ),
            ("<script>alert(1)</script>", UNKNOWN),
            ("", UNKNOWN),
        ] {
            assert_eq!(browser(agent.as_bytes()), expected, "{agent}");
        }
    }
}
