//! User attributes as the API writes and reads them: lists of `Name` and `Value`, all of them strings.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::user::User;
use super::ApiError;
use super::constraints::{ATTRIBUTE_NAME, ATTRIBUTE_VALUE, Checks, is_attribute, is_verification};

/// One attribute of a request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Attribute {
    name: Option<String>,
    value: Option<String>,
}

/// Who writes: only an administrator says that an address is verified.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    Client,
    Administrator,
}

/// `UserAttributes`, as GetUser and the administrator's operations write them.
pub(super) fn list_attributes(user: &User) -> Vec<Value> {
    let verified = if user.email_verified { "true" } else { "false" };
    let fixed = [("sub", user.sub.as_str()), ("email_verified", verified)];
    let own = user.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let all = fixed.into_iter().chain(own).chain([("email", user.email.as_str())]);
    all.map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
}

/// The attributes of a request by name, those included that a pool keeps apart (`email`, `email_verified`). Custom
/// attributes need no schema here.
pub(super) fn read_attributes(
    list: Option<Vec<Attribute>>,
    writer: Writer,
) -> Result<BTreeMap<String, String>, ApiError> {
    let list = list.unwrap_or_default();
    let mut checks = Checks::default();
    for Attribute { name, value } in &list {
        // One without a name is refused below, in other words.
        checks.check(&ATTRIBUTE_NAME, name.as_deref().filter(|name| !name.is_empty()));
        checks.check(&ATTRIBUTE_VALUE, value.as_deref());
    }
    checks.finish()?;
    let mut attributes = BTreeMap::new();
    for Attribute { name, value } in list {
        let name = name.unwrap_or_default();
        check_name(&name, writer)?;
        attributes.insert(name, value.unwrap_or_default());
    }
    Ok(attributes)
}

pub(super) fn check_name(name: &str, writer: Writer) -> Result<(), ApiError> {
    if is_verification(name) && writer == Writer::Client {
        return Err(ApiError::not_authorized("A client attempted to write unauthorized attribute"));
    }
    if name == "sub" {
        return Err(ApiError::invalid_parameter("Attribute cannot be updated."));
    }
    if is_attribute(name) {
        return Ok(());
    }
    let message =
        format!("Attributes did not conform to the schema: Type for attribute {{{name}}} could not be determined");
    Err(ApiError::invalid_parameter(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: Value, writer: Writer) -> Result<BTreeMap<String, String>, ApiError> {
        read_attributes(serde_json::from_value(list).unwrap(), writer)
    }

    #[test]
    fn only_an_administrator_says_that_an_address_is_verified() {
        let list = json!([{ "Name": "email_verified", "Value": "true" }, { "Name": "custom:team", "Value": "a" }]);
        assert_eq!(read(list.clone(), Writer::Administrator).unwrap()["email_verified"], "true");
        assert!(matches!(read(list, Writer::Client), Err(error) if format!("{error:?}").contains("unauthorized")));
    }

    #[test]
    fn what_no_pool_could_have_is_refused() {
        for (name, part) in [("sub", "cannot be updated"), ("team", "{team}"), ("custom:", "{custom:}"), ("", "{}")] {
            let error = read(json!([{ "Name": name, "Value": "x" }]), Writer::Administrator).unwrap_err();
            assert!(format!("{error:?}").contains(part), "{name}: {error:?}");
        }
        for (name, value) in
            [("name", "x".repeat(2049)), (&"x".repeat(33), "x".to_owned()), ("a\u{b}b", "x".to_owned())]
        {
            let refused = read(json!([{ "Name": name, "Value": value }]), Writer::Client).unwrap_err();
            assert!(format!("{refused:?}").contains("validation error"), "{name}: {refused:?}");
        }
        assert!(read(json!([{ "Name": format!("custom:{}", "x".repeat(21)), "Value": "x" }]), Writer::Client).is_err());
    }
}
