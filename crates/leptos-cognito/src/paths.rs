//! The URLs of the auth folder, and those pages of the app that it sends people to.

/// Prefix of the five server functions; NextAuth's.
pub const AUTH_PREFIX: &str = "/api/auth";
/// Starts a sign-in; takes `return_to`.
pub const SIGN_IN: &str = "/api/auth/signin";
/// Where Cognito sends the browser back: register `APP_URL` + this as the app client's callback URL.
pub const CALLBACK: &str = "/api/auth/callback/cognito";
/// The session as JSON.
pub const SESSION: &str = "/api/auth/session";
/// Ends the session; POST only.
pub const SIGN_OUT: &str = "/api/auth/signout";
/// Ends all sessions of the person; POST only.
pub const SIGN_OUT_EVERYWHERE: &str = "/api/auth/signout-everywhere";
/// The app's page for a sign-in that failed; gets `error` (an `AuthErrorCode`), `return_to` and `ref`.
pub const SIGN_IN_FAILED: &str = "/sign-in-failed";
/// The app's page at which a sign-in in a window of its own ends; it closes itself.
pub const SIGNED_IN: &str = "/signed-in";
/// Where a sign-in ends that named no page, and where sign-out comes home: register `APP_URL` + this as sign-out URL.
pub const HOME: &str = "/";
