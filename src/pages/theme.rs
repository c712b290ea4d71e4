//! Light or dark: the system decides, until somebody chooses. The choice is a cookie, so the server writes it into the
//! page and nothing flashes. A form, which works without JavaScript; with it, nothing is loaded anew.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};

use leptos_cognito::AuthError;

/// The look that somebody chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order in which it is offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    /// The cookie's name; on http the port stands behind it (`AppUrl::cookie_name`).
    pub const COOKIE: &'static str = "theme";
    /// How long the choice is kept: a year, in seconds.
    pub const COOKIE_SECS: u64 = 365 * 24 * 60 * 60;

    /// The name in the form, in the cookie and in `data-theme`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a name; the system's for anything else.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }

    /// The id of its button.
    fn button(self) -> &'static str {
        match self {
            Self::System => "theme-system",
            Self::Light => "theme-light",
            Self::Dark => "theme-dark",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// `POST /api/theme`: remembers the choice in a cookie. A form's sender goes back to the page it came from.
///
/// # Errors
/// `InvalidRequest` for a theme that there is not.
#[server(prefix = "/api", endpoint = "theme")]
pub async fn set_theme(theme: Theme) -> Result<(), AuthError> {
    use http::{
        HeaderValue,
        header::{ACCEPT, REFERER, SET_COOKIE},
        request::Parts,
    };
    use leptos_cognito::{AuthErrorCode, server::Auth};

    let auth = with_context::<Parts, _>(|parts| parts.extensions.get::<Auth>().cloned()).flatten();
    let app_url = auth.as_ref().ok_or(AuthErrorCode::Internal)?.app_url();
    let secure = if app_url.is_https() { "; Secure" } else { "" };
    let (cookie, name, secs) = (app_url.cookie_name(Theme::COOKIE), theme.name(), Theme::COOKIE_SECS);
    let value = format!("{cookie}={name}; Path=/; Max-Age={secs}; SameSite=Lax; HttpOnly{secure}");
    let response = use_context::<leptos_axum::ResponseOptions>().ok_or(AuthErrorCode::Internal)?;
    response.append_header(SET_COOKIE, HeaderValue::from_str(&value).map_err(|_| AuthErrorCode::Internal)?);
    // Left alone, a form's sender would come back to the same address with a question mark at its end. The guard lets no
    // other site's address through.
    let text = |parts: &Parts, name| Some(parts.headers.get(name)?.to_str().ok()?.to_owned());
    let came_from = with_context::<Parts, _>(|parts| {
        text(parts, ACCEPT).filter(|accept| accept.contains("text/html")).and_then(|_| text(parts, REFERER))
    });
    if let Some(page) = came_from.flatten() {
        leptos_axum::redirect(&page);
    }
    Ok(())
}

/// Three buttons: as the system has it, light, dark. What the server rendered is changed by hand: there is nothing to keep,
/// and so the browser loads next to nothing for it.
#[island]
pub(super) fn ThemeSwitch() -> impl IntoView {
    // The server alone has it, and what it rendered stands.
    let rendered = use_context::<Theme>().unwrap_or_default();
    let choose = |submit: SubmitEvent| {
        let Some(button) = submit.submitter() else { return };
        submit.prevent_default();
        let theme = Theme::from_name(&button.get_attribute("value").unwrap_or_default());
        if let Some(html) = document().document_element() {
            // The element is there and the name is fixed: nothing to do about a failure.
            let _ = html.set_attribute("data-theme", theme.name());
        }
        for other in Theme::ALL {
            if let Some(button) = document().get_element_by_id(other.button()) {
                let _ = button.set_attribute("aria-pressed", pressed(other == theme));
            }
        }
        spawn_local(async move {
            // Without an answer the choice holds for this page.
            let _ = set_theme(theme).await;
        });
    };
    view! {
        <form method="post" action="/api/theme" class="theme" on:submit=choose>
            <fieldset>
                <legend>"Appearance"</legend>
                {Theme::ALL
                    .map(|theme| {
                        view! {
                            <button
                                type="submit"
                                id=theme.button()
                                name="theme"
                                value=theme.name()
                                aria-pressed=pressed(theme == rendered)
                            >
                                {theme.label()}
                            </button>
                        }
                    })}
            </fieldset>
        </form>
    }
}

fn pressed(is_pressed: bool) -> &'static str {
    if is_pressed { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn a_theme_reads_back_and_anything_else_is_the_systems() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_name(theme.name()), theme);
            assert_eq!(serde_json::to_string(&theme).unwrap(), format!("\"{}\"", theme.name()), "as the form sends it");
        }
        for other in ["", "Dark", "dark;", "\"><script>"] {
            assert_eq!(Theme::from_name(other), Theme::System, "{other}");
        }
    }
}
