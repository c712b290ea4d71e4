//! A form that was sent without JavaScript after its session had ended: what was typed is not lost. The server makes it of
//! the request (`server::Auth::keep_typed`), and the app shows it in a page.

use super::paths;

/// The name of the field by which a form says whom it was rendered for: their `sub`, for `server::require_person`.
pub const PERSON_FIELD: &str = "person";

/// What was sent, for a page that shows it in a form again: in attributes, or escaped, as Leptos 0.8 does not escape the text
/// of a `<textarea>`. It is stored nowhere but in that page. Which fields were passwords is not known here, so a form with a
/// secret does not belong behind `server::Auth::keep_typed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptForm {
    /// Where the form goes: to the same server function, and from there back to the page it was first sent from.
    pub action: String,
    /// Names and values, in their order; none where the form was too long to be kept.
    pub fields: Option<Vec<(String, String)>>,
    /// The page it was first sent from.
    pub page: String,
}

impl KeptForm {
    /// Starts a sign-in that ends at [`SIGNED_IN`](paths::SIGNED_IN); for a link that opens a new tab.
    #[must_use]
    pub fn sign_in_href() -> String {
        format!("{}?return_to={}", paths::SIGN_IN, paths::SIGNED_IN)
    }
}
