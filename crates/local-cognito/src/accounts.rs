//! What people do to their own account: sign up, confirm, reset or change the password. The same for the hosted UI's
//! pages and for the JSON API. Passwords are hashed and verified here, outside every lock; that takes milliseconds.

use std::collections::BTreeMap;

use super::error::CryptoError;
use super::password::{PasswordProblem, check_policy, hash_password, verify_password};
use super::pool::Pool;
use super::settings::is_email;
use super::state::State;
use super::user::{User, UserStatus};
use super::verification::{CodeVerdict, Purpose, Verification};

/// Why nothing was done. The messages are Cognito's.
#[derive(Debug, thiserror::Error)]
pub(super) enum AccountRefusal {
    /// In a pool where people sign in by e-mail; elsewhere Cognito says "User already exists".
    #[error("An account with the given email already exists.")]
    UserExists,
    #[error("User does not exist.")]
    UserNotFound,
    #[error("Incorrect username or password.")]
    WrongPassword,
    #[error("User is disabled.")]
    Disabled,
    #[error("User is not confirmed.")]
    NotConfirmed,
    #[error("Password reset required for the user")]
    ResetRequired,
    /// Made by an administrator, and has not chosen a password yet. Cognito asks for one rather than refuse.
    #[error("NEW_PASSWORD_REQUIRED")]
    NewPasswordRequired,
    #[error("User cannot be confirmed. Current status is {0}")]
    AlreadyConfirmed(&'static str),
    #[error("Cannot reset password for the user as there is no registered/verified email or phone_number")]
    NoVerifiedEmail,
    #[error("User password cannot be reset in the current state.")]
    NotResettable,
    #[error("Invalid verification code provided, please try again.")]
    CodeMismatch,
    #[error("Invalid code provided, please request a code again.")]
    CodeExpired,
    #[error("Attempt limit exceeded, please try after some time.")]
    TooManyAttempts,
    #[error("Password did not conform with policy: {0}")]
    BadPassword(PasswordProblem),
    #[error("Username should be an email.")]
    BadEmail,
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

impl Pool {
    /// Makes an unconfirmed user and the code that confirms it; the sub.
    pub(super) fn sign_up(
        &self,
        email: &str,
        password: &str,
        attributes: BTreeMap<String, String>,
    ) -> Result<String, AccountRefusal> {
        if !is_email(email) {
            return Err(AccountRefusal::BadEmail);
        }
        let now = self.now();
        let mut user = User::new(email, hash_new(password)?, now);
        user.attributes = attributes;
        user.email_verified = false;
        user.status = UserStatus::Unconfirmed;
        self.update(|state| {
            let sub = add_user(state, user)?;
            state.verifications.insert(sub.clone(), Verification::new(Purpose::SignUp, now));
            Ok(sub)
        })
    }

    /// Makes a user as an administrator does, with a password that has to be changed; the sub.
    pub(super) fn create_user(
        &self,
        email: &str,
        temporary_password: &str,
        email_verified: bool,
        attributes: BTreeMap<String, String>,
    ) -> Result<String, AccountRefusal> {
        if !is_email(email) {
            return Err(AccountRefusal::BadEmail);
        }
        let mut user = User::new(email, hash_new(temporary_password)?, self.now());
        user.attributes = attributes;
        user.email_verified = email_verified;
        user.status = UserStatus::ForceChangePassword;
        self.update(|state| add_user(state, user))
    }

    /// Confirms a user who signed up, and with that the e-mail address.
    pub(super) fn confirm_sign_up(&self, username: &str, code: &str) -> Result<(), AccountRefusal> {
        let now = self.now();
        self.update(|state| {
            let user = find(state, username)?;
            if user.status != UserStatus::Unconfirmed {
                return Err(AccountRefusal::AlreadyConfirmed(user.status.name()));
            }
            let sub = user.sub.clone();
            use_code(state, &sub, Purpose::SignUp, code, now)?;
            let user = find(state, &sub)?;
            user.status = UserStatus::Confirmed;
            user.email_verified = true;
            user.modified_at = now;
            Ok(())
        })
    }

    /// Another code for a user who signed up; the e-mail address it is for.
    pub(super) fn resend_sign_up_code(&self, username: &str) -> Result<String, AccountRefusal> {
        let now = self.now();
        self.update(|state| {
            let user = find(state, username)?;
            if user.status != UserStatus::Unconfirmed {
                return Err(AccountRefusal::AlreadyConfirmed(user.status.name()));
            }
            let (sub, email) = (user.sub.clone(), user.email.clone());
            state.verifications.insert(sub, Verification::new(Purpose::SignUp, now));
            Ok(email)
        })
    }

    /// A code that lets the user choose a new password; the e-mail address it is for.
    pub(super) fn request_password_reset(&self, username: &str) -> Result<String, AccountRefusal> {
        let now = self.now();
        self.update(|state| {
            let user = find(state, username)?;
            match user.status {
                _ if !user.enabled => return Err(AccountRefusal::Disabled),
                UserStatus::ForceChangePassword => return Err(AccountRefusal::NotResettable),
                _ if !user.email_verified => return Err(AccountRefusal::NoVerifiedEmail),
                _ => {}
            }
            let (sub, email) = (user.sub.clone(), user.email.clone());
            state.verifications.insert(sub, Verification::new(Purpose::PasswordReset, now));
            Ok(email)
        })
    }

    /// Sets a new password by the code. Sign-ins from before go on, as at Cognito.
    pub(super) fn confirm_password_reset(
        &self,
        username: &str,
        code: &str,
        password: &str,
    ) -> Result<(), AccountRefusal> {
        let password_hash = hash_new(password)?;
        let now = self.now();
        self.update(|state| {
            let sub = find(state, username)?.sub.clone();
            use_code(state, &sub, Purpose::PasswordReset, code, now)?;
            let user = find(state, &sub)?;
            if !user.enabled {
                return Err(AccountRefusal::Disabled);
            }
            user.password_hash = password_hash;
            user.status = UserStatus::Confirmed;
            user.modified_at = now;
            Ok(())
        })
    }

    /// Whoever knows the password, if they may sign in. An unknown user costs the same work as a known one, and only the
    /// right password learns anything about the user.
    pub(super) fn check_password(&self, username: &str, password: &str) -> Result<User, AccountRefusal> {
        let user = self.with_state(|state| state.find_user_by_name(username).cloned());
        let hash = user.as_ref().map_or(&self.decoy_hash, |user| &user.password_hash);
        let verified = verify_password(password, hash);
        let user = user.filter(|_| verified).ok_or(AccountRefusal::WrongPassword)?;
        match user.status {
            _ if !user.enabled => Err(AccountRefusal::Disabled),
            UserStatus::Confirmed => Ok(user),
            UserStatus::Unconfirmed => Err(AccountRefusal::NotConfirmed),
            UserStatus::ResetRequired => Err(AccountRefusal::ResetRequired),
            UserStatus::ForceChangePassword => Err(AccountRefusal::NewPasswordRequired),
        }
    }

    /// Sets a password. One that is not `permanent` has to be changed at the next sign-in.
    pub(super) fn set_password(&self, username: &str, password: &str, permanent: bool) -> Result<(), AccountRefusal> {
        let password_hash = hash_new(password)?;
        let now = self.now();
        self.update(|state| {
            let user = find(state, username)?;
            user.password_hash = password_hash;
            user.status = if permanent { UserStatus::Confirmed } else { UserStatus::ForceChangePassword };
            user.modified_at = now;
            Ok(())
        })
    }
}

fn hash_new(password: &str) -> Result<String, AccountRefusal> {
    check_policy(password).map_err(AccountRefusal::BadPassword)?;
    Ok(hash_password(password)?)
}

fn add_user(state: &mut State, user: User) -> Result<String, AccountRefusal> {
    if state.find_user_by_email(&user.email).is_some() {
        return Err(AccountRefusal::UserExists);
    }
    let sub = user.sub.clone();
    state.add_user(user);
    Ok(sub)
}

fn find<'a>(state: &'a mut State, username: &str) -> Result<&'a mut User, AccountRefusal> {
    let sub = state.find_user_by_name(username).map(|user| user.sub.clone()).ok_or(AccountRefusal::UserNotFound)?;
    state.find_user_mut(&sub).ok_or(AccountRefusal::UserNotFound)
}

fn use_code(state: &mut State, sub: &str, purpose: Purpose, code: &str, now: u64) -> Result<(), AccountRefusal> {
    let verification = state.verifications.get_mut(sub).ok_or(AccountRefusal::CodeExpired)?;
    match verification.judge(purpose, code, now) {
        CodeVerdict::Right => {
            state.verifications.remove(sub);
            Ok(())
        }
        CodeVerdict::Wrong => Err(AccountRefusal::CodeMismatch),
        CodeVerdict::Expired => Err(AccountRefusal::CodeExpired),
        CodeVerdict::Exhausted => Err(AccountRefusal::TooManyAttempts),
    }
}
