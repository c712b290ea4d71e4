//! ListUsers.

use aws_sdk_cognitoidentityprovider::types::UserType;

use super::{DEMO, NEW, POOL, Sdk, assert_failures, failure, value_of};

fn emails(users: Option<Vec<UserType>>) -> Vec<String> {
    let users = users.unwrap();
    users.iter().map(|user| value_of(user.attributes(), "email").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn users_are_found_by_filter() {
    let sdk = Sdk::start().await;
    sdk.create_user().await;
    sdk.disable("admin@example.com");
    let of_sub = format!("sub = \"{}\"", sdk.sub(DEMO.0));
    for (filter, found) in [
        ("", vec![DEMO.0, "admin@example.com", NEW]),
        (r#"email = "demo@example.com""#, vec![DEMO.0]),
        (r#"email ^= "a""#, vec!["admin@example.com"]),
        (r#"email = "nobody@example.com""#, vec![]),
        (of_sub.as_str(), vec![DEMO.0]),
        (r#"status = "Disabled""#, vec!["admin@example.com"]),
        (r#"cognito:user_status = "FORCE_CHANGE_PASSWORD""#, vec![NEW]),
        (r#"name ^= "Demo""#, vec![DEMO.0]),
    ] {
        let answer = sdk.admin.list_users().user_pool_id(POOL).filter(filter).send().await.unwrap();
        assert_eq!(emails(answer.users), found, "{filter}");
        assert_eq!(answer.pagination_token, None);
    }
    let some = sdk.admin.list_users().user_pool_id(POOL).attributes_to_get("email").limit(1).send().await.unwrap();
    let user = &some.users()[0];
    assert_eq!(user.attributes().len(), 1);
    assert_eq!(user.user_create_date.unwrap().secs(), 1_700_000_000);
}

#[tokio::test]
async fn pages_follow_each_other() {
    let sdk = Sdk::start().await;
    sdk.create_user().await;
    let mut found = Vec::new();
    let mut token = None;
    loop {
        let request = sdk.admin.list_users().user_pool_id(POOL).limit(2).set_pagination_token(token);
        let page = request.send().await.unwrap();
        found.push(emails(page.users));
        token = page.pagination_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(found, [vec![DEMO.0, "admin@example.com"], vec![NEW]]);
}

#[tokio::test]
async fn each_way_to_ask_wrongly() {
    let sdk = Sdk::start().await;
    let list = || sdk.admin.list_users().user_pool_id(POOL);
    let invalid = "InvalidParameterException";
    assert_failures([
        (failure(list().filter("email = x").send().await), invalid, "Error while parsing filter"),
        (
            failure(list().filter(r#"custom:team = "x""#).send().await),
            invalid,
            "User attribute custom:team is not supported in a filter expression",
        ),
        (
            failure(list().limit(61).send().await),
            invalid,
            "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value \
             less than or equal to 60",
        ),
        (failure(list().pagination_token("x").send().await), invalid, "Invalid pagination token"),
        (
            failure(list().user_pool_id("us-east-1_Nowhere").send().await),
            "ResourceNotFoundException",
            "User pool us-east-1_Nowhere does not exist.",
        ),
    ]);
}
