//! What the person who starts Local Cognito decides: in Rust by [`Settings::new`] and its fields, elsewhere by a TOML
//! file (`file`). Read by `LocalCognito::start`.

mod client;
mod environment;
mod file;
mod problem;
mod user;

use std::collections::HashSet;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

pub use client::{ClientSettings, SecretSetting};
pub use environment::Options;
pub use user::UserSettings;
pub(super) use user::is_email;

use super::constraints::POOL_ID;
use super::error::StartError;
use super::rotation::MAX_GRACE_SECS;
use problem::{Part, Problem, check_count, check_span};

/// Where Local Cognito reads the time: the system's, or one that a test moves.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// How a Local Cognito is to be set up. Start from [`Settings::new`] and change what differs.
#[derive(Clone)]
pub struct Settings {
    /// Where to listen. Loopback only; port 0 takes any free port.
    pub addr: SocketAddr,
    /// The user pools; at least one.
    pub pools: Vec<PoolSettings>,
    /// Where keys, users and sign-ins outlive a restart; `None` keeps them in memory.
    pub state_file: Option<PathBuf>,
    /// The only source of time.
    pub clock: Clock,
}

/// One user pool.
#[derive(Clone, Debug)]
pub struct PoolSettings {
    /// The pool id: `[\w-]+_[0-9a-zA-Z]+`, at AWS the region before the underscore. Unique.
    pub id: String,
    /// Its app clients; names are unique in the pool, ids in all pools.
    pub clients: Vec<ClientSettings>,
    /// Users the pool has from the beginning. One that is added or changed here later is added or changed at the next
    /// start; one that was deleted in the pool comes back only when it is changed here.
    pub users: Vec<UserSettings>,
    /// Whether its pages behave as the classic hosted UI (`ManagedLoginVersion` 1), which ignores `prompt` and `lang`, and not
    /// as managed login.
    pub classic_hosted_ui: bool,
}

impl Settings {
    /// Settings for an app at `app_url` (such as `http://localhost:3000`, with or without a final slash): the pool
    /// `us-east-1_LocalPool` with two demo users and one confidential client `app`, tokens of one hour, sign-ins of 30
    /// days without rotation, the system's clock, no state file.
    #[must_use]
    pub fn new(addr: SocketAddr, app_url: &str) -> Settings {
        let pool = PoolSettings {
            id: "us-east-1_LocalPool".to_owned(),
            clients: vec![ClientSettings::new("app", app_url)],
            users: UserSettings::demo(),
            classic_hosted_ui: false,
        };
        Settings { addr, pools: vec![pool], state_file: None, clock: Arc::new(SystemTime::now) }
    }

    /// The first client of the first pool: the only one there is in [`Settings::new`].
    ///
    /// # Panics
    /// If there is no pool or no client in it.
    #[must_use]
    pub fn client(&mut self) -> &mut ClientSettings {
        &mut self.pools[0].clients[0]
    }

    /// Refuses what must not be served, before anything is opened.
    pub(super) fn check(&self) -> Result<(), StartError> {
        if !self.addr.ip().is_loopback() {
            return Err(StartError::NotLoopback(self.addr));
        }
        let problems: Vec<String> = self.find_problems().collect();
        if problems.is_empty() { Ok(()) } else { Err(StartError::Settings(problems)) }
    }

    fn find_problems(&self) -> impl Iterator<Item = String> {
        let none = self.pools.is_empty().then(|| "there is no pool".to_owned());
        let pool_ids = find_repeated(&self.pools, |pool| Some(pool.id.clone()));
        let pool_ids = pool_ids.into_iter().map(|at| format!("two pools have the id {:?}", self.pools[at].id));
        let clients: Vec<&ClientSettings> = self.pools.iter().flat_map(|pool| &pool.clients).collect();
        let ids = find_repeated(&clients, |client| client.id.clone());
        let ids: Vec<String> = ids.into_iter().filter_map(|at| clients[at].id.clone()).collect();
        let ids = ids.into_iter().map(|id| format!("two clients have the id {id:?}"));
        none.into_iter().chain(pool_ids).chain(ids).chain(self.pools.iter().flat_map(PoolSettings::find_problems))
    }
}

impl PoolSettings {
    fn find_problems(&self) -> Vec<String> {
        let own = self.find_own_problems().into_iter().map(|problem| problem.text);
        let clients = self.clients.iter().flat_map(|client| {
            client.find_problems().into_iter().map(|problem| format!("client {:?}: {}", client.name, problem.text))
        });
        // By their place: an e-mail address does not belong in a log.
        let users = self.users.iter().enumerate().flat_map(|(at, user)| {
            user.find_problems().into_iter().map(move |problem| format!("user {}: {}", at + 1, problem.text))
        });
        own.chain(clients).chain(users).collect()
    }

    /// What is wrong with the pool as a whole.
    fn find_own_problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if POOL_ID.problem(&self.id).is_some() {
            let text = format!(
                "{:?} is not a user pool id: a region, an underscore, letters and digits, such as us-east-1_LocalPool, in \
                 55 characters",
                self.id
            );
            problems.push(Problem::new("id", text));
        }
        if self.clients.is_empty() {
            problems.push(Problem::new("clients", format!("the pool {} has no client", self.id)));
        }
        let names = find_repeated(&self.clients, |client| Some(client.name.clone()));
        let names =
            names.into_iter().map(|at| format!("two clients of {} have the name {:?}", self.id, self.clients[at].name));
        problems.extend(names.map(|text| Problem::new("clients", text)));
        let emails = find_repeated(&self.users, |user| Some(user.email.trim().to_ascii_lowercase()));
        let emails = emails
            .into_iter()
            .map(|at| format!("user {} of {} has the e-mail address of an earlier one", at + 1, self.id));
        problems.extend(emails.map(|text| Problem::new("users", text)));
        problems
    }
}

/// The places of those whose key an earlier one has.
fn find_repeated<T>(items: &[T], key: impl Fn(&T) -> Option<String>) -> Vec<usize> {
    let mut seen = HashSet::new();
    let repeats = |item: &T| key(item).is_some_and(|key| !seen.insert(key));
    items.iter().map(repeats).enumerate().filter_map(|(at, repeats)| repeats.then_some(at)).collect()
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("addr", &self.addr)
            .field("pools", &self.pools)
            .field("state_file", &self.state_file)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem_of(change: impl FnOnce(&mut Settings)) -> String {
        let mut settings = Settings::new(([127, 0, 0, 1], 0).into(), "http://localhost:3000");
        change(&mut settings);
        settings.check().err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn only_loopback_is_accepted() {
        for (addr, good) in [
            ("127.0.0.1:9400", true),
            ("[::1]:9400", true),
            ("0.0.0.0:9400", false),
            ("[::]:9400", false),
            ("192.168.1.10:9400", false),
        ] {
            assert_eq!(problem_of(|settings| settings.addr = addr.parse().unwrap()).is_empty(), good, "{addr}");
        }
    }

    #[test]
    fn a_pool_id_has_cognitos_form() {
        for good in ["us-east-1_LocalPool", "eu-central-1_A1", "a_b_c9"] {
            assert_eq!(problem_of(|settings| settings.pools[0].id = good.to_owned()), "", "{good}");
        }
        for bad in ["", "_", "us-east-1", "us-east-1_", "_Pool", "us east_Pool", "us/east_Pool", "us-east-1_Po-ol"] {
            assert!(problem_of(|settings| settings.pools[0].id = bad.to_owned()).contains("user pool id"), "{bad:?}");
        }
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let told = problem_of(|settings| {
            let client = settings.client();
            client.rotation_grace_secs = Some(61);
            client.access_token_secs = 0;
            let twin = client.clone();
            settings.pools[0].clients.push(twin);
            settings.pools[0].users[1].email = " Demo@example.com".to_owned();
            settings.pools[0].users[0].password = "short".to_owned();
            let twin = settings.pools[0].clone();
            settings.pools.push(twin);
        });
        for part in ["two pools", "two clients", "an earlier one", "is 61", "access_token", "password"] {
            assert!(told.contains(part), "{part} is not in: {told}");
        }
    }

    #[test]
    fn no_settings_print_a_password_or_a_secret() {
        let mut settings = Settings::new(([127, 0, 0, 1], 0).into(), "http://localhost:3000");
        settings.client().secret = SecretSetting::Given("hush_hush".to_owned());
        let printed = format!("{settings:?}");
        assert!(!printed.contains("hush_hush") && !printed.contains("Passw0rd"), "{printed}");
    }
}
