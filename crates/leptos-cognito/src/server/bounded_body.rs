//! Reads an answer no further than it may be long. Called by `issuer`, `upstream` and `cognito::oauth`.

use super::masking::mask;

/// Why a request brought nothing, in words for the log, without its URL.
pub(super) fn reason(error: reqwest::Error) -> String {
    mask(&error.without_url().to_string())
}

/// The whole body, of at most `limit` bytes.
///
/// # Errors
/// In words for the log, without the answer's URL: it broke off, or is larger.
pub(super) async fn read_bounded(mut answer: reqwest::Response, limit: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(reason)? {
        if body.len() + chunk.len() > limit {
            return Err("the answer is too large".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
