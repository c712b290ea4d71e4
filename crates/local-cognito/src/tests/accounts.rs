//! What people do to their own account, below pages and API.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::accounts::AccountRefusal;
use super::super::pool::Pool;
use super::super::pool::tests::test_pool;
use super::super::user::UserStatus;

const EMAIL: &str = "new@example.com";
const PASSWORD: &str = "New-Passw0rd";

fn signed_up() -> (Arc<Pool>, String) {
    let pool = test_pool(|_| ());
    let sub = pool.sign_up(EMAIL, PASSWORD, BTreeMap::new()).unwrap();
    (pool, sub)
}

fn code_of(pool: &Pool, sub: &str) -> String {
    pool.with_state(|state| state.verifications[sub].code.clone())
}

fn refusal<T>(result: Result<T, AccountRefusal>) -> String {
    result.err().map(|refusal| refusal.to_string()).unwrap_or_default()
}

#[test]
fn signing_up_takes_a_code_that_works_once() {
    let (pool, sub) = signed_up();
    assert_eq!(refusal(pool.check_password(EMAIL, PASSWORD)), "User is not confirmed.");
    assert_eq!(
        refusal(pool.sign_up("NEW@example.com", PASSWORD, BTreeMap::new())),
        "An account with the given email already exists."
    );
    let old = code_of(&pool, &sub);
    assert_eq!(pool.resend_sign_up_code(EMAIL).unwrap(), EMAIL);
    let code = code_of(&pool, &sub);
    if old != code {
        assert!(refusal(pool.confirm_sign_up(EMAIL, &old)).starts_with("Invalid verification code"));
    }
    pool.confirm_sign_up(&sub, &code).unwrap();
    assert!(refusal(pool.confirm_sign_up(EMAIL, &code)).contains("Current status is CONFIRMED"));
    let user = pool.check_password("New@Example.com", PASSWORD).unwrap();
    assert!(user.email_verified && user.sub == sub);
}

#[test]
fn a_reset_needs_a_verified_address_and_its_own_code() {
    let (pool, sub) = signed_up();
    let sign_up_code = code_of(&pool, &sub);
    assert!(refusal(pool.request_password_reset(EMAIL)).contains("no registered/verified email"));
    assert!(refusal(pool.confirm_password_reset(EMAIL, &sign_up_code, "Other-Passw0rd")).contains("request a code"));
    pool.confirm_sign_up(EMAIL, &sign_up_code).unwrap();
    assert_eq!(pool.request_password_reset(EMAIL).unwrap(), EMAIL);
    let code = code_of(&pool, &sub);
    assert!(refusal(pool.confirm_password_reset(EMAIL, &code, "short")).contains("not long enough"));
    pool.confirm_password_reset(EMAIL, &code, "Other-Passw0rd").unwrap();
    assert_eq!(refusal(pool.check_password(EMAIL, PASSWORD)), "Incorrect username or password.");
    assert!(pool.check_password(EMAIL, "Other-Passw0rd").is_ok());
    for _ in 0..2 {
        assert!(refusal(pool.confirm_password_reset(EMAIL, &code, PASSWORD)).contains("request a code"));
    }
}

#[test]
fn a_user_who_was_disabled_meanwhile_resets_nothing() {
    let (pool, sub) = signed_up();
    pool.confirm_sign_up(EMAIL, &code_of(&pool, &sub)).unwrap();
    pool.request_password_reset(EMAIL).unwrap();
    pool.disable_user(EMAIL);
    let code = code_of(&pool, &sub);
    assert_eq!(refusal(pool.confirm_password_reset(EMAIL, &code, "Other-Passw0rd")), "User is disabled.");
    pool.enable_user(EMAIL);
    assert!(pool.check_password(EMAIL, PASSWORD).is_ok(), "the password is the old one");
}

#[test]
fn a_user_an_administrator_made_has_to_choose_a_password() {
    let pool = test_pool(|_| ());
    pool.create_user(EMAIL, PASSWORD, true, BTreeMap::new()).unwrap();
    assert_eq!(refusal(pool.check_password(EMAIL, PASSWORD)), "NEW_PASSWORD_REQUIRED");
    assert_eq!(refusal(pool.check_password(EMAIL, "wrong")), "Incorrect username or password.");
    assert!(refusal(pool.request_password_reset(EMAIL)).contains("in the current state"));
    pool.set_password(EMAIL, "Other-Passw0rd", true).unwrap();
    assert!(pool.check_password(EMAIL, "Other-Passw0rd").is_ok());
    pool.change_user(EMAIL, |user| user.status = UserStatus::ResetRequired);
    assert_eq!(refusal(pool.check_password(EMAIL, "Other-Passw0rd")), "Password reset required for the user");
    pool.disable_user(EMAIL);
    assert_eq!(refusal(pool.check_password(EMAIL, "Other-Passw0rd")), "User is disabled.");
    assert_eq!(refusal(pool.request_password_reset(EMAIL)), "User is disabled.");
}
