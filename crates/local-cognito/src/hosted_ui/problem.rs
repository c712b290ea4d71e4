//! What can be wrong with a form: where it is shown, in which words, and by which name it is recorded.

use std::borrow::Cow;

use axum::http::StatusCode;

use super::super::accounts::AccountRefusal;
use super::super::password::PasswordProblem;
use super::super::verification::CodeVerdict;
use super::texts::Texts;

/// The fields that the forms have between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// The form as a whole.
    Form,
    Username,
    Name,
    Password,
    RepeatPassword,
    Code,
}

impl Field {
    /// Its name in the form, and its id in the page.
    pub(super) fn name(self) -> &'static str {
        match self {
            Field::Form => "form",
            Field::Username => "username",
            Field::Name => "name",
            Field::Password => "password",
            Field::RepeatPassword => "repeat_password",
            Field::Code => "code",
        }
    }
}

/// Why a form comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    StaleForm,
    WrongPassword,
    Disabled,
    ResetImpossible,
    UserExists,
    BadEmail,
    LongName,
    BadPassword(PasswordProblem),
    PasswordsDiffer,
    WrongCode,
    CodeExpired,
    TooManyAttempts,
    Internal,
}

impl Problem {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Problem::StaleForm => StatusCode::FORBIDDEN,
            Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The type of the exception that the JSON API has for it, for the record of requests.
    pub(super) fn error_type(self) -> &'static str {
        match self {
            Problem::StaleForm => "invalid_csrf",
            Problem::WrongPassword | Problem::Disabled => "NotAuthorizedException",
            Problem::ResetImpossible => "PasswordResetRequiredException",
            Problem::UserExists => "UsernameExistsException",
            Problem::BadEmail | Problem::LongName | Problem::PasswordsDiffer => "InvalidParameterException",
            Problem::BadPassword(_) => "InvalidPasswordException",
            Problem::WrongCode => "CodeMismatchException",
            Problem::CodeExpired => "ExpiredCodeException",
            Problem::TooManyAttempts => "LimitExceededException",
            Problem::Internal => "InternalErrorException",
        }
    }

    pub(super) fn field(self) -> Field {
        match self {
            Problem::UserExists | Problem::BadEmail => Field::Username,
            Problem::LongName => Field::Name,
            Problem::BadPassword(_) => Field::Password,
            Problem::PasswordsDiffer => Field::RepeatPassword,
            Problem::WrongCode | Problem::CodeExpired | Problem::TooManyAttempts => Field::Code,
            _ => Field::Form,
        }
    }

    pub(super) fn text(self, texts: &'static Texts) -> Cow<'static, str> {
        let problems = &texts.problems;
        Cow::Borrowed(match self {
            Problem::StaleForm => problems.stale_form,
            Problem::WrongPassword => problems.wrong_password,
            Problem::Disabled => problems.disabled,
            Problem::ResetImpossible => problems.reset_impossible,
            Problem::UserExists => problems.user_exists,
            Problem::BadEmail => problems.bad_email,
            Problem::LongName => problems.long_name,
            Problem::BadPassword(lacks) => {
                return format!("{} {}.", texts.rules_title, texts.rules.of(lacks)).into();
            }
            Problem::PasswordsDiffer => problems.passwords_differ,
            Problem::WrongCode => problems.wrong_code,
            Problem::CodeExpired => problems.code_expired,
            Problem::TooManyAttempts => problems.too_many_attempts,
            Problem::Internal => problems.internal,
        })
    }
}

impl From<AccountRefusal> for Problem {
    fn from(refusal: AccountRefusal) -> Problem {
        match refusal {
            AccountRefusal::UserExists => Problem::UserExists,
            AccountRefusal::BadEmail => Problem::BadEmail,
            AccountRefusal::BadPassword(lacks) => Problem::BadPassword(lacks),
            AccountRefusal::WrongPassword => Problem::WrongPassword,
            AccountRefusal::Disabled => Problem::Disabled,
            AccountRefusal::CodeMismatch => Problem::WrongCode,
            // The user was deleted meanwhile: as if the code had been.
            AccountRefusal::CodeExpired | AccountRefusal::UserNotFound => Problem::CodeExpired,
            AccountRefusal::TooManyAttempts => Problem::TooManyAttempts,
            refusal => {
                tracing::error!(%refusal, "the hosted UI has no page for this");
                Problem::Internal
            }
        }
    }
}

impl From<CodeVerdict> for Problem {
    /// Of a code that is not right.
    fn from(verdict: CodeVerdict) -> Problem {
        match verdict {
            CodeVerdict::Right | CodeVerdict::Wrong => Problem::WrongCode,
            CodeVerdict::Expired => Problem::CodeExpired,
            CodeVerdict::Exhausted => Problem::TooManyAttempts,
        }
    }
}

/// Work that takes milliseconds, such as hashing a password, off the async workers.
pub(super) async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::Internal)
}
