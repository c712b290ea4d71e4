//! What people see: one file a page. `App` maps paths to these; they read the session and never write it.
//!
//! Which page needs a session is decided by the server before it renders. Here a page only takes care to show nothing
//! private once the session on it is gone.

mod account;
mod account_facts;
mod admin;
mod failure;
mod home;
mod instant;
mod kept_form;
mod layout;
mod not_allowed;
mod not_found;
mod note_store;
mod notes;
mod private;
mod sign_in_failed;
mod signed_in;
mod timeline;

pub use account::{Account, profile_from_cognito};
pub use admin::{Admin, admin_overview};
pub use home::Home;
pub use kept_form::{KeptFormPage, KeptFormPageProps};
pub use layout::{Layout, LayoutProps};
pub use not_allowed::NotAllowed;
pub use not_found::NotFound;
pub use note_store::{MAX_NOTE_BYTES, NoteStore};
pub use notes::{Notes, last_note, save_note};
pub use sign_in_failed::SignInFailed;
pub use signed_in::SignedInPage;
pub use timeline::session_timeline;
