use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::{MASK, MAX_KEPT, mask};

#[test]
fn what_cognito_and_its_triggers_say_stays_as_it_is() {
    for text in [
        "Refresh Token has expired",
        "Refresh Token has been revoked",
        "Invalid Refresh Token.",
        "User is disabled.",
        "User does not exist.",
        "User is not confirmed.",
        "Password reset required for the user",
        "The user has been deleted for the associated refresh token",
        "Refresh Token has different Client",
        "Client 1x is configured with secret but SECRET_HASH was not received",
        "Unable to verify secret hash for client 1x",
        "SecretHash does not match for the client: 1x",
        "User pool client 1x does not exist.",
        "User pool eu-central-1_AbCdEfGhI does not exist.",
        "Missing required parameter REFRESH_TOKEN",
        "REFRESH_TOKEN_AUTH flow not enabled for this client",
        "This API does not support refresh token rotation",
        "Access Token does not have required scopes",
        "Rate exceeded",
        "Attempt limit exceeded, please try after some time.",
        "1 validation error detected: Value at 'clientId' failed to satisfy constraint: Member must have length less than or equal to 128",
        "PreTokenGeneration failed with error no.",
        "PreTokenGeneration invocation failed due to error AccessDeniedException.",
        "PreTokenGenerationV2 failed with error The tenant has no seats left (plan: free, 5 of 5 used).",
        "Your account is blocked: please ask the people at the front desk, 3rd floor!",
        "invalid_client",
        "unauthorized_client: redirect_uri does not match",
        "invalid_grant (Token is not from an user pool client)",
        "error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)",
        "dns error: failed to lookup address information: Name or service not known",
        "invalid type: map, expected a string at line 1 column 42",
        "status 503 Service Unavailable",
        "the scopes openid email profile aws.cognito.signin.user.admin",
        "RS256, SHA256, OAuth2, TLS1.3, HTTP/1.1, base64",
        "https://cognito-idp.us-east-2.amazonaws.com/us-east-2_AbCdEfGhI",
        "http://127.0.0.1:34567/us-east-1_LocalPool/.well-known/openid-configuration: not found.",
        "/api/account/sign-ins",
        "/favicon.svg",
        "",
    ] {
        assert_eq!(mask(text), text);
    }
    for exception in [
        "NotAuthorizedException",
        "RefreshTokenReuseException",
        "UnsupportedOperationException",
        "UserLambdaValidationException",
        "FeatureUnavailableInTierException",
        "InvalidUserPoolConfigurationException",
        "InvalidSmsRoleTrustRelationshipException",
        "SoftwareTokenMFANotFoundException",
        "MFAMethodNotFoundException",
        "WebAuthnRelyingPartyMismatchException",
    ] {
        assert_eq!(mask(exception), exception);
    }
}

#[test]
fn what_looks_secret_is_masked_and_the_rest_is_read() {
    for (text, masked) in [
        ("the user demo@example.com is blocked", "the user [masked] is blocked"),
        ("<demo@example.com>, \"o'neill\"@x.org", "<[masked]>, \"o'neill\"[masked]"),
        ("mailto:demo%40example.com", "mailto:[masked]"),
        ("demo%2540example.com demo＠example.com", "[masked] [masked]"),
        ("demo%25252540example.com a%2525252525 caf%C3%A9 100%", "[masked] [masked] caf%C3%A9 100%"),
        ("call +1 (555) 010-9999 or 0170/1234567", "call [masked] or [masked]"),
        ("your code is 482913, or 48 29 13", "your code is [masked], or [masked]"),
        ("code=3f2b8c1e-9d47-4c58-8a0f-5be2f6a7d913&state=x", "code=[masked]&state=x"),
        ("code=abc, password='hunter', client_secret=s", "code=[masked], password='[masked]', client_secret=[masked]"),
        ("Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln!", "Bearer [masked]!"),
        ("SECRET wvW87lzZoI+qQCVGmWVBJLlucdJ65huAVP1z+0MgA6E=", "SECRET [masked]="),
        ("/+dSC/4hPb/9aTTr/cKQ=", "[masked]="),
        ("JBSWYDPEHPKPXPJB MNOPQRST", "[masked] MNOPQRST"),
        ("User pool client 7k3jd92hfk2l1m0pq8rstuvwxy does not exist.", "User pool client [masked] does not exist."),
        ("/reset/3f2b8c1e-9d47-4c58-8a0f-5be2f6a7d913/now", "/reset/[masked]/now"),
        ("https://u:p@host.example/a?code=x#y.", "https://[masked]/a?[masked]."),
        ("\"https://a.example/eyJh.eyJz.c2ln\"", "\"https://a.example/[masked]\""),
        ("a\r\nERROR forged\u{1b}[31m \u{202e}x", "a  ERROR forged [31m  x"),
    ] {
        assert_eq!(mask(text), masked, "{text}");
    }
}

/// What must never come through, as it is or as it stands in a URL.
fn secret() -> impl Strategy<Value = String> {
    let with_digit = |text: &String| text.chars().any(|c| c.is_ascii_digit());
    prop_oneof![
        "[a-z0-9._+-]{1,12}@[a-z0-9-]{1,12}[.][a-z]{2,6}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "eyJ[A-Za-z0-9_-]{10,40}[.]eyJ[A-Za-z0-9_-]{10,80}[.][A-Za-z0-9_-]{20,90}",
        "[A-Za-z0-9_-]{22,60}".prop_filter("as good as all have a digit", with_digit),
        "[a-z0-9]{26,52}".prop_filter("as good as all have a digit", with_digit),
        "[A-Za-z0-9+/]{40,90}={0,2}".prop_filter("as good as all have a digit", with_digit),
        "[0-9]{6,10}",
        "[+][1-9][0-9]{0,2} ?[(]?[0-9]{2,4}[)]?[ -]?[0-9]{3,4}[ -]?[0-9]{2,4}",
    ]
}

fn before() -> impl Strategy<Value = String> {
    "[ -~äß\n]{0,30}( |=|: |\"|'|/|[(]|,|&code=|<|https?://x[.]example/)"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn b46_no_address_token_or_code_comes_through(
        secret in secret(),
        before in before(),
        after in "( |\"|'|,|[)]|>)?[ -~\n]{0,30}",
    ) {
        // A number that begins in an address ends there.
        prop_assume!(!(before.ends_with("example/") && secret.contains(' ')));
        for form in [secret.clone(), utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string()] {
            let masked = mask(&format!("{before}{form}{after}"));
            prop_assert!(!masked.contains(&form) && masked.contains(MASK), "{masked}");
        }
    }

    #[test]
    fn b46_nothing_is_longer_or_on_more_lines_than_it_may_be(text in "\\PC{0,3000}|[\\x00-\\x20a]{0,3000}") {
        let masked = mask(&text);
        prop_assert!(masked.chars().count() <= MAX_KEPT && !masked.chars().any(char::is_control), "{masked:?}");
        prop_assert!(masked.ends_with('…') || mask(&masked) == masked, "{masked:?}");
    }
}
