//! Every error that a client of the JSON API may meet, to be ordered by name: the closed table of `cognito.md` §2.3,
//! and what else its operations model. Ordered through `faults`.

use std::fmt;

use super::json_api::api_error::ApiError;

/// An error of the JSON API. Of some types there are several messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiFault {
    kind: &'static str,
    message: &'static str,
}

/// Of a type with several messages the first is meant where none is named.
const TABLE: &[(&str, &str)] = &[
    ("NotAuthorizedException", "Refresh Token has expired"),
    ("NotAuthorizedException", "Refresh Token has been revoked"),
    ("NotAuthorizedException", "Invalid Refresh Token"),
    ("NotAuthorizedException", "Invalid Refresh Token."),
    ("NotAuthorizedException", "Refresh Token has different Client"),
    ("NotAuthorizedException", "User is disabled."),
    ("NotAuthorizedException", "The user has been deleted for the associated refresh token"),
    ("NotAuthorizedException", "Incorrect username or password."),
    ("NotAuthorizedException", "Password attempts exceeded"),
    ("NotAuthorizedException", "Access Token has expired"),
    ("NotAuthorizedException", "Access Token has been revoked"),
    ("NotAuthorizedException", "Invalid Access Token"),
    ("NotAuthorizedException", "Access Token does not have required scopes"),
    ("NotAuthorizedException", "Invalid session for the user, session is expired."),
    ("NotAuthorizedException", "Client 1example23456789 is configured with secret but SECRET_HASH was not received"),
    ("NotAuthorizedException", "Unable to verify secret hash for client 1example23456789"),
    ("NotAuthorizedException", "SecretHash does not match for the client: 1example23456789"),
    ("UserNotFoundException", "User does not exist."),
    ("UserNotConfirmedException", "User is not confirmed."),
    ("PasswordResetRequiredException", "Password reset required for the user"),
    ("RefreshTokenReuseException", "Refresh token reuse detected"),
    ("TooManyRequestsException", "Rate exceeded"),
    ("TooManyRequestsException", "Too many requests"),
    ("LimitExceededException", "Attempt limit exceeded, please try after some time."),
    ("InternalErrorException", "Internal error"),
    ("ForbiddenException", "Request not allowed due to WAF block."),
    ("OperationNotEnabledException", "This operation is not enabled."),
    ("UnexpectedLambdaException", "PreTokenGeneration failed with error Unhandled."),
    ("UserLambdaValidationException", "PreAuthentication failed with error Not allowed."),
    ("InvalidLambdaResponseException", "Unrecognizable lambda output"),
    ("InvalidUserPoolConfigurationException", "The user pool configuration is not valid."),
    ("InvalidSmsRoleAccessPolicyException", "Role does not have permission to publish with SNS"),
    (
        "InvalidSmsRoleTrustRelationshipException",
        "Role does not have a trust relationship allowing Cognito to assume it",
    ),
    ("InvalidEmailRoleAccessPolicyException", "Cognito is not allowed to use your email identity"),
    ("CodeDeliveryFailureException", "Unable to deliver the code."),
    ("FeatureUnavailableInTierException", "This feature is not available in the current tier."),
    ("ResourceNotFoundException", "User pool client 1example23456789 does not exist."),
    ("InvalidParameterException", "Missing required parameter REFRESH_TOKEN"),
    ("InvalidParameterException", "REFRESH_TOKEN_AUTH flow not enabled for this client"),
    ("UnsupportedOperationException", "This API does not support refresh token rotation"),
    ("UnsupportedOperationException", "This feature is not enabled for this client"),
    ("UnsupportedTokenTypeException", "Unsupported token type"),
    ("UnauthorizedException", "Invalid client or secret"),
    ("UsernameExistsException", "An account with the given email already exists."),
    ("UsernameExistsException", "User already exists"),
    ("AliasExistsException", "An account with the given email already exists."),
    ("CodeMismatchException", "Invalid verification code provided, please try again."),
    ("ExpiredCodeException", "Invalid code provided, please request a code again."),
    ("InvalidPasswordException", "Password did not conform with policy: Password not long enough"),
    ("PasswordHistoryPolicyViolationException", "Password has previously been used"),
    ("TooManyFailedAttemptsException", "Too many failed attempts."),
];

impl ApiFault {
    /// By its type, as AWS writes it (`UnexpectedLambdaException`), or by type and message, as it prints
    /// (`NotAuthorizedException: User is disabled.`).
    #[must_use]
    pub fn find(name: &str) -> Option<ApiFault> {
        ApiFault::all().find(|fault| fault.kind == name || fault.to_string() == name)
    }

    /// All there are, those of one type together.
    pub fn all() -> impl Iterator<Item = ApiFault> {
        TABLE.iter().map(|&(kind, message)| ApiFault { kind, message })
    }

    /// The type (`__type`).
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.kind
    }

    /// The message.
    #[must_use]
    pub fn message(self) -> &'static str {
        self.message
    }

    pub(super) fn to_error(self) -> ApiError {
        ApiError::new(self.kind, self.message)
    }
}

impl fmt::Display for ApiFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_found_by_its_type_or_by_all_of_it() {
        assert_eq!(ApiFault::find("NotAuthorizedException").unwrap().message(), "Refresh Token has expired");
        for fault in ApiFault::all() {
            assert_eq!(ApiFault::find(&fault.to_string()), Some(fault));
            assert_eq!(ApiFault::find(fault.kind()).map(ApiFault::kind), Some(fault.kind()));
        }
        assert_eq!(ApiFault::find("NonsenseException"), None);
        assert_eq!(ApiFault::find("NotAuthorizedException: nonsense"), None);
    }
}
