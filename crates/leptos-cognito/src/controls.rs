//! The controls a page is built with. All work without JavaScript: a link and a form.

use leptos::{either::Either, prelude::*};
use leptos_router::{hooks::use_location, location::Url};

use super::{paths, use_session};

/// A link that starts the sign-in and comes back to this page, or to `return_to`.
#[component]
pub fn SignInLink(
    /// The page to come back to: a path on this site. The current page where absent.
    #[prop(optional, into)]
    return_to: Option<String>,
    /// Classes of the link.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let location = use_location();
    let href = move || {
        let target = return_to.clone().unwrap_or_else(|| {
            let (path, search) = (location.pathname.get(), location.search.get());
            if path == paths::SIGN_IN_FAILED {
                // No page to come back to, and nothing of its address is repeated (B8).
                paths::HOME.to_owned()
            } else if search.is_empty() {
                path
            } else {
                format!("{path}?{search}")
            }
        });
        format!("{}?return_to={}", paths::SIGN_IN, Url::escape(&target))
    };
    // `external` keeps the client-side router away: this link leaves for Cognito.
    view! { <a href=href rel="external" class=class>{children()}</a> }
}

/// A button that signs out: a form, so that it is a POST and works without JavaScript. Other tabs hide what is private
/// the moment it is pressed. With `everywhere` it is only there if that can be done: it needs the scope
/// `aws.cognito.signin.user.admin`.
#[component]
pub fn SignOutForm(
    /// Ends all sessions of the person, not this one alone.
    #[prop(optional)]
    everywhere: bool,
    /// Where to go then: a path on this site. If it needs a session, the next sign-in begins at once, so this is also how to
    /// change accounts. Home where absent, and with `everywhere`.
    #[prop(optional, into)]
    return_to: Option<String>,
    /// Classes of the button.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let action = if everywhere { paths::SIGN_OUT_EVERYWHERE } else { paths::SIGN_OUT };
    let can_everywhere =
        || use_session().session.with_untracked(|own| own.as_ref().is_none_or(|own| own.can_sign_out_everywhere));
    (!everywhere || can_everywhere()).then(|| {
        view! {
            <form method="post" action=action class="sign-out">
                {return_to.map(|page| view! { <input type="hidden" name="return_to" value=page /> })}
                <button type="submit" class=class>
                    {children()}
                </button>
            </form>
        }
    })
}

/// Shows its children while somebody is signed in. For pages that the browser renders, too; on a page of islands the server
/// renders it once, and [`Fresh`](super::Fresh) is what follows the session.
#[component]
pub fn SignedIn(children: ChildrenFn) -> impl IntoView {
    let session = use_session();
    let is_signed_in = Memo::new(move |_| session.is_signed_in());
    move || if is_signed_in.get() { Either::Left(children()) } else { Either::Right(()) }
}

/// Shows its children while nobody is signed in. While that is not known it shows nothing. On a page of islands take
/// [`When`](super::When), which follows the session.
#[component]
pub fn SignedOut(children: ChildrenFn) -> impl IntoView {
    let session = use_session();
    let is_signed_out = Memo::new(move |_| session.is_signed_out());
    move || if is_signed_out.get() { Either::Left(children()) } else { Either::Right(()) }
}
