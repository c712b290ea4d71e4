//! Which encoding of a session goes into the cookie, and what opening it costs. `make bench` runs it; the table it
//! prints stands in docs/architecture.md. The tokens are like Cognito's, of whose a sample had 1002 bytes (access) and
//! 1785 bytes (refresh).
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::hint::black_box;

use aws_lc_rs::rand;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use criterion::Criterion;
use leptos_cognito::server::{Purpose, Sealer, SessionSecrets};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

const REFRESH_HEADER: &str = r#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#;

/// The claims of `SealedSession`, with the tokens in the form that is given.
macro_rules! claims {
    ($(#[$doc:meta])* $name:ident, $access:ty, $refresh:ty) => {
        $(#[$doc])*
        #[derive(Clone, Serialize, Deserialize)]
        struct $name {
            ver: u8,
            iss: String,
            sub: String,
            username: String,
            name: Option<String>,
            email: Option<String>,
            groups: Vec<String>,
            sid: String,
            iat: u64,
            exp: u64,
            #[serde(rename = "gen")]
            generation: u32,
            upd: u64,
            at: $access,
            ate: u64,
            rt: $refresh,
        }
    };
}

claims!(
    /// Tokens as they came.
    Verbatim, String, String
);
claims!(
    /// Tokens taken apart: what is base64url of a text is stored as the text.
    Packed, (String, String, String), (String, String)
);

fn random(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    rand::fill(&mut random).unwrap();
    BASE64URL.encode(random)
}

fn uuid() -> String {
    let hex: String = random(24).bytes().map(|byte| char::from_digit(u32::from(byte) % 16, 16).unwrap()).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..32])
}

fn session() -> Verbatim {
    let sub = uuid();
    let mut session = Verbatim {
        ver: 1,
        iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI".to_owned(),
        username: sub.clone(),
        sub,
        name: Some("Ada Lovelace".to_owned()),
        email: Some("ada.lovelace@example.com".to_owned()),
        groups: vec!["admin".to_owned()],
        sid: random(16),
        iat: 1_795_000_000,
        exp: 1_797_592_000,
        generation: 7,
        upd: 1_795_025_200,
        at: String::new(),
        ate: 1_795_028_800,
        rt: refresh_token(),
    };
    session.at = access_token(&session);
    session
}

/// An access token with the claims that Cognito documents.
fn access_token(claims: &Verbatim) -> String {
    let header = json!({"kid": random(33), "alg": "RS256"}).to_string();
    let payload = json!({
        "sub": claims.sub, "cognito:groups": claims.groups, "iss": claims.iss, "version": 2, "client_id": &random(20)[..26],
        "origin_jti": uuid(), "event_id": uuid(), "token_use": "access",
        "scope": "aws.cognito.signin.user.admin openid profile email", "auth_time": claims.iat, "exp": claims.ate,
        "iat": claims.upd, "jti": uuid(), "username": claims.username,
    });
    format!("{}.{}.{}", BASE64URL.encode(header), BASE64URL.encode(payload.to_string()), random(256))
}

fn refresh_token() -> String {
    let header = BASE64URL.encode(REFRESH_HEADER);
    format!("{header}.{}.{}.{}.{}", random(256), random(12), random(997), random(16))
}

fn pack(session: &Verbatim) -> Packed {
    let text = |part: &str| String::from_utf8(BASE64URL.decode(part).unwrap()).unwrap();
    let mut access = session.at.split('.');
    let mut next = || access.next().unwrap();
    let at = (text(next()), text(next()), next().to_owned());
    let (header, rest) = session.rt.split_once('.').unwrap();
    let Verbatim { ver, iss, sub, username, name, email, groups, sid, iat, exp, generation, upd, ate, .. } =
        session.clone();
    let rt = (text(header), rest.to_owned());
    Packed { ver, iss, sub, username, name, email, groups, sid, iat, exp, generation, upd, at, ate, rt }
}

/// What opening a packed session has to do besides.
fn unpack(packed: Packed) -> (Packed, String, String) {
    let (header, payload, signature) = &packed.at;
    let at = format!("{}.{}.{signature}", BASE64URL.encode(header), BASE64URL.encode(payload));
    let rt = format!("{}.{}", BASE64URL.encode(&packed.rt.0), packed.rt.1);
    (packed, at, rt)
}

fn measure<T: DeserializeOwned, R>(
    criterion: &mut Criterion,
    name: &str,
    (sealer, sealed): (&Sealer, String),
    finish: impl Fn(T) -> R,
) {
    println!("{name}: {} bytes sealed", sealed.len());
    criterion.bench_function(&format!("open/{name}"), |bencher| {
        bencher.iter(|| finish(sealer.open::<T>(black_box(&sealed)).unwrap()));
    });
}

fn main() {
    let secrets = SessionSecrets::parse(&random(32)).unwrap();
    let zipping = Sealer::new(Purpose::Session, &secrets).unwrap();
    let plain = Sealer::new(Purpose::SignIn, &secrets).unwrap();
    let verbatim = session();
    println!("access token {} bytes, refresh token {} bytes", verbatim.at.len(), verbatim.rt.len());
    let packed = pack(&verbatim);
    let mut criterion = Criterion::default().configure_from_args();
    let of = |sealer: &Sealer, value: &Verbatim| sealer.seal(value).unwrap();
    measure(&mut criterion, "plain JSON", (&plain, of(&plain, &verbatim)), |v: Verbatim| v);
    measure(&mut criterion, "zip", (&zipping, of(&zipping, &verbatim)), |v: Verbatim| v);
    measure(&mut criterion, "packed", (&plain, plain.seal(&packed).unwrap()), unpack);
    measure(&mut criterion, "packed and zip", (&zipping, zipping.seal(&packed).unwrap()), unpack);
    criterion.bench_function("seal/zip", |bencher| bencher.iter(|| of(&zipping, black_box(&verbatim))));
    criterion
        .bench_function("seal/packed and zip", |bencher| bencher.iter(|| zipping.seal(black_box(&packed)).unwrap()));
    criterion.final_summary();
}
