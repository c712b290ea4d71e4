//! Whether a refresh token is exchanged, and if not, why not. Asked by `refresh`, under the lock of the pool's state.

use super::family::Family;
use super::history::What;
use super::rotation::{Chain, Step};
use super::state::State;
use super::user::{User, UserStatus};

/// A refresh token that this pool made for the client that brought it.
pub(super) struct PresentedToken {
    /// In whatever condition, and as it was a moment ago.
    pub(super) family: Family,
    pub(super) jti: String,
    /// What it is shown by.
    pub(super) hash: String,
}

/// A refresh token that was accepted: what is to be issued for it.
pub(super) struct Exchange {
    pub(super) user: User,
    pub(super) family: Family,
    /// Of the refresh token that takes its place, and how; `None` without rotation.
    pub(super) next: Option<(String, Step)>,
    /// The presented token's short hash.
    pub(super) refresh: String,
}

/// Why a refresh token gets nothing. The JSON API tells these apart, the token endpoint does not.
///
/// The messages are Cognito's where it has one (`cognito.md` §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RefreshRefusal {
    #[error("Invalid Refresh Token")]
    Invalid,
    #[error("Refresh Token has different Client")]
    DifferentClient,
    #[error("Refresh Token has been revoked")]
    Revoked,
    #[error("Refresh Token has expired")]
    Expired,
    #[error("The user has been deleted for the associated refresh token")]
    UserDeleted,
    #[error("User is disabled.")]
    UserDisabled,
    #[error("User is not confirmed.")]
    UserUnconfirmed,
    #[error("Password reset required for the user")]
    ResetRequired,
    /// Rotated away: the family has a newer one.
    #[error("Refresh token reuse detected")]
    Reused,
}

impl RefreshRefusal {
    pub(super) fn to_event(self, refresh: String) -> What {
        match self {
            RefreshRefusal::Reused => What::Reused { refresh },
            _ => What::Refused { refresh, reason: self.to_string() },
        }
    }
}

/// The exchange of a token, or why there is none.
pub(super) fn judge(
    state: &mut State,
    token: &PresentedToken,
    grace_secs: Option<u64>,
    next_jti: &str,
    now: u64,
) -> Result<Exchange, RefreshRefusal> {
    let (family, user) = check_family(state, &token.family.origin_jti, now)?;
    let next = match grace_secs {
        Some(grace_secs) => {
            let chain = family.chain.get_or_insert_with(|| Chain::start(&token.jti));
            let step = chain.rotate(&token.jti, next_jti, now, grace_secs).ok_or(RefreshRefusal::Reused)?;
            Some((next_jti.to_owned(), step))
        }
        None if family.chain.as_ref().is_none_or(|chain| chain.is_newest(&token.jti)) => None,
        None => return Err(RefreshRefusal::Reused),
    };
    Ok(Exchange { user, family: family.clone(), next, refresh: token.hash.clone() })
}

/// Whether a family may still refresh, and for whom. The user comes first: disabling also revokes, and the better
/// reason is that the user is disabled.
fn check_family<'a>(
    state: &'a mut State,
    origin_jti: &str,
    now: u64,
) -> Result<(&'a mut Family, User), RefreshRefusal> {
    let sub = &state.find_family(origin_jti).ok_or(RefreshRefusal::Invalid)?.sub;
    let user = state.find_user(sub).cloned().ok_or(RefreshRefusal::UserDeleted)?;
    let family = state.find_family_mut(origin_jti).ok_or(RefreshRefusal::Invalid)?;
    if !user.enabled {
        Err(RefreshRefusal::UserDisabled)
    } else if family.revoked {
        Err(RefreshRefusal::Revoked)
    } else if family.expires_at <= now {
        Err(RefreshRefusal::Expired)
    } else {
        match user.status {
            UserStatus::Unconfirmed => Err(RefreshRefusal::UserUnconfirmed),
            UserStatus::ResetRequired => Err(RefreshRefusal::ResetRequired),
            UserStatus::Confirmed | UserStatus::ForceChangePassword => Ok((family, user)),
        }
    }
}
