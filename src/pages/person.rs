//! The person who is signed in: initials for the header, and what the session says about them.

use leptos::prelude::*;

use super::parts::Entry;
use leptos_cognito::{User, use_session};

/// At most two letters that stand for a name, or for the part before the `@` of an e-mail address.
pub(super) fn initials(name: &str) -> String {
    let name = name.split('@').next().unwrap_or_default();
    let mut words =
        name.split(|c: char| c.is_whitespace() || matches!(c, '.' | '-' | '_')).filter_map(|word| word.chars().next());
    let (first, last) = (words.next(), words.next_back());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// The account page's part on the person.
#[component]
pub(super) fn PersonCard() -> impl IntoView {
    let session = use_session().session();
    view! {
        <Entry id="person" title="You" hint="From the ID token that the sign-in service signed. No call is needed to know this.">
            {session.map(|session| view! { <Person user=session.user /> })}
        </Entry>
    }
    .into_any()
}

#[component]
fn Person(user: User) -> impl IntoView {
    let groups = if user.groups.is_empty() { "None".to_owned() } else { user.groups.join(", ") };
    view! {
        <dl class="facts">
            <div>
                <dt>"Name"</dt>
                <dd>{user.name.unwrap_or_else(|| "Not given".to_owned())}</dd>
            </div>
            <div>
                <dt>"E-mail"</dt>
                <dd data-testid="user-email">{user.email.unwrap_or_else(|| "Not given".to_owned())}</dd>
            </div>
            <div>
                <dt>"Groups"</dt>
                <dd data-testid="user-groups">{groups}</dd>
            </div>
        </dl>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn two_letters_stand_for_a_name() {
        for (name, letters) in [
            ("Demo User", "DU"),
            ("Ada King Lovelace", "AL"),
            ("demo@example.com", "D"),
            ("ada.lovelace@example.com", "AL"),
            ("Élodie", "É"),
            ("李 小龍", "李小"),
            ("81e633f2-ab1f-4f99", "84"),
            ("  ", ""),
            ("", ""),
        ] {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
