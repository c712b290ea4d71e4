//! The headers that tell a browser what not to do with an answer (B45). Put around everything by `router`; pages bring a
//! content policy of their own, with the nonce of their scripts.

use axum::Router;
use http::{
    HeaderName, HeaderValue,
    header::{
        CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};
use leptos::{
    config::{Env, LeptosOptions},
    nonce::use_nonce,
    prelude::use_context,
};
use leptos_axum::ResponseOptions;
use tower_http::set_header::SetResponseHeaderLayer;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Two years (RFC 6797 §6.1.1). Without subdomains, which may be somebody else's matter.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");
/// For whatever is no page: nothing in it may load or run anything.
const NO_PAGE_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");

/// Adds them to every answer of the router. An answer that has one already keeps its own.
pub(super) fn add(router: Router, is_https: bool) -> Router {
    let router = router
        .layer(header(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(header(X_FRAME_OPTIONS, HeaderValue::from_static("DENY")))
        .layer(header(REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(header(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(header(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin")))
        .layer(header(CONTENT_SECURITY_POLICY, NO_PAGE_POLICY));
    // RFC 6797 §7.2: never over http.
    if is_https { router.layer(header(STRICT_TRANSPORT_SECURITY, HSTS)) } else { router }
}

fn header(name: HeaderName, value: HeaderValue) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, value)
}

/// Sets the content policy of the page that is being rendered. Called by Leptos for every page, after it made the nonce.
pub(super) fn set_page_policy(options: &LeptosOptions) {
    let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    match HeaderValue::from_str(&page_policy(&nonce, options)) {
        Ok(policy) => response.insert_header(CONTENT_SECURITY_POLICY, policy),
        // The nonce is base64; without a policy of its own the page gets the one under which nothing runs.
        Err(error) => tracing::error!(%error, "a page's content policy cannot be written"),
    }
}

/// Scripts run by the nonce or from this origin, compiled WebAssembly among them; everything else comes from this origin.
/// There is no `form-action`: Chromium applies it to the redirects after a form as well, and sign-in and sign-out lead to
/// Cognito and on to whatever identity provider is behind it.
fn page_policy(nonce: &str, options: &LeptosOptions) -> String {
    // `cargo leptos watch` tells the page over a socket of its own when to reload.
    let reload = match options.env {
        Env::DEV => {
            format!(" ws://{}:{port} ws://localhost:{port}", options.site_addr.ip(), port = options.reload_port)
        }
        Env::PROD => String::new(),
    };
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'{reload}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b45_the_reload_socket_is_allowed_in_development_alone() {
        let policy = |env| page_policy("abc", &LeptosOptions::builder().output_name("x").env(env).build());
        assert!(policy(Env::DEV).contains("ws://localhost:3001;"));
        assert!(!policy(Env::PROD).contains("ws:"));
        for policy in [policy(Env::DEV), policy(Env::PROD)] {
            assert!(policy.contains("'nonce-abc'") && !policy.contains("unsafe-inline"), "{policy}");
            assert!(!policy.replace("'wasm-unsafe-eval'", "").contains("unsafe-eval"), "{policy}");
        }
    }
}
