//! What has to hold for any bytes that a stranger sends: one property a function, which panics where it does not hold.
//! Called by the fuzz targets (folder `fuzz`) and by the tests below, over the targets' seeds and over random input. No
//! part of the program.
#![allow(clippy::unwrap_used, reason = "what fails here has failed the property")]

mod browsers;
#[cfg(test)]
mod tests;

pub use browsers::{begun_sign_in, signed_in};

use std::sync::LazyLock;

use http::{HeaderMap, HeaderValue, header::COOKIE};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use url::Url;

use super::{
    super::{AUTH_PREFIX, SIGN_IN_FAILED},
    Purpose, Sealer, Secret, SessionSecrets, UnixTime,
    cookies::{CookieKind, MAX_COOKIE_BYTES, PresentedCookies},
    deflate::{PLAINTEXT_LIMIT, deflate, inflate},
    error::Cause,
    flow_cookie::{FlowCookie, PageAskedFor, PendingSignIn},
    origin::AppUrl,
    return_to::ReturnTo,
    sealed_session::SealedSession,
    session_cookie::{MAX_CHUNKS, SessionCookie},
};

/// The secret of everything here.
pub const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";
const NOW: u64 = 10_000;
/// How often a text is decoded on its way, at most, by proxies that do what they should not.
const DECODINGS: usize = 3;

struct Rig {
    is_https: bool,
    session: SessionCookie,
    flow: FlowCookie,
}

static RIGS: LazyLock<[Rig; 2]> = LazyLock::new(|| {
    [false, true].map(|is_https| {
        let app_url = if is_https { "https://app.example.com" } else { "http://localhost:3000" };
        let kind = CookieKind::of(&AppUrl::parse(app_url).unwrap());
        let (session, flow) = (
            SessionCookie::new(kind.clone(), sealer(Purpose::Session)),
            FlowCookie::new(kind, sealer(Purpose::SignIn)),
        );
        Rig { is_https, session, flow }
    })
});

fn sealer(purpose: Purpose) -> Sealer {
    Sealer::new(purpose, &SessionSecrets::parse(SECRET).unwrap()).unwrap()
}

fn pending(state: &str, started_at: UnixTime) -> PendingSignIn {
    PendingSignIn {
        state: Secret::new(state),
        nonce: Secret::new("nonce"),
        code_verifier: Secret::new("verifier"),
        page: PageAskedFor { return_to: ReturnTo::parse(Some("/account?tab=1")), started_at },
    }
}

/// B7: what is kept of a return path is one on this site, for browsers, for proxies that decode once too often, and for
/// whoever puts it behind the origin; and is kept again as it is.
pub fn return_paths(data: &[u8]) {
    let kept = ReturnTo::parse(Some(&String::from_utf8_lossy(data)));
    let path = kept.as_str();
    assert!(path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'), "{path:?}");
    for base in ["https://app.example.com", "http://localhost:3000/deep/page?query#part"] {
        let base = Url::parse(base).unwrap();
        assert_is_on(&base, &base.join(path).unwrap());
        assert_is_on(&base, &Url::parse(&format!("{}{path}", base.origin().ascii_serialization())).unwrap());
        let mut decoded = path.split('?').next().unwrap_or_default().to_owned();
        for _ in 0..DECODINGS {
            assert!(decoded.starts_with('/') && !decoded.starts_with("//") && !decoded.contains('\\'), "{decoded:?}");
            assert!(!decoded.chars().any(char::is_control), "{decoded:?}");
            for route in [AUTH_PREFIX, SIGN_IN_FAILED] {
                let below = decoded.to_ascii_lowercase().strip_prefix(route).map(str::to_owned);
                assert!(below.is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/')), "{decoded:?}");
            }
            assert_is_on(&base, &base.join(&decoded).unwrap());
            decoded = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
        }
    }
    assert_eq!(ReturnTo::parse(Some(path)), kept);
    assert_eq!(serde_json::from_value::<ReturnTo>(json!(kept)).unwrap(), kept);
}

fn assert_is_on(base: &Url, url: &Url) {
    assert_eq!(url.origin(), base.origin(), "{url}");
    assert_eq!((url.username(), url.password()), ("", None), "{url}");
}

/// B22: no `Cookie` header holds a session or a sign-in that was not sealed here, and no sign-in of it is touched. What a
/// sign-out clears are session cookies that came, with our attributes and no others. A line of the data is a header.
pub fn cookies(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(COOKIE, value);
        }
    }
    let presented = PresentedCookies::read(&headers);
    for rig in RIGS.iter() {
        assert!(rig.session.open(&presented).is_none());
        let states = presented.iter().flat_map(|(name, value)| [name, value]).chain(["", "state"]);
        for state in states {
            assert!(rig.flow.open(state, &presented, UnixTime::from_secs(NOW)).is_err());
        }
        rig.session.clear(&presented).iter().for_each(|value| assert_clears(value, &presented, rig.is_https));
        let now = UnixTime::from_secs(NOW);
        let begun = rig.flow.store(&pending("state", now), &presented).unwrap();
        assert!(begun.len() == 1 && begun[0].len() <= MAX_COOKIE_BYTES && sent_back(&begun).iter().count() == 1);
        assert!(rig.flow.clear_all(&presented).is_empty());
        assert!(rig.flow.close_one("state", &presented, true, now).is_empty());
        assert!(rig.flow.page_asked_for("state", &presented, now).is_home());
    }
}

fn assert_clears(value: &str, presented: &PresentedCookies, is_https: bool) {
    assert!(HeaderValue::from_str(value).is_ok(), "{value:?}");
    let mut parts = value.split("; ");
    let name = parts.next().and_then(|pair| pair.strip_suffix('=')).unwrap();
    let session = if is_https { "__Host-session" } else { "session-3000" };
    assert!(name.strip_prefix(session).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')), "{value:?}");
    assert!(presented.has(name), "{value:?}");
    let mut attributes: Vec<_> = parts.collect();
    attributes.sort_unstable();
    let secure = is_https.then_some("Secure");
    let ours: Vec<_> = ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Lax"].into_iter().chain(secure).collect();
    assert_eq!(attributes, ours, "{value:?}");
}

/// B22: no text opens; nor does a sealed value in which anything was changed. The first three bytes say where the rest
/// stands in the sealed value, and how much of it is replaced.
pub fn seals(data: &[u8]) {
    static SEALED: LazyLock<[(Sealer, String); 2]> = LazyLock::new(|| {
        [Purpose::Session, Purpose::SignIn].map(|purpose| {
            let sealer = sealer(purpose);
            let sealed = sealer.seal(&json!({"sub": "somebody", "n": 1})).unwrap();
            (sealer, sealed)
        })
    });
    let whole = String::from_utf8_lossy(data);
    for (sealer, sealed) in SEALED.iter() {
        assert_eq!(sealer.open::<Value>(&whole), None);
        assert!(sealer.open::<Value>(sealed).is_some());
        let [high, low, cut, rest @ ..] = data else { continue };
        let at = usize::from(u16::from_be_bytes([*high, *low])) % (sealed.len() + 1);
        let after = sealed.len().min(at + usize::from(*cut));
        let changed = format!("{}{}{}", &sealed[..at], String::from_utf8_lossy(rest), &sealed[after..]);
        let others = SEALED.iter().filter(|(_, other)| *other == changed).count();
        assert!(others == 1 || sealer.open::<Value>(&changed).is_none(), "{changed}");
    }
}

/// Whatever is sealed opens as the same, or is refused as too large; and whatever is inflated stays within its limit.
pub fn round_trips(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let value = json!({"text": text, "list": [text.len(), text], "nested": {"more": text.repeat(20)}});
    for purpose in [Purpose::Session, Purpose::SignIn] {
        match sealer(purpose).seal(&value) {
            Ok(sealed) => assert_eq!(sealer(purpose).open::<Value>(&sealed).as_ref(), Some(&value)),
            Err(cause) => assert!(matches!(cause, Cause::SessionTooLarge(bytes) if bytes > PLAINTEXT_LIMIT)),
        }
    }
    for plain in [data.to_vec(), data.repeat(30)] {
        let packed = deflate(&plain).unwrap();
        assert_eq!(inflate(&packed), (plain.len() <= PLAINTEXT_LIMIT).then_some(plain));
    }
    if let Some(plain) = inflate(data) {
        assert!(plain.len() <= PLAINTEXT_LIMIT, "{} bytes", plain.len());
    }
}

/// B22, B24: a session of any content comes back from its chunks, each at most 4096 bytes, or is refused as too large;
/// and with a chunk missing, changed or in another's place there is none. The first two bytes say how much is added that
/// cannot be compressed, the third how much that can.
pub fn chunks(data: &[u8]) {
    let [high, low, easy, texts @ ..] = data else { return };
    let session = session_of(texts, usize::from(u16::from_be_bytes([*high, *low])) % 16_384, usize::from(*easy) * 512);
    for rig in RIGS.iter() {
        let none = PresentedCookies::default();
        let values = match rig.session.store(&session, &none, UnixTime::from_secs(NOW)) {
            Ok(values) => values,
            Err(Cause::SessionTooLarge(bytes)) => {
                assert!(bytes > MAX_CHUNKS * (MAX_COOKIE_BYTES - 200), "{bytes}");
                continue;
            }
            Err(other) => panic!("{other}"),
        };
        assert!(values.len() <= MAX_CHUNKS && values.iter().all(|value| value.len() <= MAX_COOKIE_BYTES));
        let (opened, whole) = (rig.session.open(&sent_back(&values)).unwrap(), session.clone());
        let mut lesser = whole.to_stored();
        let mut expected = vec![json!(whole)];
        while lesser.leave_out() {
            expected.push(json!(lesser));
        }
        assert!(expected.contains(&json!(opened)), "{}", json!(opened));
        for index in 0..values.len() {
            let (mut missing, mut changed, mut twice) = (values.clone(), values.clone(), values.clone());
            missing.remove(index);
            assert!(rig.session.open(&sent_back(&missing)).is_none(), "{index} is missing");
            changed[index] = changed[index].replacen(';', "A;", 1);
            assert!(rig.session.open(&sent_back(&changed)).is_none(), "{index} is longer");
            let next = (index + 1) % values.len();
            let name = twice[next].split('=').next().unwrap().to_owned();
            twice[next] = format!("{name}={}", values[index].split_once('=').unwrap().1);
            assert!(next == index || rig.session.open(&sent_back(&twice)).is_none(), "{index} stands for the next");
        }
    }
}

fn session_of(data: &[u8], hard: usize, easy: usize) -> SealedSession {
    let mut texts = data.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned());
    let mut text = || texts.next().unwrap_or_default();
    let mut state = data
        .iter()
        .fold(0x9e37_79b9_7f4a_7c15_u64, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3));
    let noise = (0..hard).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[(state >> 58) as usize])
    });
    let access_token = noise.collect::<String>() + &"a".repeat(easy);
    let claims = json!({
        "ver": 1, "iss": text(), "sub": text(), "username": text(), "name": text(), "email": text(), "sid": text(),
        "iat": NOW, "exp": NOW + 100, "gen": 3, "upd": NOW, "seen": NOW, "at": access_token, "ate": NOW + 50,
        "rt": text(), "groups": [text(), text()],
    });
    serde_json::from_value(claims).unwrap()
}

/// What a browser would send back after these `Set-Cookie` values.
fn sent_back(values: &[String]) -> PresentedCookies {
    let pairs: Vec<_> = values.iter().map(|value| value.split(';').next().unwrap_or_default()).collect();
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_str(&pairs.join("; ")).unwrap());
    PresentedCookies::read(&headers)
}
