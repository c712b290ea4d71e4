//! What each order is for: the sentence beside its button, and its entry in `GET /_control`.

/// An order that can be given, with what a good app makes of it.
pub(in super::super) struct Torment {
    /// The last part of `/_control/…`.
    pub(in super::super) endpoint: &'static str,
    /// The button.
    pub(in super::super) title: &'static str,
    /// The member `action` of its body, where there is one.
    pub(in super::super) action: &'static str,
    /// A body to start from.
    pub(in super::super) example: &'static str,
    /// What the app should do now.
    pub(in super::super) advice: &'static str,
}

impl Torment {
    /// Whether it ends something that no other order brings back.
    pub(in super::super) fn is_destructive(&self) -> bool {
        matches!(self.action, "expire_refresh" | "revoke" | "disable" | "delete")
    }
}

pub(in super::super) const MOVE_CLOCK: Torment = Torment {
    endpoint: "clock",
    title: "Move the clock",
    action: "",
    example: r#"{"advance_secs": 3600}"#,
    advice: "An hour on, access tokens have run out: your app should renew them with the next request, and nobody \
             should notice.",
};

pub(in super::super) const EXPIRE_ACCESS: Torment = Torment {
    endpoint: "tokens",
    title: "Expire access tokens",
    action: "expire_access",
    example: r#"{"action": "expire_access", "user": "demo@example.com"}"#,
    advice: "GetUser and userInfo now refuse them as expired, and your app should renew and ask again; a server that \
             only verifies the JWT cannot know, for that move the clock by an hour.",
};

pub(in super::super) const EXPIRE_REFRESH: Torment = Torment {
    endpoint: "tokens",
    title: "Expire refresh tokens",
    action: "expire_refresh",
    example: r#"{"action": "expire_refresh", "user": "demo@example.com"}"#,
    advice: "Your app should go on while the access token lasts, and at the next renewal ask the person to sign in \
             again, leading back to the same page.",
};

pub(in super::super) const REVOKE_TOKENS: Torment = Torment {
    endpoint: "tokens",
    title: "Revoke",
    action: "revoke",
    example: r#"{"action": "revoke", "all": true}"#,
    advice: "Your app should end the session when it next renews or asks Cognito about the person, and not try the \
             same refresh token again.",
};

pub(in super::super) const CREATE_USER: Torment = Torment {
    endpoint: "users",
    title: "Create a user",
    action: "create",
    example: r#"{"action": "create", "email": "new@example.com", "password": "New-Passw0rd"}"#,
    advice: "The person can sign in at once; your app should cope with someone it has never seen, without a name and \
             without groups.",
};

pub(in super::super) const DISABLE_USER: Torment = Torment {
    endpoint: "users",
    title: "Disable",
    action: "disable",
    example: r#"{"action": "disable", "email": "demo@example.com"}"#,
    advice: "All sign-ins are revoked: your app should end the session at the next renewal, and signing in again is \
             refused.",
};

pub(in super::super) const ENABLE_USER: Torment = Torment {
    endpoint: "users",
    title: "Enable",
    action: "enable",
    example: r#"{"action": "enable", "email": "demo@example.com"}"#,
    advice: "The person can sign in again; sessions from before stay ended, and your app should not revive them.",
};

pub(in super::super) const REVOKE_USER: Torment = Torment {
    endpoint: "users",
    title: "Sign out everywhere",
    action: "revoke",
    example: r#"{"action": "revoke", "email": "demo@example.com"}"#,
    advice: "Your app should end every session of the person at its next renewal, on all devices.",
};

pub(in super::super) const CONFIRM_USER: Torment = Torment {
    endpoint: "users",
    title: "Confirm",
    action: "confirm",
    example: r#"{"action": "confirm", "email": "demo@example.com"}"#,
    advice: "The person need not enter the code any more: your app should let them sign in.",
};

pub(in super::super) const REQUIRE_RESET: Torment = Torment {
    endpoint: "users",
    title: "Require a password reset",
    action: "require_reset",
    example: r#"{"action": "require_reset", "email": "demo@example.com"}"#,
    advice: "The next renewal and the next sign-in are refused with PasswordResetRequiredException: your app should \
             lead to the reset.",
};

pub(in super::super) const DELETE_USER: Torment = Torment {
    endpoint: "users",
    title: "Delete",
    action: "delete",
    example: r#"{"action": "delete", "email": "admin@example.com"}"#,
    advice: "Your app should end the session at the next renewal, and never show another person's data to whoever \
             signs up with the same address.",
};

pub(in super::super) const SET_ROTATION: Torment = Torment {
    endpoint: "rotation",
    title: "Set rotation",
    action: "",
    example: r#"{"grace_secs": 10}"#,
    advice: "With rotation, every renewal brings a new refresh token: your app should store it before it does anything \
             else, and renew only once at a time; InitiateAuth is refused, GetTokensFromRefreshToken works.",
};

pub(in super::super) const ORDER_FAULTS: Torment = Torment {
    endpoint: "faults",
    title: "Let requests fail",
    action: "",
    example: r#"{"operation": "InitiateAuth", "times": 2, "fault": "throttle"}"#,
    advice: "Your app should keep everybody signed in, say that something is wrong only where it has to, and recover \
             by itself.",
};

pub(in super::super) const REPLACE_KEYS: Torment = Torment {
    endpoint: "keys",
    title: "Replace the signing keys",
    action: "",
    example: "{}",
    advice: "Your app should fetch the JWKS again when it meets a kid it does not know, once and not for every \
             request, and keep its sessions.",
};

/// All of them.
pub(in super::super) const TORMENTS: [&Torment; 14] = [
    &MOVE_CLOCK,
    &EXPIRE_ACCESS,
    &EXPIRE_REFRESH,
    &REVOKE_TOKENS,
    &CREATE_USER,
    &DISABLE_USER,
    &ENABLE_USER,
    &REVOKE_USER,
    &CONFIRM_USER,
    &REQUIRE_RESET,
    &DELETE_USER,
    &SET_ROTATION,
    &ORDER_FAULTS,
    &REPLACE_KEYS,
];
