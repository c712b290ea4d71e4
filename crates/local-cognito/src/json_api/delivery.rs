//! `CodeDeliveryDetails`: where a code was sent, so far as a stranger may know. Here nothing is sent; the console shows
//! the codes.

use serde_json::{Value, json};

/// For a code to this e-mail address.
pub(super) fn describe_delivery(email: &str) -> Value {
    json!({ "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": mask_email(email) })
}

/// The first letter of each half: `n***@e***`.
fn mask_email(email: &str) -> String {
    let (local, domain) = email.trim().split_once('@').unwrap_or((email, email));
    let first = |part: &str| part.chars().next().unwrap_or('*');
    format!("{}***@{}***", first(local), first(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_first_letters_are_shown() {
        for (email, masked) in [("new@example.com", "n***@e***"), ("ü@x", "ü***@x***"), ("no address", "n***@n***")] {
            assert_eq!(mask_email(email), masked);
        }
    }
}
