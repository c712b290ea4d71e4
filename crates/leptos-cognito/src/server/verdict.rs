//! Was a failure of Cognito's final? `classify` is pure; the table is the service model's list of exceptions with what
//! each means for a session. Within `NotAuthorizedException` alone the wording counts, and only to tell a mistake of
//! configuration from a verdict: AWS does not promise the texts.

use super::{error::Cause, masking::mask};

/// With its full stop: the pool remembers devices, and no device key came with the refresh token.
const NO_DEVICE_KEY: &str = "Invalid Refresh Token.";
const DEVICES_HINT: &str = " (if every session ends so, the user pool remembers devices, which sign-in through its pages \
                            cannot: turn device tracking off, or set it to \"user opt-in\")";

/// What a failed refresh means for the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Cognito has decided: the session is over.
    Terminal,
    /// It may work later: the session stays.
    Transient,
    /// The app or the pool has to be mended: the session stays, operators are told.
    Configuration,
    /// A Lambda trigger of the user pool refused this user, or failed: the session stays. Cognito is there.
    Trigger,
    /// The refresh token was used before (rotation). Final for this token; a newer one may be known.
    Reused,
}

/// A refresh that failed.
#[derive(Clone, Debug)]
pub(super) struct RefreshFailure {
    pub(super) verdict: Verdict,
    /// For the log: an exception's name and text, masked, or fixed words.
    pub(super) why: String,
}

impl RefreshFailure {
    pub(super) fn transient(why: impl Into<String>) -> Self {
        Self { verdict: Verdict::Transient, why: why.into() }
    }

    /// Whether Cognito says that this operation is not for clients with refresh token rotation.
    pub(super) fn is_rotation_on(&self) -> bool {
        self.why.starts_with("UnsupportedOperationException")
    }

    pub(super) fn configuration(why: impl Into<String>) -> Self {
        Self { verdict: Verdict::Configuration, why: why.into() }
    }

    pub(super) fn reused(why: impl Into<String>) -> Self {
        Self { verdict: Verdict::Reused, why: why.into() }
    }

    pub(super) fn terminal(why: impl Into<String>) -> Self {
        Self { verdict: Verdict::Terminal, why: why.into() }
    }

    /// The failure that an exception of the JSON API stands for.
    pub(super) fn from_api(exception: &str, message: &str) -> Self {
        // A trigger's text is the pool owner's, and may name anybody.
        let mut why = format!("{}: {}", mask(exception), mask(message));
        if exception == "NotAuthorizedException" && message == NO_DEVICE_KEY {
            why.push_str(DEVICES_HINT);
        }
        Self { verdict: classify(exception, message), why }
    }

    /// What an operator has to look at, for a failure of configuration.
    pub(super) fn what_to_mend(&self) -> &'static str {
        let says = |words: &str| self.why.contains(words);
        if says("could not be made") {
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, or else COGNITO_ISSUER, names no address that can be asked"
        } else if says("different Client") {
            "COGNITO_CLIENT_ID is another app client than the one these people signed in with"
        } else if says("ecret") || says("SECRET_HASH") {
            "COGNITO_CLIENT_SECRET is not the app client's, or is missing"
        } else if says("does not exist") {
            "COGNITO_CLIENT_ID or COGNITO_ISSUER names nothing that exists"
        } else if says("not enabled") {
            "the app client does not allow ALLOW_REFRESH_TOKEN_AUTH"
        } else if self.is_rotation_on() {
            "the app client has refresh token rotation on: set COGNITO_REFRESH to auto or get-tokens"
        } else {
            "the app client's settings"
        }
    }

    pub(super) fn into_cause(self) -> Cause {
        match self.verdict {
            Verdict::Terminal | Verdict::Reused => Cause::SignedOut,
            Verdict::Transient | Verdict::Trigger => Cause::Unavailable { why: self.why, retry_after: None },
            Verdict::Configuration => Cause::Configuration(self.why),
        }
    }
}

/// The verdict on an exception of Cognito's JSON API, by its type (`__type`). The status is no help:
/// `TooManyRequestsException` is 400.
pub(super) fn classify(exception: &str, message: &str) -> Verdict {
    match exception {
        "NotAuthorizedException" if is_configuration(message) => Verdict::Configuration,
        "NotAuthorizedException"
        | "UserNotFoundException"
        | "PasswordResetRequiredException"
        | "UserNotConfirmedException"
        | "TokenRevokedException" => Verdict::Terminal,
        "RefreshTokenReuseException" => Verdict::Reused,
        "InvalidParameterException"
        | "ResourceNotFoundException"
        | "UnsupportedOperationException"
        | "InvalidUserPoolConfigurationException"
        | "FeatureUnavailableInTierException" => Verdict::Configuration,
        "UserLambdaValidationException" | "UnexpectedLambdaException" | "InvalidLambdaResponseException" => {
            Verdict::Trigger
        }
        // Throttling, internal errors, WAF, a secondary region, and whatever comes later.
        _ => Verdict::Transient,
    }
}

fn is_configuration(message: &str) -> bool {
    ["secret hash", "SecretHash", "SECRET_HASH", "secret was not received", "different Client", "required scopes"]
        .iter()
        .any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b34_every_known_exception_has_its_verdict() {
        use Verdict::{Configuration, Terminal, Transient};
        for (exception, message, verdict) in [
            ("NotAuthorizedException", "Refresh Token has expired", Terminal),
            ("NotAuthorizedException", "Refresh Token has been revoked", Terminal),
            ("NotAuthorizedException", "Invalid Refresh Token", Terminal),
            ("NotAuthorizedException", "Invalid Refresh Token.", Terminal),
            ("NotAuthorizedException", "User is disabled.", Terminal),
            ("NotAuthorizedException", "words that nobody has seen yet", Terminal),
            ("NotAuthorizedException", "Refresh Token has different Client", Configuration),
            (
                "NotAuthorizedException",
                "Client 1x is configured with secret but SECRET_HASH was not received",
                Configuration,
            ),
            ("NotAuthorizedException", "Unable to verify secret hash for client 1x", Configuration),
            ("NotAuthorizedException", "SecretHash does not match for the client: 1x", Configuration),
            ("RefreshTokenReuseException", "Refresh token reuse detected", Verdict::Reused),
            ("UserNotFoundException", "User does not exist.", Terminal),
            ("PasswordResetRequiredException", "Password reset required for the user", Terminal),
            ("UserNotConfirmedException", "User is not confirmed.", Terminal),
            ("TooManyRequestsException", "Rate exceeded", Transient),
            ("InternalErrorException", "", Transient),
            ("UserLambdaValidationException", "no", Verdict::Trigger),
            ("UnexpectedLambdaException", "", Verdict::Trigger),
            ("InvalidLambdaResponseException", "", Verdict::Trigger),
            ("ForbiddenException", "", Transient),
            ("OperationNotEnabledException", "", Transient),
            ("SomethingNewException", "", Transient),
            ("InvalidParameterException", "Missing required parameter REFRESH_TOKEN", Configuration),
            ("ResourceNotFoundException", "User pool client 1x does not exist.", Configuration),
            ("UnsupportedOperationException", "This API does not support refresh token rotation", Configuration),
        ] {
            assert_eq!(classify(exception, message), verdict, "{exception}: {message}");
        }
    }
}
