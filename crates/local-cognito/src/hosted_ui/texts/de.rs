//! German.

use super::{Problems, Rules, Texts};

pub(super) const TEXTS: Texts = Texts {
    lang: "de",
    language: "Deutsch",
    languages: "Sprache",
    stand_in: "Dies ist Local Cognito, ein lokaler Ersatz für Amazon Cognito. Ihre Zugangsdaten bleiben auf diesem Rechner.",
    console: "Konsole",
    open_console: "Konsole öffnen",
    new_tab: "öffnet einen neuen Tab",
    continue_to: "weiter zu ",
    demo_users: "Demo-Konten",

    email: "E-Mail",
    name: "Name",
    optional: "freiwillig",
    password: "Passwort",
    new_password: "Neues Passwort",
    repeat_password: "Neues Passwort wiederholen",
    code: "Code",

    sign_in: "Anmelden",
    forgot_password: "Passwort vergessen?",
    need_account: "Noch kein Konto?",
    password_changed: "Ihr Passwort wurde geändert. Sie können sich jetzt damit anmelden.",

    sign_up: "Registrieren",
    sign_up_title: "Neues Konto anlegen",
    have_account: "Sie haben schon ein Konto?",

    confirm_title: "Konto bestätigen",
    confirm: "Konto bestätigen",
    code_for: "Geben Sie den Code ein, um Ihr Konto zu bestätigen. Er wurde erzeugt für ",
    code_resent: "Ein neuer Code wurde erzeugt. Der vorige gilt nicht mehr.",
    codes_are_shown: "Hier wird nichts verschickt. Jeder Code steht in der ",
    resend: "Neuen Code anfordern",

    reset_intro: "Geben Sie Ihre E-Mail-Adresse ein. Dann wird ein Code erzeugt, mit dem Sie Ihr Passwort zurücksetzen.",
    reset: "Passwort zurücksetzen",
    reset_title: "Passwort zurücksetzen",
    reset_code_for: "Geben Sie den Code und ein neues Passwort ein. Falls das Konto existiert, wurde ein Code erzeugt für ",
    change_password: "Passwort ändern",
    back_to_sign_in: "Zurück zur Anmeldung",

    new_password_title: "Passwort ändern",
    new_password_intro: "Ihr Passwort wurde von der Verwaltung gesetzt. Bitte wählen Sie ein eigenes.",

    rules_title: "Ihr Passwort muss enthalten:",
    rules: Rules {
        length: "mindestens 8 Zeichen",
        lowercase: "einen Kleinbuchstaben",
        uppercase: "einen Großbuchstaben",
        digit: "eine Ziffer",
        symbol: "ein Sonderzeichen oder Leerzeichen",
        too_long: "höchstens 256 Zeichen",
    },
    problems: Problems {
        stale_form: "Diese Seite ist veraltet. Bitte versuchen Sie es noch einmal.",
        wrong_password: "Benutzername oder Passwort ist falsch.",
        disabled: "Das Konto ist gesperrt.",
        reset_impossible: "Ihr Passwort muss zurückgesetzt werden, aber es gibt keine bestätigte E-Mail-Adresse für einen Code. Wenden Sie sich an die Verwaltung.",
        user_exists: "Zu dieser E-Mail-Adresse gibt es schon ein Konto.",
        bad_email: "Bitte geben Sie eine E-Mail-Adresse ein.",
        long_name: "Bitte geben Sie einen Namen mit höchstens 2048 Zeichen ein.",
        passwords_differ: "Die Passwörter stimmen nicht überein.",
        wrong_code: "Der Code ist falsch. Bitte versuchen Sie es noch einmal.",
        code_expired: "Der Code gilt nicht. Bitte fordern Sie einen neuen an.",
        too_many_attempts: "Zu viele Versuche. Bitte versuchen Sie es später noch einmal.",
        internal: "Etwas ist schiefgegangen. Bitte versuchen Sie es noch einmal.",
    },
};
