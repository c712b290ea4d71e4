//! What `accounts` refuses, in the words of the JSON API. Used by the operations on one's own account and by the
//! administrator's.

use super::super::accounts::AccountRefusal;
use super::ApiError;

impl From<AccountRefusal> for ApiError {
    fn from(refusal: AccountRefusal) -> ApiError {
        use AccountRefusal as Refusal;
        let kind = match refusal {
            Refusal::Crypto(error) => return error.into(),
            Refusal::UserExists => "UsernameExistsException",
            Refusal::UserNotFound => "UserNotFoundException",
            Refusal::NotConfirmed => "UserNotConfirmedException",
            Refusal::ResetRequired => "PasswordResetRequiredException",
            Refusal::CodeMismatch => "CodeMismatchException",
            Refusal::CodeExpired => "ExpiredCodeException",
            Refusal::TooManyAttempts => "LimitExceededException",
            Refusal::BadPassword(_) => "InvalidPasswordException",
            Refusal::NoVerifiedEmail | Refusal::BadEmail => "InvalidParameterException",
            Refusal::WrongPassword
            | Refusal::Disabled
            | Refusal::NewPasswordRequired
            | Refusal::AlreadyConfirmed(_)
            | Refusal::NotResettable => "NotAuthorizedException",
        };
        ApiError::new(kind, refusal.to_string())
    }
}
