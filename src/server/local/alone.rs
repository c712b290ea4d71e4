//! `leptos-cognito local-cognito`: Local Cognito without the app, for apps and tests in any language.

use super::{LocalOptions, config, explain, list_users};
use crate::{
    auth::server::SettingReader,
    local_cognito::{ClientIdentity, LocalCognito},
    server::{
        StartError,
        config::Environment,
        start::{end_of_process, say},
    },
};

/// The app that a pool without a settings file is made for.
const DEFAULT_APP_URL: &str = "http://localhost:3000";

/// Serves until the process is told to end.
pub(crate) async fn run_alone(environment: Environment, options: LocalOptions) -> Result<(), StartError> {
    let Environment { lookup, problems, .. } = environment;
    let mut reader = SettingReader::new(&*lookup);
    let app_url = reader.get("APP_URL").unwrap_or_else(|| DEFAULT_APP_URL.to_owned());
    let settings = config::read_alone(options, &app_url, &mut reader);
    let (settings, _) = problems.and(reader.into_problems()).finish(settings)?;
    let cognito = LocalCognito::start(settings).await.map_err(explain)?;
    say(&describe(&cognito));
    end_of_process().await;
    cognito.stop();
    Ok(())
}

/// All that a client needs, in lines that can be copied.
fn describe(cognito: &LocalCognito) -> String {
    let base_url = cognito.base_url();
    let mut text = format!(
        "\n  Local Cognito on {base_url}, console {base_url}/_console\n\n  For the AWS SDKs and command line (any credentials \
         do)\n    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={base_url}\n    AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x \
         AWS_DEFAULT_REGION=us-east-1\n"
    );
    let mut issuers = Vec::new();
    for client in cognito.clients() {
        let ClientIdentity { issuer, name, id, secret, callback_urls } = client;
        if !issuers.contains(&issuer) {
            text.push_str(&format!("\n  Pool {issuer}{}\n", list_users(cognito, &issuer)));
        }
        let secret = secret.map(|secret| format!("\n    COGNITO_CLIENT_SECRET={secret}")).unwrap_or_default();
        text.push_str(&format!(
            "\n  Client {name}, called back at {}\n    COGNITO_ISSUER={issuer}\n    COGNITO_CLIENT_ID={id}{secret}\n",
            callback_urls.join(", ")
        ));
        issuers.push(issuer);
    }
    text + "\n  Ctrl-C ends.\n"
}
