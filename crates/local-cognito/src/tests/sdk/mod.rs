//! The JSON API through the AWS SDK for Rust: what the SDK reads and which typed errors it makes of the rest.
//!
//! Two clients: `public` has no credentials, as an app has none; `admin` signs with made-up ones, as the SDK sends no
//! administrator's operation unsigned. Neither tries twice.

mod admin_users;
mod clients;
mod faults;
mod groups;
mod list_users;
mod password_auth;
mod passwords;
mod sign_up;
mod tokens;

use std::fmt::Debug;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region};
use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::config::{Config, Credentials};
use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::operation::RequestId;
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::builders::InitiateAuthFluentBuilder;
use aws_sdk_cognitoidentityprovider::types::{AttributeType, AuthFlowType};

use super::super::Settings;
use super::{DEMO, Rig};

const POOL: &str = "us-east-1_LocalPool";
const NEW: &str = "new@example.com";
const PASSWORD: &str = "New-Passw0rd";

struct Sdk {
    rig: Rig,
    public: Client,
    admin: Client,
    id: String,
}

/// Type and message of an error.
type Failure = (String, String);

impl Sdk {
    async fn start() -> Sdk {
        Sdk::start_with(|_| ()).await
    }

    /// With `USER_PASSWORD_AUTH`, unless changed.
    async fn start_with(change: impl FnOnce(&mut Settings)) -> Sdk {
        let rig = Rig::start_with(|settings| {
            settings.client().user_password_auth = true;
            change(settings);
        })
        .await;
        let loader = aws_config::defaults(BehaviorVersion::latest())
            .no_credentials()
            .region(Region::new("us-east-1"))
            .endpoint_url(rig.cognito.base_url())
            .retry_config(RetryConfig::disabled());
        let config = loader.load().await;
        let made_up = Credentials::new("AKIDEXAMPLE", "made up", None, None, "test");
        let signing = Config::from(&config).to_builder().credentials_provider(made_up).build();
        let id = rig.cognito.client_id();
        Sdk { rig, public: Client::new(&config), admin: Client::from_conf(signing), id }
    }

    fn hash(&self, username: &str) -> String {
        self.rig.secret_hash(username)
    }

    /// The code that a mail to this user would have brought.
    fn code(&self, username: &str) -> String {
        self.rig.cognito.pool().with_state(|state| {
            let sub = state.find_user_by_name(username).unwrap().sub.clone();
            state.verifications[&sub].code.clone()
        })
    }

    fn sub(&self, email: &str) -> String {
        self.rig.cognito.pool().with_state(|state| state.find_user_by_name(email).unwrap().sub.clone())
    }

    /// `USER_PASSWORD_AUTH`.
    fn password_auth(&self, (username, password): (&str, &str)) -> InitiateAuthFluentBuilder {
        let request = self.public.initiate_auth().auth_flow(AuthFlowType::UserPasswordAuth).client_id(&self.id);
        request
            .auth_parameters("USERNAME", username)
            .auth_parameters("PASSWORD", password)
            .auth_parameters("SECRET_HASH", self.hash(username))
    }

    /// Access and refresh token of the demo user, by password.
    async fn sign_in(&self) -> (String, String) {
        let result = self.password_auth(DEMO).send().await.unwrap().authentication_result.unwrap();
        (result.access_token.unwrap(), result.refresh_token.unwrap())
    }

    /// A user who signed up, and has not yet confirmed that.
    async fn sign_up(&self) -> String {
        let request = self.public.sign_up().client_id(&self.id).secret_hash(self.hash(NEW));
        request.username(NEW).password(PASSWORD).send().await.unwrap().user_sub
    }

    /// A user whom an administrator made.
    async fn create_user(&self) -> String {
        let request = self.admin.admin_create_user().user_pool_id(POOL).username(NEW).temporary_password(PASSWORD);
        request.send().await.unwrap().user.unwrap().username.unwrap()
    }

    fn disable(&self, email: &str) {
        assert!(self.rig.cognito.disable_user(email));
    }
}

/// What a call failed with, which the SDK must know as one of the operation's own errors, and with a request id.
fn failure<T: Debug, E>(result: Result<T, SdkError<E>>) -> Failure
where
    E: ProvideErrorMetadata + Debug,
{
    let error = result.unwrap_err();
    assert_eq!(error.request_id().map(str::len), Some(36), "{error:?}");
    let error = error.as_service_error().unwrap();
    let kind = error.code().unwrap().to_owned();
    let typed = format!("{error:?}");
    assert!(typed.starts_with(&format!("{kind}(")), "{kind} is none of the operation's errors: {typed}");
    (kind, error.message().unwrap_or_default().to_owned())
}

fn assert_failures<const N: usize>(table: [(Failure, &str, &str); N]) {
    for (index, ((kind, message), expected_kind, expected)) in table.into_iter().enumerate() {
        assert_eq!((kind.as_str(), message.as_str()), (expected_kind, expected), "row {index}");
    }
}

fn value_of<'a>(attributes: &'a [AttributeType], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.name() == name).and_then(|attribute| attribute.value())
}

fn attribute(name: &str, value: &str) -> AttributeType {
    AttributeType::builder().name(name).value(value).build().unwrap()
}
