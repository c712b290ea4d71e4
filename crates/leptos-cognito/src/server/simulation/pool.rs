//! The simulation's user pool: families of refresh tokens with rotation, grace time and revocation as Cognito has them,
//! and calls whose fate the world decides.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::sync::oneshot;

use super::super::{
    clock::{Clock, UnixTime},
    secret::Secret,
    token_source::{RefreshGrant, Renewal, TokenSource},
    tokens::TokenSet,
    verdict::{RefreshFailure, Verdict},
};

pub(super) const TOKEN_LIFE: Duration = Duration::from_secs(3600);

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Cognito decides, and its answer arrives.
    Answered,
    /// Cognito decides, and the answer is lost.
    Lost,
    /// Cognito is away, or overloaded.
    Failed,
    /// A Lambda trigger refuses the user.
    Refused,
    /// The app client's settings are wrong.
    Misconfigured,
}

/// What may be under way once.
pub(super) type Refresh = (usize, String);

/// A refresh call on its way.
pub(super) struct Call {
    /// Tells calls apart.
    pub(super) number: u64,
    pub(super) server: usize,
    pub(super) user: String,
    pub(super) session_id: String,
    generation: u32,
    refresh_token: String,
    pub(super) answer: oneshot::Sender<Result<Renewal, RefreshFailure>>,
}

/// What becomes of a call, and what its server hears of it.
pub(super) struct SettledCall {
    pub(super) verdict: Option<Verdict>,
    pub(super) answer: Result<Renewal, RefreshFailure>,
}

#[derive(Default)]
struct Family {
    newest: u32,
    /// When each token was exchanged for another.
    used_at: HashMap<u32, UnixTime>,
    is_revoked: bool,
}

#[derive(Default)]
pub(super) struct State {
    /// By session id.
    families: HashMap<String, Family>,
    pub(super) calls: Vec<Call>,
    called: u64,
    /// When access tokens end, by their text.
    access_ends: HashMap<String, UnixTime>,
    issued: u32,
}

/// The pool, as all servers see it.
pub(super) struct Pool {
    state: Mutex<State>,
    /// Cognito's own clock, which is right.
    pub(super) clock: Clock,
    /// The grace time, with rotation.
    pub(super) rotation: Option<Duration>,
}

/// One server's way to the pool.
pub(super) struct Wire {
    pub(super) pool: Arc<Pool>,
    pub(super) server: usize,
    pub(super) clock: Clock,
}

impl TokenSource for Wire {
    async fn renew(&self, grant: RefreshGrant) -> Result<Renewal, RefreshFailure> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut state = self.pool.state();
            state.called += 1;
            let number = state.called;
            state.calls.push(Call {
                number,
                server: self.server,
                user: grant.subject,
                session_id: session_of(&grant.refresh_token),
                generation: grant.generation,
                refresh_token: grant.refresh_token.expose().to_owned(),
                answer: sender,
            });
        }
        let mut answer = receiver.await.unwrap_or_else(|_| Err(RefreshFailure::transient("the world ended")));
        if let Ok(renewal) = &mut answer {
            // Deadlines count from the receipt, by this server's clock.
            renewal.tokens.access_expires_at = self.clock.now().plus(TOKEN_LIFE);
        }
        answer
    }
}

impl Call {
    /// Which process asks for which session, of which generation, with which token. After a fork two servers have a
    /// generation of the same number with different tokens.
    pub(super) fn refresh(&self) -> Refresh {
        (self.server, format!("{} {}", self.refresh_token, self.generation))
    }
}

impl Pool {
    pub(super) fn new(clock: Clock, rotation: Option<Duration>) -> Self {
        Self { state: Mutex::default(), clock, rotation }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// A sign-in's tokens.
    pub(super) fn begin(&self, session_id: &str) -> (Secret, Secret) {
        let mut state = self.state();
        state.families.insert(session_id.to_owned(), Family::default());
        (self.access_token(&mut state, session_id), refresh_token(session_id, 0))
    }

    pub(super) fn revoke_all(&self, user: &str) {
        let mut state = self.state();
        let of_user = state.families.iter_mut().filter(|(id, _)| id.starts_with(&format!("{user}-")));
        of_user.for_each(|(_, family)| family.is_revoked = true);
    }

    pub(super) fn revoke(&self, session_id: &str) {
        if let Some(family) = self.state().families.get_mut(session_id) {
            family.is_revoked = true;
        }
    }

    /// Whether the access token is one of this session's, and still good by Cognito's clock.
    pub(super) fn accepts(&self, session_id: &str, access_token: &Secret) -> bool {
        let is_own = access_token.expose().starts_with(&format!("at {session_id} "));
        is_own && self.state().access_ends[access_token.expose()] > self.clock.now()
    }

    /// Lets a call have its fate. The verdict is Cognito's, where it decided and the answer arrives.
    pub(super) fn settle(&self, call: &Call, fate: Fate) -> SettledCall {
        let answer = match fate {
            Fate::Failed => Err(RefreshFailure::transient("away")),
            Fate::Refused => Err(RefreshFailure { verdict: Verdict::Trigger, why: "refused".to_owned() }),
            Fate::Misconfigured => Err(RefreshFailure::configuration("secret hash")),
            Fate::Answered | Fate::Lost => self.decide(call),
        };
        let verdict = answer.as_ref().err().map(|failure| failure.verdict).filter(|_| fate == Fate::Answered);
        let answer = if fate == Fate::Lost { Err(RefreshFailure::transient("lost")) } else { answer };
        SettledCall { verdict, answer }
    }

    fn decide(&self, call: &Call) -> Result<Renewal, RefreshFailure> {
        let now = self.clock.now();
        let mut state = self.state();
        let family = state.families.get_mut(&call.session_id).expect("a session of this world");
        let token: u32 = call.refresh_token.rsplit(' ').next().unwrap().parse().unwrap();
        assert_eq!(call.refresh_token, refresh_token(&call.session_id, token).expose(), "another session's token");
        if family.is_revoked {
            return Err(RefreshFailure::terminal("Refresh Token has been revoked"));
        }
        let new_refresh_token = match self.rotation {
            None => None,
            Some(grace) => {
                let in_grace = family.used_at.get(&token).is_some_and(|at| now.since(*at) < grace);
                if token != family.newest && !in_grace {
                    return Err(RefreshFailure::reused("Refresh token reuse detected"));
                }
                family.used_at.entry(token).or_insert(now);
                // A replay within the grace time forks; only the newest child refreshes.
                family.newest = family.used_at.len() as u32 + family.newest + 1;
                Some(refresh_token(&call.session_id, family.newest))
            }
        };
        let access_token = self.access_token(&mut state, &call.session_id);
        let tokens = TokenSet {
            access_token,
            access_expires_at: now.plus(TOKEN_LIFE),
            id_token: None,
            refresh_token: new_refresh_token,
        };
        Ok(Renewal { tokens, claims: None })
    }

    fn access_token(&self, state: &mut State, session_id: &str) -> Secret {
        state.issued += 1;
        let text = format!("at {session_id} {}", state.issued);
        state.access_ends.insert(text.clone(), self.clock.now().plus(TOKEN_LIFE));
        Secret::new(text)
    }
}

/// Whose refresh token it is: a pool knows its own.
fn session_of(refresh_token: &Secret) -> String {
    refresh_token.expose().split(' ').nth(1).expect("a token of this pool").to_owned()
}

fn refresh_token(session_id: &str, number: u32) -> Secret {
    Secret::new(format!("rt {session_id} {number}"))
}
