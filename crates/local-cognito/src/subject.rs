//! Whom a request was about, as the record keeps it. Found out by `involved`.

/// As far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Involved {
    /// A client id that exists.
    pub(super) client_id: Option<String>,
    /// The `origin_jti` of a sign-in that exists.
    pub(super) sign_in: Option<String>,
}
