//! A form of the console becomes the JSON body of the endpoint that does the same.

use serde_json::{Map, Value, json};

use super::super::torment::{FAULT_KINDS, Takes};

/// Begins the name of the field that goes with a fault.
pub(super) const FAULT_VALUE: &str = "value_";

/// What was sent.
pub(super) struct SentForm {
    pub(super) order: Value,
    back: String,
    /// Where its button is.
    pub(super) place: String,
    /// All that was typed and chosen.
    pub(super) values: Vec<(String, String)>,
}

impl SentForm {
    pub(super) fn read(body: &[u8]) -> SentForm {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        let find = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let mut order = Map::new();
        let is_frame = |name: &str| name == "back" || name == "place";
        for (name, value) in pairs.iter().filter(|(name, _)| !is_frame(name) && !name.starts_with(FAULT_VALUE)) {
            match (name.as_str(), value.trim()) {
                ("grace_secs", "") => drop(order.insert(name.clone(), Value::Null)),
                (_, "") => {}
                ("fault", kind) => drop(order.insert(name.clone(), read_fault(kind, &find))),
                ("minutes", value) => {
                    let secs = value.parse::<i64>().ok().and_then(|minutes| minutes.checked_mul(60));
                    order.insert("advance_secs".to_owned(), secs.map_or_else(|| json!(value), |secs| json!(secs)));
                }
                (_, value) => drop(order.insert(name.clone(), read_value(name, value))),
            }
        }
        let own = |name: &str| find(name).unwrap_or_default().to_owned();
        let (back, place) = (own("back"), own("place"));
        SentForm { order: Value::Object(order), back, place, values: pairs }
    }

    /// The page to return to, and the place on it, with the number of the notice; never a place outside the console.
    pub(super) fn back_with(&self, notice: u64) -> String {
        let rest = self.back.strip_prefix("/_console").filter(|rest| {
            (rest.is_empty() || rest.starts_with(['/', '?'])) && rest.chars().all(|c| c.is_ascii_graphic())
        });
        let rest = rest.unwrap_or_default();
        let joint = if rest.contains('?') { '&' } else { '?' };
        let is_id = self.place.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let place = if is_id { self.place.as_str() } else { "" };
        format!("/_console{rest}{joint}done={notice}#reply-{place}")
    }
}

fn read_value(name: &str, value: &str) -> Value {
    match name {
        "all" => json!(value == "true"),
        "advance_secs" | "offset_secs" | "grace_secs" | "times" => {
            value.parse::<i64>().map_or_else(|_| json!(value), Value::from)
        }
        _ => json!(value),
    }
}

fn read_fault<'a>(kind: &str, find: &impl Fn(&str) -> Option<&'a str>) -> Value {
    let value = find(&format!("{FAULT_VALUE}{kind}")).unwrap_or_default().trim();
    match FAULT_KINDS.iter().find(|known| known.name == kind).map(|known| known.takes) {
        Some(Takes::Number { .. }) => json!({ kind: value.parse::<u64>().map_or_else(|_| json!(value), Value::from) }),
        Some(Takes::Text { .. }) => json!({ kind: value }),
        Some(Takes::Nothing) | None => json!(kind),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_the_body_of_the_endpoint() {
        for (form, order) in [
            ("advance_secs=-60&back=%2F_console&place=clock", json!({ "advance_secs": -60 })),
            ("minutes=5", json!({ "advance_secs": 300 })),
            ("minutes=x", json!({ "advance_secs": "x" })),
            ("grace_secs=", json!({ "grace_secs": null })),
            ("grace_secs=7&client_id=", json!({ "grace_secs": 7 })),
            ("action=revoke&all=true", json!({ "action": "revoke", "all": true })),
            (
                "operation=*&times=2&fault=hang_ms&value_hang_ms=5&value_status=503",
                json!({ "operation": "*", "times": 2, "fault": { "hang_ms": 5 } }),
            ),
            ("fault=throttle&value_status=503", json!({ "fault": "throttle" })),
        ] {
            assert_eq!(SentForm::read(form.as_bytes()).order, order, "{form}");
        }
    }

    #[test]
    fn the_way_back_stays_in_the_console() {
        for (back, place) in [
            ("/_console/users", "/_console/users?done=7"),
            ("/_console/requests?status=4", "/_console/requests?status=4&done=7"),
            ("/_console", "/_console?done=7"),
            ("//evil.example", "/_console?done=7"),
            ("https://evil.example/_console", "/_console?done=7"),
            ("/_console.evil", "/_console?done=7"),
            ("/_console/\r\nx: y", "/_console?done=7"),
            ("", "/_console?done=7"),
        ] {
            let form =
                SentForm { order: Value::Null, back: back.to_owned(), place: "clock".to_owned(), values: vec![] };
            assert_eq!(form.back_with(7), format!("{place}#reply-clock"), "{back:?}");
        }
        let form = SentForm::read(b"back=%2F_console&place=a%0d%0ax:%20y");
        assert_eq!(form.back_with(7), "/_console?done=7#reply-");
    }
}
