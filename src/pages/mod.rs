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
mod layout;
mod not_allowed;
mod not_found;
mod private;
mod reference;
mod sign_in_failed;
mod timeline;

pub use account::{Account, profile_from_cognito};
pub use admin::{Admin, admin_overview};
pub use home::Home;
pub use layout::{Layout, LayoutProps};
pub use not_allowed::NotAllowed;
pub use not_found::NotFound;
pub use sign_in_failed::SignInFailed;
pub use timeline::session_timeline;
