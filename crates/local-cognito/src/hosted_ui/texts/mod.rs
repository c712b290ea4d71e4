//! What the pages of the hosted UI say, in the languages they know: one value of `Texts` each, so that the compiler
//! finds what is missing. Chosen by the parameter `lang` (`cognito.md` §1.1).

mod de;
mod en;
mod es;
mod fr;

use super::super::password::PasswordProblem;

/// Cognito speaks eight more; what is not here is answered in English.
pub(super) const LANGUAGES: [&Texts; 4] = [&en::TEXTS, &de::TEXTS, &es::TEXTS, &fr::TEXTS];

/// One language. Sentences that end in a space go before a name, an address or a link.
pub(super) struct Texts {
    /// The value of `lang`, and the language tag of the page.
    pub(super) lang: &'static str,
    /// The language's own name for itself.
    pub(super) language: &'static str,
    /// Names the list of languages to those who do not see it.
    pub(super) languages: &'static str,
    pub(super) stand_in: &'static str,
    pub(super) console: &'static str,
    pub(super) open_console: &'static str,
    pub(super) new_tab: &'static str,
    pub(super) continue_to: &'static str,
    pub(super) demo_users: &'static str,

    pub(super) email: &'static str,
    pub(super) name: &'static str,
    pub(super) optional: &'static str,
    pub(super) password: &'static str,
    pub(super) new_password: &'static str,
    pub(super) repeat_password: &'static str,
    pub(super) code: &'static str,

    pub(super) sign_in: &'static str,
    pub(super) forgot_password: &'static str,
    pub(super) need_account: &'static str,
    pub(super) password_changed: &'static str,

    pub(super) sign_up: &'static str,
    pub(super) sign_up_title: &'static str,
    pub(super) have_account: &'static str,

    pub(super) confirm_title: &'static str,
    pub(super) confirm: &'static str,
    pub(super) code_for: &'static str,
    pub(super) code_resent: &'static str,
    pub(super) codes_are_shown: &'static str,
    pub(super) resend: &'static str,

    pub(super) reset_intro: &'static str,
    pub(super) reset: &'static str,
    pub(super) reset_title: &'static str,
    /// Says the same whether there is such a user or not.
    pub(super) reset_code_for: &'static str,
    pub(super) change_password: &'static str,
    pub(super) back_to_sign_in: &'static str,

    pub(super) new_password_title: &'static str,
    pub(super) new_password_intro: &'static str,

    pub(super) rules_title: &'static str,
    pub(super) rules: Rules,
    pub(super) problems: Problems,
}

/// The password policy, rule by rule.
pub(super) struct Rules {
    pub(super) length: &'static str,
    pub(super) lowercase: &'static str,
    pub(super) uppercase: &'static str,
    pub(super) digit: &'static str,
    pub(super) symbol: &'static str,
    pub(super) too_long: &'static str,
}

/// What can be wrong with a form.
pub(super) struct Problems {
    pub(super) stale_form: &'static str,
    pub(super) wrong_password: &'static str,
    pub(super) disabled: &'static str,
    pub(super) reset_impossible: &'static str,
    pub(super) user_exists: &'static str,
    pub(super) bad_email: &'static str,
    pub(super) long_name: &'static str,
    pub(super) passwords_differ: &'static str,
    pub(super) wrong_code: &'static str,
    pub(super) code_expired: &'static str,
    pub(super) too_many_attempts: &'static str,
    pub(super) internal: &'static str,
}

impl Texts {
    /// In the language asked for, or else in English.
    pub(super) fn in_language(lang: Option<&str>) -> &'static Texts {
        LANGUAGES.iter().find(|texts| lang == Some(texts.lang)).unwrap_or(&LANGUAGES[0])
    }
}

impl Rules {
    /// Those a password has to keep, as a list for people.
    pub(super) fn list(&self) -> [&'static str; 5] {
        [self.length, self.lowercase, self.uppercase, self.digit, self.symbol]
    }

    /// The one that was not kept.
    pub(super) fn of(&self, problem: PasswordProblem) -> &'static str {
        match problem {
            PasswordProblem::TooShort => self.length,
            PasswordProblem::TooLong => self.too_long,
            PasswordProblem::NoUppercase => self.uppercase,
            PasswordProblem::NoLowercase => self.lowercase,
            PasswordProblem::NoDigit => self.digit,
            PasswordProblem::NoSymbol => self.symbol,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_chosen_by_its_exact_tag_and_english_stands_in() {
        for (asked, given) in [
            (None, "en"),
            (Some("de"), "de"),
            (Some("es"), "es"),
            (Some("fr"), "fr"),
            (Some("ja"), "en"),
            (Some("DE"), "en"),
            (Some("<script>"), "en"),
        ] {
            assert_eq!(Texts::in_language(asked).lang, given, "{asked:?}");
        }
    }

    #[test]
    fn what_goes_before_a_name_ends_in_a_space() {
        for texts in LANGUAGES {
            for text in [texts.continue_to, texts.code_for, texts.reset_code_for, texts.codes_are_shown] {
                assert!(text.ends_with(' '), "{}: {text:?}", texts.lang);
            }
        }
    }
}
