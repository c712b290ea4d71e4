//! UpdateUserPoolClient. What a request leaves out goes back to its default (API reference): a famous trap.

use serde::Deserialize;

use super::super::super::client::Client;
use super::super::super::constraints::SCOPES;
use super::super::super::rotation::MAX_GRACE_SECS;
use super::super::super::service::Service;
use super::super::super::settings::ClientSettings;
use super::constraints::{
    CLIENT_ID, CLIENT_NAME, Checks, MAX_SCOPES, MAX_URLS, POOL_ID, REDIRECT_URL, SCOPE, UrlProblem, check_url,
};
use super::describe_client::{describe, find_client};
use super::token_validity::{LONG, SHORT, Units};
use super::{ApiError, ApiResult};

const FLOWS: [&str; 9] = [
    "ADMIN_NO_SRP_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY",
    "USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    ALLOW_REFRESH,
    "ALLOW_USER_AUTH",
];
const ALLOW_REFRESH: &str = "ALLOW_REFRESH_TOKEN_AUTH";

/// Members that nothing here answers to are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateClientRequest {
    user_pool_id: Option<String>,
    client_id: Option<String>,
    client_name: Option<String>,
    access_token_validity: Option<i64>,
    id_token_validity: Option<i64>,
    refresh_token_validity: Option<i64>,
    token_validity_units: Option<Units>,
    refresh_token_rotation: Option<Rotation>,
    explicit_auth_flows: Option<Vec<String>>,
    #[serde(rename = "CallbackURLs")]
    callback_urls: Option<Vec<String>>,
    #[serde(rename = "LogoutURLs")]
    logout_urls: Option<Vec<String>>,
    #[serde(rename = "AllowedOAuthFlows")]
    allowed_oauth_flows: Option<Vec<String>>,
    #[serde(rename = "AllowedOAuthScopes")]
    allowed_oauth_scopes: Option<Vec<String>>,
    #[serde(rename = "AllowedOAuthFlowsUserPoolClient")]
    hosted_ui: Option<bool>,
    enable_token_revocation: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rotation {
    feature: Option<String>,
    retry_grace_period_seconds: Option<i64>,
}

/// Answers with the client as it is then.
pub(super) fn update_client(service: &Service, mut request: UpdateClientRequest) -> ApiResult {
    let mut checks = Checks::default();
    let pool_id = checks.require(&POOL_ID, request.user_pool_id.take());
    let client_id = checks.require(&CLIENT_ID, request.client_id.take());
    check_members(&mut checks, &request);
    checks.finish()?;
    let (pool, client) = find_client(service, &pool_id, &client_id)?;
    let settings = read_settings(&client, request)?;
    pool.change_clients(|client, kept| {
        let this = client.id == client_id;
        if this {
            kept.clone_from(&settings);
        }
        this
    });
    let (_, client) = find_client(service, &pool_id, &client_id)?;
    Ok(Some(describe(&pool, &client)))
}

fn check_members(checks: &mut Checks, request: &UpdateClientRequest) {
    checks.check(&CLIENT_NAME, request.client_name.as_deref());
    checks.check_list("callbackURLs", &REDIRECT_URL, request.callback_urls.as_deref(), MAX_URLS);
    checks.check_list("logoutURLs", &REDIRECT_URL, request.logout_urls.as_deref(), MAX_URLS);
    checks.check_list("allowedOAuthScopes", &SCOPE, request.allowed_oauth_scopes.as_deref(), MAX_SCOPES);
    let flows = request.explicit_auth_flows.iter().flatten();
    flows.for_each(|flow| checks.check_enum("explicitAuthFlows", Some(flow), &FLOWS));
    let flows = request.allowed_oauth_flows.iter().flatten();
    flows.for_each(|flow| {
        checks.check_enum("allowedOAuthFlows", Some(flow), &["code", "implicit", "client_credentials"])
    });
    if let Some(rotation) = &request.refresh_token_rotation {
        checks.check_present("refreshTokenRotation.feature", rotation.feature.is_some());
        checks.check_enum("refreshTokenRotation.feature", rotation.feature.as_deref(), &["ENABLED", "DISABLED"]);
        let grace = rotation.retry_grace_period_seconds;
        let most = i64::try_from(MAX_GRACE_SECS).unwrap_or(i64::MAX);
        checks.check_range("refreshTokenRotation.retryGracePeriodSeconds", grace, 0, most);
    }
}

fn read_settings(client: &Client, request: UpdateClientRequest) -> Result<ClientSettings, ApiError> {
    let units = request.token_validity_units.unwrap_or_default();
    let rotation = request.refresh_token_rotation.filter(|rotation| rotation.feature.as_deref() == Some("ENABLED"));
    let flows = request.explicit_auth_flows.filter(|flows| !flows.is_empty());
    let allows = |names: [&str; 2]| flows.iter().flatten().any(|flow| names.contains(&flow.as_str()));
    if rotation.is_some() && allows([ALLOW_REFRESH; 2]) {
        let message =
            "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled.";
        return Err(ApiError::invalid_parameter(message));
    }
    let callback_urls = request.callback_urls.unwrap_or_default();
    let logout_urls = request.logout_urls.unwrap_or_default();
    callback_urls.iter().chain(&logout_urls).try_for_each(|url| refuse_url(url))?;
    let hosted_ui = request.hosted_ui.unwrap_or_default();
    let scopes = request.allowed_oauth_scopes.unwrap_or_default();
    let oauth_flows = request.allowed_oauth_flows.unwrap_or_default();
    let code_grant = oauth_flows.iter().any(|flow| flow == "code");
    check_oauth(hosted_ui, oauth_flows, &scopes, &callback_urls)?;
    Ok(ClientSettings {
        name: request.client_name.unwrap_or_else(|| client.settings.name.clone()),
        id: client.settings.id.clone(),
        secret: client.settings.secret.clone(),
        callback_urls,
        logout_urls,
        // No other grant is here, so without it the hosted UI is of no use to the client.
        scopes: if hosted_ui && code_grant { scopes } else { Vec::new() },
        user_password_auth: allows(["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"]),
        refresh_token_auth: flows.is_none() || allows([ALLOW_REFRESH; 2]),
        token_revocation: request.enable_token_revocation.unwrap_or(true),
        access_token_secs: SHORT.read(request.access_token_validity, units.access_token)?,
        id_token_secs: SHORT.read(request.id_token_validity, units.id_token)?,
        refresh_token_secs: LONG.read(request.refresh_token_validity, units.refresh_token)?,
        rotation_grace_secs: rotation
            .map(|rotation| u64::try_from(rotation.retry_grace_period_seconds.unwrap_or_default()).unwrap_or_default()),
    })
}

/// The hosted UI is open only to a client that says so, and says what for.
fn check_oauth(hosted_ui: bool, flows: Vec<String>, scopes: &[String], urls: &[String]) -> Result<(), ApiError> {
    if let Some(unknown) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
        return Err(ApiError::new("ScopeDoesNotExistException", format!("Invalid scope requested: {unknown}")));
    }
    if hosted_ui && (flows.is_empty() || scopes.is_empty()) {
        let message =
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.";
        return Err(ApiError::invalid_parameter(message));
    }
    if hosted_ui && urls.is_empty() && flows.iter().any(|flow| flow == "code") {
        let message = "CallbackUrls can not be empty when code flow is selected";
        return Err(ApiError::new("InvalidOAuthFlowException", message));
    }
    Ok(())
}

fn refuse_url(text: &str) -> Result<(), ApiError> {
    check_url(text).map_err(|problem| {
        let what = match problem {
            UrlProblem::NotAbsolute => "is not a valid URL.",
            UrlProblem::Fragment => "cannot contain a fragment.",
            UrlProblem::Http => "cannot use the HTTP protocol.",
        };
        ApiError::invalid_parameter(format!("{text} {what}"))
    })
}
