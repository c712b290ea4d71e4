//! A form that a browser sends by itself, without JavaScript, after its session has ended: the guard refuses it, and what
//! was typed would be gone. This layer, outside the guard, answers with a page that has it in a form again.

use std::future::Future;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE};
use http::{
    HeaderMap, HeaderValue, Method, StatusCode, Uri,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, REFERER, SET_COOKIE, VARY},
};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use url::{Url, form_urlencoded};

use super::{
    super::{AuthError, AuthErrorCode, KeptForm},
    Auth,
    return_to::ReturnTo,
    state::Shared,
};

/// A longer form is not kept, in bytes.
const MAX_FORM_BYTES: usize = 16 * 1024;
/// More fields than anybody fills in.
const MAX_FIELDS: usize = 100;
/// In the query of a form that is sent again: the page it was first sent from.
const PAGE: &str = "kept_from";

impl Auth {
    /// Goes around what [`mount`](Self::mount) gives: a document's form that is refused because its session has ended is
    /// handed to `render`, which answers with a page. Where the form is sent from there, the answer leads back to the page it
    /// was first sent from.
    pub fn keep_typed<F>(
        &self,
        router: Router,
        render: impl Fn(KeptForm, Request) -> F + Clone + Send + Sync + 'static,
    ) -> Router
    where
        F: Future<Output = Response> + Send + 'static,
    {
        let auth = self.0.clone();
        router.layer(middleware::from_fn(move |request: Request, next: Next| {
            keep_typed(auth.clone(), request, next, render.clone())
        }))
    }
}

async fn keep_typed<F: Future<Output = Response>>(
    auth: Shared,
    mut request: Request,
    next: Next,
    render: impl Fn(KeptForm, Request) -> F,
) -> Response {
    if !is_documents_form(&request) {
        return next.run(request).await;
    }
    let page = first_page(&auth, &mut request);
    let is_short = content_length(request.headers()).is_some_and(|length| length <= MAX_FORM_BYTES);
    let form = if is_short {
        let (parts, body) = request.into_parts();
        // The length was promised; a body that breaks the promise is cut off by the HTTP server.
        let Ok(form) = to_bytes(body, MAX_FORM_BYTES).await else { return empty(StatusCode::BAD_REQUEST) };
        request = Request::from_parts(parts, Body::from(form.clone()));
        Some(form)
    } else {
        None
    };
    let document = document_request(&request);
    let uri = request.uri().clone();
    let refused = next.run(request).await;
    if refused.status() != StatusCode::UNAUTHORIZED && !is_signed_out_of_a_function(refused.headers()) {
        return refused;
    }
    let kept =
        KeptForm { action: resend_to(&uri, &page), fields: form.as_ref().and_then(fields), page: page.to_string() };
    let mut response = render(kept, document).await;
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    for name in [SET_COOKIE, CACHE_CONTROL, VARY] {
        for value in refused.headers().get_all(&name) {
            response.headers_mut().append(name.clone(), value.clone());
        }
    }
    response
}

/// Whether a browser sent it by itself: a script's call asks for JSON.
fn is_documents_form(request: &Request) -> bool {
    let starts_with = |name, text: &str| {
        request.headers().get(name).is_some_and(|value| value.as_bytes().starts_with(text.as_bytes()))
    };
    request.method() == Method::POST
        && starts_with(ACCEPT, "text/html")
        && starts_with(CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// Whether the server function itself met an ended session, or somebody else's: Leptos sends the form's sender back with the
/// typed error in the address.
fn is_signed_out_of_a_function(headers: &HeaderMap) -> bool {
    let told = || {
        let (_, query) = headers.get(LOCATION)?.to_str().ok()?.split_once('?')?;
        let (_, told) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "__err")?;
        let told = URL_SAFE.decode(told.as_bytes()).ok()?;
        serde_json::from_slice::<AuthError>(&told).ok()
    };
    headers.contains_key(SERVER_FN_ERROR_HEADER) && told().is_some_and(|error| error.code == AuthErrorCode::SignedOut)
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The page that the form was first sent from. Where it is sent again from the page that kept it, the way back leads there:
/// Leptos sends a form's submitter back to the referrer.
fn first_page(auth: &Shared, request: &mut Request) -> ReturnTo {
    let query = request.uri().query().unwrap_or_default();
    let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == PAGE).map(|(_, page)| page);
    if let Some(named) = named {
        let page = ReturnTo::parse(Some(&named));
        if let Ok(referer) = HeaderValue::from_str(&auth.config.app_url.join(page.as_str())) {
            request.headers_mut().insert(REFERER, referer);
        }
        return page;
    }
    let referer = request.headers().get(REFERER).and_then(|referer| Url::parse(referer.to_str().ok()?).ok());
    let own = referer.filter(|referer| referer.origin().ascii_serialization() == auth.config.app_url.origin());
    ReturnTo::parse(own.as_ref().map(|referer| &referer[url::Position::BeforePath..url::Position::AfterQuery]))
}

/// What the page is rendered for: the same address, as a document that nobody sent anything to.
pub(super) fn document_request(request: &Request) -> Request {
    let mut document = Request::new(Body::empty());
    *document.uri_mut() = request.uri().clone();
    *document.headers_mut() = request.headers().clone();
    document
}

fn resend_to(uri: &Uri, page: &ReturnTo) -> String {
    let query = uri.query().unwrap_or_default();
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != PAGE);
    let query =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(others).append_pair(PAGE, page.as_str()).finish();
    format!("{}?{query}", uri.path())
}

/// None where there are too many.
fn fields(form: &Bytes) -> Option<Vec<(String, String)>> {
    let fields = form_urlencoded::parse(form).take(MAX_FIELDS + 1);
    let fields: Vec<_> = fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    (fields.len() <= MAX_FIELDS).then_some(fields)
}

fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_functions_own_refusal_is_read_from_where_leptos_leads() {
        let is_signed_out = |error: AuthErrorCode, is_of_a_function: bool| {
            let told = URL_SAFE.encode(serde_json::to_vec(&AuthError::from(error)).unwrap());
            let location = format!("https://app.example.com/notes?a=b&__path=x&__err={told}");
            let mut headers = HeaderMap::new();
            headers.insert(LOCATION, HeaderValue::from_str(&location).unwrap());
            if is_of_a_function {
                headers.insert(SERVER_FN_ERROR_HEADER, HeaderValue::from_static("/api/notes/save"));
            }
            is_signed_out_of_a_function(&headers)
        };
        assert!(is_signed_out(AuthErrorCode::SignedOut, true));
        assert!(!is_signed_out(AuthErrorCode::InvalidRequest, true), "signing in again would not help");
        assert!(!is_signed_out(AuthErrorCode::SignedOut, false), "an address alone says nothing");
    }
}
