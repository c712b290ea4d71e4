//! The `Filter` of ListUsers: `email = "a@example.com"`, `email ^= "a@"` (AWS developer guide, "Managing and searching
//! for user accounts").

use super::super::super::user::User;
use super::ApiError;

/// What can be searched by.
const ATTRIBUTES: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

#[derive(Debug, PartialEq, Eq)]
enum Comparison {
    Is,
    StartsWith,
}

/// Which users are wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UserFilter {
    attribute: String,
    comparison: Comparison,
    value: String,
}

impl UserFilter {
    /// `attribute = "value"` or `attribute ^= "value"`; quotation marks in the value stand behind a backslash.
    pub(super) fn parse(text: &str) -> Result<UserFilter, ApiError> {
        let unreadable = || ApiError::invalid_parameter("Error while parsing filter");
        let (left, right) = text.split_once('=').ok_or_else(unreadable)?;
        let (attribute, comparison) = match left.strip_suffix('^') {
            Some(attribute) => (attribute.trim(), Comparison::StartsWith),
            None => (left.trim(), Comparison::Is),
        };
        let value = right.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(unreadable)?;
        let value = unescape(value).ok_or_else(unreadable)?;
        let attribute = attribute.trim_matches('"').to_owned();
        if attribute.is_empty() {
            return Err(unreadable());
        }
        if !ATTRIBUTES.contains(&attribute.as_str()) {
            let message = format!("User attribute {attribute} is not supported in a filter expression");
            return Err(ApiError::invalid_parameter(message));
        }
        Ok(UserFilter { attribute, comparison, value })
    }

    pub(super) fn matches(&self, user: &User) -> bool {
        let status = if user.enabled { "Enabled" } else { "Disabled" };
        let (found, any_case) = match self.attribute.as_str() {
            "username" | "sub" => (user.sub.as_str(), false),
            "email" => (user.email.as_str(), true),
            "cognito:user_status" => (user.status.name(), true),
            "status" => (status, false),
            name => (user.attributes.get(name).map(String::as_str).unwrap_or_default(), false),
        };
        let fold = |text: &str| if any_case { text.to_ascii_lowercase() } else { text.to_owned() };
        let (found, value) = (fold(found), fold(&self.value));
        match self.comparison {
            Comparison::Is => found == value,
            Comparison::StartsWith => found.starts_with(&value),
        }
    }
}

/// `None` for a quotation mark that stands alone.
fn unescape(text: &str) -> Option<String> {
    let mut unescaped = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => unescaped.push(chars.next()?),
            '"' => return None,
            c => unescaped.push(c),
        }
    }
    Some(unescaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> User {
        let mut user = User::new("demo@example.com", String::new(), 0);
        user.attributes.insert("name".to_owned(), "De \"mo\" = x".to_owned());
        user
    }

    #[test]
    fn each_attribute_is_compared_in_its_way() {
        let user = demo();
        let sub = format!("sub = \"{}\"", user.sub);
        for (filter, found) in [
            (r#"email = "Demo@Example.com""#, true),
            (r#"email="demo@example.co""#, false),
            (r#"email ^= "demo@""#, true),
            (r#"email^="admin""#, false),
            (r#"status = "Enabled""#, true),
            (r#"status = "enabled""#, false),
            (r#"cognito:user_status = "confirmed""#, true),
            (r#"name = "De \"mo\" = x""#, true),
            (r#"given_name = "x""#, false),
            (sub.as_str(), true),
        ] {
            assert_eq!(UserFilter::parse(filter).unwrap().matches(&user), found, "{filter}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for filter in ["", "email", "email =", "email = demo", r#"email = "demo"#, r#"= "x""#, r#"name = "a"b""#] {
            let error = ApiError::invalid_parameter("Error while parsing filter");
            assert_eq!(UserFilter::parse(filter), Err(error), "{filter}");
        }
        assert!(format!("{:?}", UserFilter::parse(r#"custom:team = "x""#)).contains("custom:team"));
    }
}
