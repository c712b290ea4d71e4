//! The attributes that a user can have. Used through `constraints`.

use super::rules::is_visible;

/// AWS developer guide, "Working with user attributes".
const STANDARD_ATTRIBUTES: [&str; 17] = [
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "address",
    "email",
    "phone_number",
];
/// `CustomAttributeNameType`, without the prefix.
const CUSTOM_NAME_MAX: usize = 20;

/// Whether a pool's schema could have the attribute.
pub(in super::super) fn is_attribute(name: &str) -> bool {
    let is_custom = name
        .strip_prefix("custom:")
        .is_some_and(|rest| (1..=CUSTOM_NAME_MAX).contains(&rest.chars().count()) && is_visible(rest));
    is_custom || STANDARD_ATTRIBUTES.contains(&name) || is_verification(name)
}

/// Whether the attribute says that an address is verified: only an administrator does.
pub(in super::super) fn is_verification(name: &str) -> bool {
    matches!(name, "email_verified" | "phone_number_verified")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_standard_ones_or_custom_ones() {
        for good in ["name", "phone_number_verified", "custom:team", "custom:a2345678901234567890"] {
            assert!(is_attribute(good), "{good}");
        }
        for bad in ["", "team", "custom:", "custom:a b", "custom:a23456789012345678901", "identities"] {
            assert!(!is_attribute(bad), "{bad}");
        }
    }
}
