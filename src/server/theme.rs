//! The theme that somebody chose, from the request's cookie into the page that is rendered for it. Called by `router`.

use http::{header::COOKIE, request::Parts};
use leptos::prelude::{provide_context, with_context};

use crate::pages::Theme;

/// Provides the chosen [`Theme`] to the page that is being rendered.
pub(super) fn provide_theme() {
    let theme = with_context::<Parts, _>(|parts| {
        let lines = parts.headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        chosen(lines)
    });
    provide_context(theme.unwrap_or_default());
}

/// The first theme cookie that names a theme counts: another program on this host may have one of the same name.
fn chosen<'c>(lines: impl Iterator<Item = &'c str>) -> Theme {
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(name, _)| *name == Theme::COOKIE).map(|(_, value)| value);
    values.find_map(|value| Theme::ALL.into_iter().find(|theme| theme.name() == value)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Theme, chosen};

    #[test]
    fn the_cookie_chooses() {
        for (line, theme) in [
            ("theme=dark", Theme::Dark),
            ("session=abc; theme=light; other=dark", Theme::Light),
            ("theme=\"><script>", Theme::System),
            ("session=theme=dark", Theme::System),
            ("theme=dark; theme=light", Theme::Dark),
            ("theme=solarized; theme=dark", Theme::Dark),
            ("old_theme=dark", Theme::System),
            ("", Theme::System),
        ] {
            assert_eq!(chosen([line].into_iter()), theme, "{line}");
        }
        assert_eq!(chosen(["a=b", "theme=dark", "theme=light"].into_iter()), Theme::Dark, "the first of several lines");
    }
}
