//! What an administrator does to users.

use aws_sdk_cognitoidentityprovider::types::{MessageActionType, UserStatusType};

use super::{DEMO, NEW, PASSWORD, POOL, Sdk, assert_failures, attribute, failure, value_of};

const NO_USER: &str = "User does not exist.";
const NO_POOL: &str = "User pool us-east-1_Nowhere does not exist.";

#[tokio::test]
async fn a_user_is_made_and_described() {
    let sdk = Sdk::start().await;
    let create = || sdk.admin.admin_create_user().user_pool_id(POOL).username(NEW).temporary_password(PASSWORD);
    let attributes = vec![attribute("email", NEW), attribute("email_verified", "true"), attribute("name", "New")];
    let user = create().set_user_attributes(Some(attributes)).send().await.unwrap().user.unwrap();
    assert_eq!((user.enabled, user.user_status.clone()), (true, Some(UserStatusType::ForceChangePassword)));
    assert_eq!(user.username.as_deref(), Some(sdk.sub(NEW).as_str()));
    assert_eq!(value_of(user.attributes(), "email_verified"), Some("true"));

    let described = sdk.admin.admin_get_user().user_pool_id(POOL).username(NEW).send().await.unwrap();
    assert_eq!(described.username, sdk.sub(NEW));
    assert_eq!(value_of(described.user_attributes(), "name"), Some("New"));
    assert_eq!(described.user_create_date.unwrap().secs(), 1_700_000_000);
    assert_eq!(described.user_last_modified_date, user.user_last_modified_date);

    let again = create().message_action(MessageActionType::Resend).temporary_password("Other-Passw0rd").send().await;
    assert_eq!(again.unwrap().user.unwrap().username.unwrap(), sdk.sub(NEW));
    let asked = sdk.password_auth((NEW, "Other-Passw0rd")).send().await.unwrap();
    assert!(asked.challenge_name.is_some());
    let made_up = create().username("other@example.com").set_temporary_password(None).send().await;
    assert!(made_up.is_ok());
}

#[tokio::test]
async fn each_way_to_make_a_user_wrongly() {
    let sdk = Sdk::start().await;
    let create = |username: &str| sdk.admin.admin_create_user().user_pool_id(POOL).username(username);
    let resend = |username: &str| create(username).message_action(MessageActionType::Resend);
    let sub = sdk.sub(DEMO.0);
    assert_failures([
        (failure(create(DEMO.0).send().await), "UsernameExistsException", "User account already exists"),
        (failure(create("x").send().await), "InvalidParameterException", "Username should be an email."),
        (
            failure(create(NEW).temporary_password("lower-case1").send().await),
            "InvalidPasswordException",
            "Password did not conform with policy: Password must have uppercase characters",
        ),
        (failure(create(NEW).user_pool_id("us-east-1_Nowhere").send().await), "ResourceNotFoundException", NO_POOL),
        (
            failure(create(NEW).user_attributes(attribute("sub", "x")).send().await),
            "InvalidParameterException",
            "Attribute cannot be updated.",
        ),
        (failure(resend(NEW).send().await), "UserNotFoundException", NO_USER),
        (
            failure(resend(DEMO.0).send().await),
            "UnsupportedUserStateException",
            &format!("Resend not possible. {sub} status is not FORCE_CHANGE_PASSWORD"),
        ),
    ]);
}

#[tokio::test]
async fn passwords_are_set_for_now_or_for_good() {
    let sdk = Sdk::start().await;
    let set = |password: &str| {
        let request = sdk.admin.admin_set_user_password().user_pool_id(POOL).username(DEMO.0);
        request.password(password)
    };
    set(PASSWORD).send().await.unwrap();
    assert!(sdk.password_auth((DEMO.0, PASSWORD)).send().await.unwrap().challenge_name.is_some());
    set(PASSWORD).permanent(true).send().await.unwrap();
    assert!(sdk.password_auth((DEMO.0, PASSWORD)).send().await.unwrap().challenge_name.is_none());
    let short = "Password did not conform with policy: Password not long enough";
    assert_failures([
        (failure(set("short").send().await), "InvalidPasswordException", short),
        (failure(set(PASSWORD).username("nobody").send().await), "UserNotFoundException", NO_USER),
    ]);
}

#[tokio::test]
async fn users_are_disabled_enabled_signed_out_and_deleted() {
    let sdk = Sdk::start().await;
    let (access, _) = sdk.sign_in().await;
    let get_user = async || failure(sdk.public.get_user().access_token(&access).send().await);
    let revoked = "Access Token has been revoked";
    sdk.admin.admin_user_global_sign_out().user_pool_id(POOL).username(DEMO.0).send().await.unwrap();
    assert_failures([(get_user().await, "NotAuthorizedException", revoked)]);
    sdk.admin.admin_disable_user().user_pool_id(POOL).username(DEMO.0).send().await.unwrap();
    assert_failures([(get_user().await, "NotAuthorizedException", "User is disabled.")]);
    sdk.admin.admin_enable_user().user_pool_id(POOL).username(DEMO.0).send().await.unwrap();
    assert_failures([(get_user().await, "NotAuthorizedException", revoked)]);
    assert!(sdk.password_auth(DEMO).send().await.is_ok());
    sdk.admin.admin_delete_user().user_pool_id(POOL).username(DEMO.0).send().await.unwrap();
    let gone = sdk.admin.admin_get_user().user_pool_id(POOL).username(DEMO.0).send().await.unwrap_err();
    assert!(gone.into_service_error().is_user_not_found_exception());
}

#[tokio::test]
async fn a_sign_up_is_confirmed_without_its_code() {
    let sdk = Sdk::start().await;
    sdk.sign_up().await;
    let confirm = || sdk.admin.admin_confirm_sign_up().user_pool_id(POOL).username(NEW);
    confirm().send().await.unwrap();
    assert!(sdk.password_auth((NEW, PASSWORD)).send().await.is_ok());
    let again = "User cannot be confirmed. Current status is CONFIRMED";
    assert_failures([(failure(confirm().send().await), "NotAuthorizedException", again)]);
    let reset = sdk.admin.admin_reset_user_password().user_pool_id(POOL).username(NEW).send().await;
    let unverified = "Cannot reset password for the user as there is no registered/verified email or phone_number";
    assert_failures([(failure(reset), "InvalidParameterException", unverified)]);
}

#[tokio::test]
async fn a_reset_that_was_ordered_leads_on_by_its_code_only() {
    let sdk = Sdk::start().await;
    sdk.admin.admin_reset_user_password().user_pool_id(POOL).username(DEMO.0).send().await.unwrap();
    let user = sdk.admin.admin_get_user().user_pool_id(POOL).username(DEMO.0).send().await.unwrap();
    assert_eq!(user.user_status, Some(UserStatusType::ResetRequired));
    let error = sdk.password_auth(DEMO).send().await.unwrap_err().into_service_error();
    assert!(error.is_password_reset_required_exception(), "{error:?}");
    let confirm = sdk.public.confirm_forgot_password().client_id(&sdk.id).secret_hash(sdk.hash(DEMO.0));
    let confirm = confirm.username(DEMO.0).confirmation_code(sdk.code(DEMO.0)).password(PASSWORD);
    confirm.send().await.unwrap();
    assert!(sdk.password_auth((DEMO.0, PASSWORD)).send().await.is_ok());
    sdk.create_user().await;
    let reset = sdk.admin.admin_reset_user_password().user_pool_id(POOL).username(NEW).send().await;
    let state = "User password cannot be reset in the current state.";
    assert_failures([(failure(reset), "NotAuthorizedException", state)]);
}

/// Those that take nothing but a pool and a user.
macro_rules! assert_pool_and_user_are_checked {
    ($sdk:ident: $($operation:ident),+) => {$(
        let call = || $sdk.admin.$operation().user_pool_id(POOL).username("nobody@example.com");
        assert_failures([
            (failure(call().send().await), "UserNotFoundException", NO_USER),
            (failure(call().user_pool_id("us-east-1_Nowhere").send().await), "ResourceNotFoundException", NO_POOL),
            (
                failure(call().user_pool_id("nowhere").send().await),
                "InvalidParameterException",
                r"1 validation error detected: Value 'nowhere' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+",
            ),
        ]);
    )+};
}

#[tokio::test]
async fn pool_and_user_must_be_there() {
    let sdk = Sdk::start().await;
    assert_pool_and_user_are_checked!(sdk: admin_get_user, admin_disable_user, admin_enable_user, admin_delete_user,
        admin_reset_user_password, admin_confirm_sign_up, admin_user_global_sign_out);
}
