//! What a session is checked for, and a session for the tests of other files.

use super::{view::View, *};

pub(in super::super) const OWNER: Owner<'static> =
    Owner { issuer: "https://issuer.example/eu-central-1_AbC", client_id: "client" };

fn limits(idle: u64, absolute: u64) -> Limits {
    Limits { idle: Duration::from_secs(idle), absolute: Duration::from_secs(absolute) }
}

/// A session of a token that was got at 10 000 s and lives for `access_secs`.
pub(in super::super) fn session(access_secs: u64) -> SealedSession {
    let now = UnixTime::from_secs(10_000);
    SealedSession {
        version: VERSION,
        issuer: OWNER.issuer.to_owned(),
        client_id: Some(OWNER.client_id.to_owned()),
        sub: "sub".to_owned(),
        username: "username".to_owned(),
        name: Some("Demo".to_owned()),
        email: Some("demo@example.com".to_owned()),
        groups: vec!["admin".to_owned()],
        has_groups_in_token: false,
        session_id: "sid".to_owned(),
        signed_in_at: now,
        ends_at: now.plus(Duration::from_secs(100_000)),
        generation: 0,
        written_at: now,
        claims_at: None,
        seen_at: now,
        access_token: Secret::new("access-token-text"),
        access_expires_at: now.plus(Duration::from_secs(access_secs)),
        refresh_token: Secret::new("refresh-token-text"),
    }
}

#[test]
fn b26_b27_limits_end_a_session() {
    let session = session(3600);
    for (at, outcome) in
        [(10_000, Ok(())), (59_999, Ok(())), (60_000, Err(Invalid::IdleLimit)), (110_000, Err(Invalid::AbsoluteLimit))]
    {
        let limits = limits(50_000, 200_000);
        assert_eq!(session.check_limits(limits, UnixTime::from_secs(at)), outcome, "at {at}");
    }
}

#[test]
fn b27_a_limit_that_is_lowered_ends_sessions_that_have_begun_and_one_that_is_raised_prolongs_none() {
    let session = session(3600);
    for (absolute, end) in [(5_000, 15_000), (100_000, 110_000), (900_000, 110_000)] {
        assert_eq!(session.end(limits(900_000, absolute)), UnixTime::from_secs(end), "{absolute}");
    }
}

#[test]
fn b49_a_session_is_its_issuers_and_its_clients() {
    let session = session(3600);
    assert_eq!(session.check_owner(OWNER), Ok(()));
    assert_eq!(session.check_owner(Owner { issuer: "https://other", ..OWNER }), Err(Invalid::OtherIssuer));
    assert_eq!(session.check_owner(Owner { client_id: "other", ..OWNER }), Err(Invalid::OtherClient));
    // {"client_id":"client"}, and a token that tells nothing.
    for (access_token, outcome) in
        [("e30.eyJjbGllbnRfaWQiOiJjbGllbnQifQ.c2ln", Ok(())), ("opaque", Err(Invalid::OtherClient))]
    {
        let old = SealedSession { client_id: None, access_token: Secret::new(access_token), ..session.clone() };
        assert_eq!(old.check_owner(OWNER), outcome, "{access_token}");
    }
}

#[test]
fn b48_claims_are_as_old_as_their_last_confirmation() {
    let (session, allowance) = (session(3600), Duration::from_secs(900));
    let tokens = |now: UnixTime| TokenSet {
        access_token: Secret::new("new"),
        access_expires_at: now.plus(Duration::from_secs(3600)),
        id_token: None,
        refresh_token: None,
    };
    let is_current = |session: &SealedSession, at| session.has_current_claims(allowance, UnixTime::from_secs(at));
    assert!(is_current(&session, 14_499) && !is_current(&session, 14_500));
    assert!(is_current(&session, 9_900) && !is_current(&session, 9_000), "a clock that was set back");
    let mut unconfirmed = session;
    for at in [13_000, 16_000] {
        let now = UnixTime::from_secs(at);
        unconfirmed = unconfirmed.renewed(tokens(now), None, now);
        assert!(is_current(&unconfirmed, 14_499) && !is_current(&unconfirmed, 14_500), "renewed at {at}");
    }
}

#[test]
fn b27_b33_a_refresh_keeps_the_refresh_token_unless_a_new_one_comes_and_never_moves_the_limit() {
    let (old, later) = (session(3600), UnixTime::from_secs(13_000));
    let tokens = |refresh_token: Option<&str>| TokenSet {
        access_token: Secret::new("new"),
        access_expires_at: later.plus(Duration::from_secs(3600)),
        id_token: None,
        refresh_token: refresh_token.map(Secret::new),
    };
    let kept = old.renewed(tokens(None), None, later);
    assert_eq!((kept.refresh_token.expose(), kept.generation), ("refresh-token-text", 1));
    assert_eq!((kept.ends_at, kept.session_id.as_str()), (old.ends_at, "sid"));
    assert_eq!(kept.renewed(tokens(Some("rotated")), None, later).refresh_token.expose(), "rotated");
}

#[test]
fn b28_neither_debug_nor_the_browsers_view_shows_a_token() {
    let session = session(3600);
    let view =
        View { limits: limits(1, 1), retry_after: None, has_current_claims: true, can_sign_out_everywhere: true };
    let view = serde_json::to_string(&session.to_session(&view, session.signed_in_at)).unwrap();
    for text in [format!("{session:?}"), view] {
        assert!(!text.contains("token-text"), "{text}");
    }
    assert!(!format!("{session:?}").contains("demo@"), "nor the log an e-mail address");
}
