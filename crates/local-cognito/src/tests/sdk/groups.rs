//! CreateGroup, AdminAddUserToGroup, AdminRemoveUserFromGroup.

use serde_json::{Value, json};

use super::super::claims;
use super::{DEMO, POOL, Sdk, assert_failures, failure};

/// The groups in a fresh access token of the demo user.
async fn groups(sdk: &Sdk) -> Value {
    let (access, _) = sdk.sign_in().await;
    claims(&json!(access)).get("cognito:groups").cloned().unwrap_or_default()
}

#[tokio::test]
async fn users_join_and_leave_groups_that_are_there() {
    let sdk = Sdk::start().await;
    let add = |group: &str| sdk.admin.admin_add_user_to_group().user_pool_id(POOL).username(DEMO.0).group_name(group);
    let remove =
        |group: &str| sdk.admin.admin_remove_user_from_group().user_pool_id(POOL).username(DEMO.0).group_name(group);
    let create = |group: &str| sdk.admin.create_group().user_pool_id(POOL).group_name(group);
    let unknown = "Group not found.";
    assert_failures([
        (failure(add("editors").send().await), "ResourceNotFoundException", unknown),
        (failure(remove("editors").send().await), "ResourceNotFoundException", unknown),
        (failure(add("admin").username("nobody").send().await), "UserNotFoundException", "User does not exist."),
        (
            failure(add("admin").user_pool_id("us-east-1_Nowhere").send().await),
            "ResourceNotFoundException",
            "User pool us-east-1_Nowhere does not exist.",
        ),
        (failure(create("admin").send().await), "GroupExistsException", "A group with the name already exists."),
    ]);
    let group = create("editors").send().await.unwrap().group.unwrap();
    assert_eq!((group.group_name.as_deref(), group.user_pool_id.as_deref()), (Some("editors"), Some(POOL)));
    assert_eq!(group.creation_date.unwrap().secs(), 1_700_000_000);
    for _ in 0..2 {
        add("editors").send().await.unwrap();
    }
    add("admin").send().await.unwrap();
    assert_eq!(groups(&sdk).await, json!(["editors", "admin"]));
    remove("editors").send().await.unwrap();
    assert_eq!(groups(&sdk).await, json!(["admin"]));
    assert!(create("editors").send().await.is_err(), "a group without users stays");

    sdk.rig.cognito.pool().change_user(DEMO.0, |user| user.groups.push("unmade".to_owned()));
    assert_eq!(failure(create("unmade").send().await).0, "GroupExistsException", "a user's group is one");
    remove("unmade").send().await.unwrap();
    assert_eq!(failure(create("unmade").send().await).0, "GroupExistsException", "and stays one without the user");
}
