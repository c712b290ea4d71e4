//! `SESSION_REAUTHENTICATION`. Part of `config`.

/// How a sign-in asks for the password after a limit or a verdict (`SESSION_REAUTHENTICATION`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reauthentication {
    /// By way of Cognito's `/logout`, which clears its cookie, and then with `prompt=login`. For managed login and for the
    /// classic hosted UI, which ignores `prompt`.
    #[default]
    Logout,
    /// With `prompt=login`: for managed login.
    Prompt,
    /// Not at all: who has a session at Cognito is signed in again without a password.
    Off,
}

impl Reauthentication {
    pub(in super::super) fn parse(text: Option<&str>) -> Result<Self, String> {
        match text {
            None | Some("logout") => Ok(Self::Logout),
            Some("prompt") => Ok(Self::Prompt),
            Some("off") => Ok(Self::Off),
            Some(_) => Err("SESSION_REAUTHENTICATION must be logout, prompt or off".to_owned()),
        }
    }
}
