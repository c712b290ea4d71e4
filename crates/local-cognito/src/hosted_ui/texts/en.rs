//! English: in Cognito's own words where they are known (docs/local-cognito.md).

use super::{Problems, Rules, Texts};

pub(super) const TEXTS: Texts = Texts {
    lang: "en",
    language: "English",
    languages: "Language",
    stand_in: "This is Local Cognito, a local stand-in for Amazon Cognito. Your credentials stay on this machine.",
    console: "console",
    open_console: "Open the console",
    new_tab: "opens in a new tab",
    continue_to: "to continue to ",
    demo_users: "Demo users",

    email: "Email",
    name: "Name",
    optional: "optional",
    password: "Password",
    new_password: "New password",
    repeat_password: "Enter new password again",
    code: "Code",

    sign_in: "Sign in",
    forgot_password: "Forgot your password?",
    need_account: "Need an account?",
    password_changed: "Your password has been changed. You can sign in with it now.",

    sign_up: "Sign up",
    sign_up_title: "Sign up with a new account",
    have_account: "Already have an account?",

    confirm_title: "Confirm your account",
    confirm: "Confirm account",
    code_for: "Enter the code to confirm your account: it was made for ",
    code_resent: "A new code was made. The one before no longer works.",
    codes_are_shown: "Nothing is mailed here. Every code is shown in the ",
    resend: "Send another code",

    reset_intro: "Enter your email below and a code to reset your password will be made.",
    reset: "Reset my password",
    reset_title: "Reset your password",
    reset_code_for: "Enter the code and a new password. If the account exists, a code was made for ",
    change_password: "Change password",
    back_to_sign_in: "Back to sign in",

    new_password_title: "Change password",
    new_password_intro: "Your password was set by an administrator. Please enter a new one of your own below.",

    rules_title: "Your password must contain:",
    rules: Rules {
        length: "at least 8 characters",
        lowercase: "a lower case letter",
        uppercase: "an upper case letter",
        digit: "a number",
        symbol: "a special character or a space",
        too_long: "at most 256 characters",
    },
    problems: Problems {
        stale_form: "This page is out of date. Please try again.",
        wrong_password: "Incorrect username or password.",
        disabled: "User is disabled.",
        reset_impossible: "Your password has to be reset, but there is no verified email address to send a code to. Ask an administrator.",
        user_exists: "An account with the given email already exists.",
        bad_email: "Please enter an email address.",
        long_name: "Please enter a name of at most 2048 characters.",
        passwords_differ: "The passwords do not match.",
        wrong_code: "Invalid verification code provided, please try again.",
        code_expired: "Invalid code provided, please request a code again.",
        too_many_attempts: "Attempt limit exceeded, please try after some time.",
        internal: "Something went wrong. Please try again.",
    },
};
