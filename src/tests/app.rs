//! A running app with a user pool of its own, on free ports. Used by every flow test.

use std::time::Duration;

use leptos::config::LeptosOptions;
use leptos_cognito::{
    auth::server::{AuthConfig, Clock},
    local_cognito::{ClientSettings, UserSettings},
    server::{self, Limits},
};
use tokio::net::TcpListener;

use crate::pool::UserPool;

pub(crate) const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";

/// App and user pool; they end with the test's runtime.
pub(crate) struct TestApp {
    pub(crate) url: String,
    pub(crate) cognito: UserPool,
}

/// What a test may want otherwise.
pub(crate) struct Wishes {
    pub(crate) confidential: bool,
    /// Refresh token rotation: its grace time in seconds.
    pub(crate) rotation: Option<u64>,
    pub(crate) access_token_secs: u64,
    /// Time passes by `advance` alone, for what depends on a single second.
    pub(crate) has_still_clock: bool,
    pub(crate) settings: Vec<(&'static str, String)>,
    /// In Local Cognito's pool, besides the demo users.
    pub(crate) users: Vec<UserSettings>,
    /// In Local Cognito's pool, besides the app's own.
    pub(crate) clients: Vec<ClientSettings>,
    pub(crate) limits: Limits,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            confidential: true,
            rotation: None,
            access_token_secs: 3600,
            has_still_clock: false,
            settings: Vec::new(),
            users: Vec::new(),
            clients: Vec::new(),
            limits: Limits::default(),
        }
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(Wishes::default()).await
    }

    pub(crate) async fn start_with(wishes: Wishes) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let app_url = wishes.settings.iter().find(|(name, _)| *name == "APP_URL").map_or(&url, |(_, value)| value);
        let cognito = UserPool::start(app_url, &wishes).await;
        Self::serve(listener, cognito, &wishes.settings, wishes.limits, 0)
    }

    /// One more process of the same app: another server, the same user pool, the same secret, nothing else shared.
    pub(crate) async fn start_another(&self) -> Self {
        self.start_another_with(&[]).await
    }

    /// As [`start_another`](Self::start_another), with settings of its own.
    pub(crate) async fn start_another_with(&self, settings: &[(&'static str, String)]) -> Self {
        self.start_another_at(TcpListener::bind("127.0.0.1:0").await.unwrap(), settings)
    }

    /// As [`start_another_with`](Self::start_another_with), at an address that is known before.
    pub(crate) fn start_another_at(&self, listener: TcpListener, settings: &[(&'static str, String)]) -> Self {
        Self::serve(listener, self.cognito.clone(), settings, Limits::default(), 0)
    }

    /// As [`start_another`](Self::start_another), on a machine whose clock is so many seconds ahead.
    pub(crate) async fn start_another_with_clock(&self, ahead_secs: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(listener, self.cognito.clone(), &[], Limits::default(), ahead_secs)
    }

    fn serve(
        listener: TcpListener,
        cognito: UserPool,
        settings: &[(&'static str, String)],
        limits: Limits,
        ahead_secs: i64,
    ) -> Self {
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let auth = auth_config(&cognito, &url, settings);
        let clock = clock_ahead_of(&cognito, ahead_secs);
        let options = LeptosOptions::builder().output_name("leptos-cognito").site_root("public").build();
        let served = server::serve_until(listener, options, auth, clock, limits, std::future::pending());
        tokio::spawn(async move { served.await.unwrap() });
        Self { url, cognito }
    }

    /// Moves the clock of the app, and of Local Cognito.
    pub(crate) fn advance(&self, secs: u64) {
        self.cognito.advance(Duration::from_secs(secs));
    }

    /// How often the app asked Cognito for new tokens.
    pub(crate) fn refreshes(&self) -> usize {
        self.cognito.count("InitiateAuth")
    }
}

/// The clock that the pool moves.
pub(crate) fn clock_of(cognito: &UserPool) -> Clock {
    clock_ahead_of(cognito, 0)
}

fn clock_ahead_of(cognito: &UserPool, secs: i64) -> Clock {
    let now = cognito.clock();
    let ahead = Duration::from_secs(secs.unsigned_abs());
    Clock::from_fn(move || if secs < 0 { now() - ahead } else { now() + ahead })
}

pub(crate) const PASSWORD: &str = "Demo-Passw0rd";

/// So many users, `user-0@example.com` and on, with one password.
pub(crate) fn users(count: usize) -> Vec<UserSettings> {
    (0..count).map(|number| UserSettings::new(&format!("user-{number}@example.com"), PASSWORD, "A User", &[])).collect()
}

pub(crate) fn auth_config(cognito: &UserPool, url: &str, settings: &[(&'static str, String)]) -> AuthConfig {
    AuthConfig::from_lookup(|name| {
        if let Some((_, value)) = settings.iter().find(|(own, _)| *own == name) {
            return Some(value.clone());
        }
        match name {
            "APP_URL" => Some(url.to_owned()),
            "SESSION_SECRETS" => Some(SECRET.to_owned()),
            "COGNITO_ISSUER" => Some(cognito.issuer()),
            "COGNITO_CLIENT_ID" => Some(cognito.client_id()),
            "COGNITO_DOMAIN" => cognito.domain(),
            "COGNITO_CLIENT_SECRET" => cognito.client_secret(),
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER" => Some(cognito.base_url()),
            _ => None,
        }
    })
    .unwrap()
}
