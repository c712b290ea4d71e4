//! The names of all settings, and what is told of a name that is almost one of them. Called by `environment`.

use strsim::damerau_levenshtein;

use leptos_cognito::server::AUTH_SETTINGS;

/// What this app reads besides the settings of the auth folder. Add your own here.
const APP_SETTINGS: [&str; 9] = [
    "LEPTOS_ENV",
    "LEPTOS_SITE_ADDR",
    "LEPTOS_SITE_ROOT",
    "LEPTOS_SITE_PKG_DIR",
    "LEPTOS_OUTPUT_NAME",
    "LEPTOS_HASH_FILES",
    "LEPTOS_RELOAD_PORT",
    "MAX_CONNECTIONS",
    "RUST_LOG",
];
const LOCAL_COGNITO_SETTINGS: [&str; 7] = [
    "LOCAL_COGNITO_ADDR",
    "LOCAL_COGNITO_DIR",
    "LOCAL_COGNITO_CONFIG",
    "LOCAL_COGNITO_CLIENT",
    "LOCAL_COGNITO_ACCESS_TOKEN_SECS",
    "LOCAL_COGNITO_REFRESH_TOKEN_SECS",
    "LOCAL_COGNITO_ROTATION_GRACE_SECS",
];
/// Where a secret is in a file, the setting that names the file.
pub(super) const SECRET_FILES: [(&str, &str); 2] =
    [("COGNITO_CLIENT_SECRET", "COGNITO_CLIENT_SECRET_FILE"), ("SESSION_SECRETS", "SESSION_SECRETS_FILE")];
pub(super) const ENV_FILE: &str = "ENV_FILE";

/// Names that begin so are this app's.
const PREFIXES: [&str; 3] = ["COGNITO_", "SESSION_", "LOCAL_COGNITO_"];
/// What people and other tools (AWS Copilot, Auth.js) call something that is a setting here. Of no harm beside that setting.
const OTHER_WORDS: [(&str, &str); 8] = [
    ("COGNITO_USER_POOL_ID", "COGNITO_ISSUER"),
    ("COGNITO_POOL_ID", "COGNITO_ISSUER"),
    ("COGNITO_REGION", "COGNITO_ISSUER"),
    ("COGNITO_APP_CLIENT_ID", "COGNITO_CLIENT_ID"),
    ("AUTH_COGNITO_ISSUER", "COGNITO_ISSUER"),
    ("AUTH_COGNITO_ID", "COGNITO_CLIENT_ID"),
    ("AUTH_COGNITO_SECRET", "COGNITO_CLIENT_SECRET"),
    ("LOCAL_COGNITO_PORT", "LOCAL_COGNITO_ADDR"),
];

/// All of them.
pub(super) fn known() -> impl Iterator<Item = &'static str> {
    let files = SECRET_FILES.into_iter().map(|(_, file)| file);
    AUTH_SETTINGS.into_iter().chain(APP_SETTINGS).chain(LOCAL_COGNITO_SETTINGS).chain(files).chain([ENV_FILE])
}

/// What to say of a variable that is set and not a setting: nothing, if it is another program's.
pub(super) fn judge(name: &str, value: &str, is_set: impl Fn(&str) -> bool) -> Option<String> {
    if known().any(|known| known == name) || is_other_programs(name, value) {
        return None;
    }
    let meant = if let Some((_, meant)) = OTHER_WORDS.iter().find(|(other, _)| *other == name) {
        Some(*meant).filter(|meant| !is_set(meant))
    } else if PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        known().min_by_key(|known| farness(name, known))
    } else {
        // Somebody else's name may be near one of ours by chance; it can only mislead while ours is missing.
        known().find(|known| is_near(name, known)).filter(|meant| !is_set(meant))
    };
    meant.map(|meant| format!("{name} is not a setting of this app; {meant} is"))
}

/// A slip of the pen first, then what has the most words in common.
fn farness(name: &str, known: &str) -> (bool, usize, usize) {
    let distance = damerau_levenshtein(name, known);
    let shared = name.split('_').filter(|word| known.split('_').any(|own| own == *word)).count();
    (distance > 2, usize::MAX - shared, distance)
}

fn is_near(name: &str, known: &str) -> bool {
    // The system of Windows does not tell them apart.
    let other_case = !cfg!(windows) && name.eq_ignore_ascii_case(known);
    let slips = if known.len() < 10 { 1 } else { 2 };
    other_case || damerau_levenshtein(name, known) <= slips
}

/// The session manager of a desktop (X11), and what Kubernetes and Docker tell a container of a service that is called
/// `cognito`, `session-store`, …: `COGNITO_SERVICE_HOST=10.0.0.7`, `COGNITO_PORT_9229_TCP_ADDR=10.0.0.7`.
fn is_other_programs(name: &str, value: &str) -> bool {
    let is_address = ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    let is_of_port = || {
        let rest = name.split_once("_PORT_").map(|(_, rest)| rest.split('_').collect::<Vec<_>>());
        rest.is_some_and(|rest| matches!(rest[..], [port, "TCP" | "UDP" | "SCTP", ..] if port.parse::<u16>().is_ok()))
    };
    name == "SESSION_MANAGER"
        || name.ends_with("_SERVICE_HOST")
        || name.ends_with("_SERVICE_PORT")
        || name.contains("_SERVICE_PORT_")
        || (name.ends_with("_PORT") && is_address)
        || is_of_port()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_ours_is_told_with_the_nearest_of_ours() {
        for (name, meant) in [
            ("COGNITO_ISUER", Some("COGNITO_ISSUER")),
            ("COGNITO_CLEINT_ID", Some("COGNITO_CLIENT_ID")),
            ("COGNITO_SECRET", Some("COGNITO_CLIENT_SECRET")),
            ("COGNITO_CLIENT_SECRET_PATH", Some("COGNITO_CLIENT_SECRET_FILE")),
            ("SESSION_IDLE", Some("SESSION_IDLE_SECS")),
            ("LOCAL_COGNITO_CONFIG_FILE", Some("LOCAL_COGNITO_CONFIG")),
            ("cognito_issuer", Some("COGNITO_ISSUER")),
            ("APP_URLS", Some("APP_URL")),
            ("APP_UID", None),
            ("COGNITO_ISSUER", None),
            ("PATH", None),
        ] {
            let told = judge(name, "x", |_| false);
            assert_eq!(
                told.as_deref().and_then(|told| told.strip_suffix(" is")?.split("; ").nth(1)),
                meant,
                "{told:?}"
            );
        }
    }

    #[test]
    fn other_words_do_no_harm_beside_ours() {
        for name in ["COGNITO_USER_POOL_ID", "AUTH_COGNITO_SECRET", "APP_URI", "MAX_CONNECTION"] {
            assert!(judge(name, "x", |_| false).is_some() && judge(name, "x", |_| true).is_none(), "{name}");
        }
    }

    #[test]
    fn what_containers_are_told_of_services_is_left_alone() {
        for (name, value, is_left) in [
            ("COGNITO_PORT", "tcp://10.0.0.7:9229", true),
            ("LOCAL_COGNITO_PORT", "9500", false),
            ("COGNITO_PORT_9229_TCP", "tcp://10.0.0.7:9229", true),
            ("COGNITO_PORT_9229_TCP_PROTO", "tcp", true),
            ("COGNITO_PORT_NUMBER", "9229", false),
            ("COGNITO_SERVICE_PORT_HTTP", "80", true),
            ("SESSION_MANAGER", "local/host:@/tmp/.ICE-unix/1", true),
        ] {
            assert_eq!(judge(name, value, |_| false).is_none(), is_left, "{name}");
        }
    }
}
