//! What takes a user and says no more than that it is done: AdminConfirmSignUp, AdminDeleteUser, AdminDisableUser,
//! AdminEnableUser, AdminResetUserPassword, AdminUserGlobalSignOut.

use super::super::super::accounts::AccountRefusal;
use super::super::super::service::Service;
use super::super::super::user::UserStatus;
use super::{ApiError, ApiResult, UserRequest, done, find_user};

/// Without a code; the e-mail address does not count as verified by this.
pub(super) fn confirm_sign_up(service: &Service, request: UserRequest) -> ApiResult {
    let (pool, user) = find_user(service, request)?;
    if user.status != UserStatus::Unconfirmed {
        let message = format!("User cannot be confirmed. Current status is {}", user.status.name());
        return Err(ApiError::not_authorized(message));
    }
    let now = pool.now();
    pool.change_user(&user.sub, |user| {
        user.status = UserStatus::Confirmed;
        user.modified_at = now;
    });
    done()
}

/// The answer is empty, not even `{}`.
pub(super) fn delete_user(service: &Service, request: UserRequest) -> ApiResult {
    let (pool, user) = find_user(service, request)?;
    pool.delete_user(&user.sub);
    Ok(None)
}

/// Revokes all tokens too.
pub(super) fn disable_user(service: &Service, request: UserRequest) -> ApiResult {
    let (pool, user) = find_user(service, request)?;
    pool.disable_user(&user.sub);
    done()
}

pub(super) fn enable_user(service: &Service, request: UserRequest) -> ApiResult {
    let (pool, user) = find_user(service, request)?;
    pool.enable_user(&user.sub);
    done()
}

/// Makes a code as ForgotPassword does, and lets nobody sign in before it is used.
pub(super) fn reset_user_password(service: &Service, request: UserRequest) -> ApiResult {
    let (pool, user) = find_user(service, request)?;
    if user.status == UserStatus::Unconfirmed {
        return Err(AccountRefusal::NotResettable.into());
    }
    pool.request_password_reset(&user.sub)?;
    pool.change_user(&user.sub, |user| user.status = UserStatus::ResetRequired);
    done()
}

/// Ends all sign-ins.
pub(super) fn sign_out_user(service: &Service, request: UserRequest) -> ApiResult {
    let (pool, user) = find_user(service, request)?;
    pool.revoke_user(&user.sub);
    done()
}
