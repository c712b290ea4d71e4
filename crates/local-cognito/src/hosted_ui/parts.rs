//! What the pages are made of: forms and their fields, the password policy, links. Used by each page.

use maud::{Markup, html};

use super::frame::console_link;
use super::problem::{Field, Problem};
use super::texts::Texts;
use super::visit::Visit;

/// A form as the browser is to see it: fresh, or back with what is wrong.
pub(super) struct FormView<'a> {
    pub(super) visit: &'a Visit,
    pub(super) problem: Option<Problem>,
    /// Has the focus, unless another field is wrong.
    pub(super) focus: Field,
}

/// One input and its label. What a password field holds is never sent back.
pub(super) struct Input<'a> {
    pub(super) field: Field,
    pub(super) label: &'a str,
    pub(super) kind: &'a str,
    pub(super) autocomplete: &'a str,
    pub(super) value: Option<&'a str>,
    pub(super) required: bool,
    /// The id of a hint in the page.
    pub(super) hint: Option<&'a str>,
}

impl FormView<'_> {
    /// A form that comes back to `path` with the request intact.
    pub(super) fn form(&self, path: &str, fields: &Markup) -> Markup {
        html! {
            @if let Some(problem) = self.problem.filter(|problem| problem.field() == Field::Form) {
                (alarm(problem, self.visit.texts()))
            }
            form method="post" action=(self.visit.link(path)) {
                input type="hidden" name="_csrf" value=(self.visit.csrf_token);
                (fields)
            }
        }
    }

    pub(super) fn input(&self, input: &Input<'_>) -> Markup {
        let (id, texts) = (input.field.name(), self.visit.texts());
        let problem = self.problem.filter(|problem| problem.field() == input.field);
        let described = [problem.map(|_| format!("{id}-problem")), input.hint.map(str::to_owned)];
        let described = described.into_iter().flatten().collect::<Vec<_>>().join(" ");
        html! {
            div.field {
                label for=(id) {
                    (input.label)
                    @if !input.required { span.aside { " (" (texts.optional) ")" } }
                }
                input id=(id) type=(input.kind) name=(id) value=[input.value] autocomplete=(input.autocomplete)
                    required[input.required] aria-invalid=[problem.map(|_| "true")] inputmode=[input.keyboard()]
                    aria-describedby=[(!described.is_empty()).then_some(described)] autofocus[self.has_focus(input.field)];
                @if let Some(problem) = problem { (alarm(problem, texts)) }
            }
        }
    }

    /// The address that people sign in with.
    pub(super) fn username(&self, value: &str) -> Markup {
        self.input(&Input {
            field: Field::Username,
            label: self.visit.texts().email,
            kind: "email",
            autocomplete: "username",
            value: Some(value),
            required: true,
            hint: None,
        })
    }

    /// A field for a code that is shown in the console.
    pub(super) fn code(&self) -> Markup {
        let (label, autocomplete) = (self.visit.texts().code, "one-time-code");
        let (field, kind, value) = (Field::Code, "text", Some(""));
        self.input(&Input { field, label, kind, autocomplete, value, required: true, hint: None })
    }

    /// A field for a password that is to be set, with the policy it has to keep.
    pub(super) fn password_to_set(&self, label: &str) -> Markup {
        let (autocomplete, hint) = ("new-password", Some("rules"));
        let (field, kind, value) = (Field::Password, "password", None);
        html! {
            (self.input(&Input { field, label, kind, autocomplete, value, required: true, hint }))
            (rules(self.visit.texts()))
        }
    }

    /// A new password, twice.
    pub(super) fn new_password(&self) -> Markup {
        let (texts, autocomplete) = (self.visit.texts(), "new-password");
        let (field, label) = (Field::RepeatPassword, texts.repeat_password);
        html! {
            (self.password_to_set(texts.new_password))
            (self.input(&Input { field, label, kind: "password", autocomplete, value: None, required: true, hint: None }))
        }
    }

    fn has_focus(&self, field: Field) -> bool {
        let wrong = self.problem.map(Problem::field).filter(|wrong| *wrong != Field::Form);
        wrong.unwrap_or(self.focus) == field
    }
}

impl Input<'_> {
    /// Digits, on a screen's keyboard.
    fn keyboard(&self) -> Option<&'static str> {
        (self.field == Field::Code).then_some("numeric")
    }
}

fn alarm(problem: Problem, texts: &'static Texts) -> Markup {
    html! { p.alarm id={ (problem.field().name()) "-problem" } role="alert" { (problem.text(texts)) } }
}

fn rules(texts: &Texts) -> Markup {
    html! {
        div #rules .rules {
            p { (texts.rules_title) }
            ul { @for rule in texts.rules.list() { li { (rule) } } }
        }
    }
}

/// Good news at the top of a page.
pub(super) fn notice(text: &str) -> Markup {
    html! { p.notice role="status" { (text) } }
}

/// Where codes are, as nothing is mailed. Opens beside the page, which still has its form to send.
pub(super) fn where_codes_are(texts: &Texts) -> Markup {
    html! { p.note { (texts.codes_are_shown) (console_link(texts, texts.console)) "." } }
}

/// An e-mail address as Cognito shows it: `d***@e***`.
pub(super) fn mask(address: &str) -> String {
    let first = |text: &str| text.chars().next().map_or_else(String::new, |first| format!("{first}***"));
    match address.trim().split_once('@') {
        Some((local, domain)) => format!("{}@{}", first(local), first(domain)),
        None => first(address.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::visit::tests::visit;
    use super::*;

    #[test]
    fn addresses_are_recognised_by_those_who_know_them() {
        for (address, shown) in
            [("demo@example.com", "d***@e***"), (" é@ü", "é***@ü***"), ("sub", "s***"), ("@", "@"), ("", "")]
        {
            assert_eq!(mask(address), shown);
        }
    }

    #[test]
    fn what_is_wrong_stands_at_its_field_and_has_the_focus() {
        let visit = visit("", "");
        let view = |problem| FormView { visit: &visit, problem, focus: Field::Username };
        let fresh = view(None).username("a\"b").into_string();
        assert!(fresh.contains(r#"value="a&quot;b""#) && fresh.contains("autofocus"), "{fresh}");
        assert!(!fresh.contains("alert") && !fresh.contains("aria-invalid"), "{fresh}");

        let back = view(Some(Problem::WrongCode));
        assert!(!back.username("").into_string().contains("autofocus"));
        let code = back.code().into_string();
        for part in ["autofocus", r#"aria-describedby="code-problem""#, r#"id="code-problem" role="alert""#] {
            assert!(code.contains(part), "{part} is not in {code}");
        }
        let whole = view(Some(Problem::WrongPassword));
        assert!(whole.username("").into_string().contains("autofocus"));
        assert!(whole.form("/login", &html! {}).into_string().contains("Incorrect username or password."));
    }
}
