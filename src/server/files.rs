//! The site's files, which are looked for only where no route matches. Called by `router`.

use std::io;

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tower_http::services::ServeDir;

/// Serves the files in a folder; `otherwise` answers where there is none.
pub(super) fn files(folder: &str, otherwise: Router) -> Router {
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .call_fallback_on_method_not_allowed(true)
        .fallback(otherwise);
    Router::new().fallback(move |request: Request| serve(files.clone(), request))
}

/// `ServeDir` itself answers 500 to a path that the system can't take for a file's: too long, or with a NUL byte.
async fn serve(mut files: ServeDir<Router>, request: Request) -> Response {
    match files.try_call(request).await {
        Ok(file) => file.into_response(),
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput) => {
            StatusCode::NOT_FOUND.into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a file of the site cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
