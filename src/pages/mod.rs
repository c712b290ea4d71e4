//! What people see: one file a page. `App` maps paths to these; they read the session and never write it.
//!
//! The server renders the pages. What moves in them are islands, each as small as can be, because the browser loads them
//! all; what is private and stands still is in `Fresh` parts, which an open page empties and fetches anew. Which page needs
//! a session is decided by the server before it renders.

mod account;
mod admin;
mod failure;
mod groups_unavailable;
mod heading;
mod home;
mod home_parts;
mod instant;
mod kept_form;
mod layout;
mod life_bar;
mod live;
mod not_allowed;
mod not_found;
mod note_store;
mod notes;
mod parts;
mod person;
mod person_menu;
mod places;
mod private;
mod profile;
mod program;
mod reference;
mod rehearsal;
mod relay;
mod session_card;
mod sign_in_failed;
mod signed_in;
mod theme;
mod timeline;
mod upstream;

pub use account::Account;
pub use admin::{Admin, admin_overview};
pub use groups_unavailable::{GroupsUnavailable, GroupsUnavailableProps};
pub use home::Home;
pub use kept_form::{KeptFormPage, KeptFormPageProps};
pub use layout::{Layout, LayoutProps};
pub use live::{Live, LiveProps};
pub use not_allowed::{NotAllowed, NotAllowedProps};
pub use not_found::NotFound;
pub use note_store::{MAX_NOTE_UNITS, NoteStore};
pub use notes::{Notes, last_note, save_note};
pub use places::{end_session, sign_ins};
pub use profile::profile_from_cognito;
pub use program::{Program, ProgramProps};
pub use rehearsal::Rehearsal;
pub use sign_in_failed::SignInFailed;
pub use signed_in::SignedInPage;
pub use theme::{Theme, set_theme};
pub use timeline::session_timeline;
pub use upstream::user_info_from_cognito;
