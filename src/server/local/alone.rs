//! `leptos-cognito local-cognito`: Local Cognito without the app, for apps and tests in any language.

use super::{LocalOptions, config, explain, list_users};
use crate::{
    auth::server::ConfigProblems,
    local_cognito::LocalCognito,
    server::{
        StartError,
        config::Lookup,
        start::{end_of_process, say},
    },
};

/// The app that a pool without a settings file is made for.
const DEFAULT_APP_URL: &str = "http://localhost:3000";

/// Serves until the process is told to end.
pub(crate) async fn run_alone(lookup: Lookup, options: LocalOptions) -> Result<(), StartError> {
    let mut problems = ConfigProblems::default();
    let app_url = lookup("APP_URL").filter(|url| !url.trim().is_empty()).unwrap_or_else(|| DEFAULT_APP_URL.to_owned());
    let settings = config::read_alone(&lookup, options, &app_url, &mut problems);
    let (settings, _) = problems.finish(settings)?;
    let cognito = LocalCognito::start(settings).await.map_err(explain)?;
    say(&describe(&cognito));
    end_of_process().await;
    cognito.stop();
    Ok(())
}

fn describe(cognito: &LocalCognito) -> String {
    let base_url = cognito.base_url();
    let clients = cognito.clients().into_iter().map(|client| {
        let secret = client.secret.map(|secret| format!("\n    COGNITO_CLIENT_SECRET={secret}")).unwrap_or_default();
        format!(
            "\n\n  Client {}\n    COGNITO_ISSUER={}\n    COGNITO_CLIENT_ID={}{secret}",
            client.name, client.issuer, client.id
        )
    });
    format!(
        "\n  Local Cognito on {base_url}, console {base_url}/_console\n\n  For the AWS SDKs\n    \
         AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={base_url}{}\n\n  Users{}\n\n  Ctrl-C ends.\n",
        clients.collect::<String>(),
        list_users(cognito),
    )
}
