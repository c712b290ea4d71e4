//! Every order, by its endpoint and by its button: the same effect.

use std::collections::BTreeSet;

use reqwest::Response;
use serde_json::{Value, json};

use super::{DEMO, Rig, claims, error_of, location};

/// How an order is given.
#[derive(Clone, Copy, Debug)]
enum Way {
    Endpoint,
    Button,
}

const WAYS: [Way; 2] = [Way::Endpoint, Way::Button];

impl Rig {
    pub(super) async fn page(&self, path: &str) -> String {
        let response = self.get(&self.url(path)).await;
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }

    pub(super) async fn press(&self, endpoint: &str, form: &[(&str, &str)]) -> Response {
        self.browser.post(self.url(&format!("/_console/orders/{endpoint}"))).form(form).send().await.unwrap()
    }

    pub(super) async fn state(&self) -> Value {
        self.get(&self.url("/_control/state")).await.json().await.unwrap()
    }

    async fn order(&self, way: Way, endpoint: &str, body: &Value) {
        match way {
            Way::Endpoint => {
                let request = self.browser.post(self.url(&format!("/_control/{endpoint}"))).json(body);
                let response = request.send().await.unwrap();
                assert_eq!(response.status(), 200, "{endpoint} {body}: {:?}", response.text().await);
            }
            Way::Button => {
                let form = to_form(body);
                let form: Vec<(&str, &str)> =
                    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                let response = self.press(endpoint, &form).await;
                let page = self.page(&after_button(&response)).await;
                assert!(page.contains("class=\"notice\""), "{endpoint} {body}: {page}");
            }
        }
    }
}

/// Where a button leads back to.
pub(super) fn after_button(response: &Response) -> String {
    assert_eq!(response.status(), 303, "{response:?}");
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// As the console's forms write it.
fn to_form(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut form = Vec::new();
    for (name, value) in body.as_object().unwrap() {
        match value {
            Value::Null => form.push((name.clone(), String::new())),
            Value::Object(fault) => {
                let (kind, value) = fault.iter().next().unwrap();
                form.push((name.clone(), kind.clone()));
                form.push((format!("value_{kind}"), text(value)));
            }
            value => form.push((name.clone(), text(value))),
        }
    }
    form
}

pub(super) fn origin(tokens: &Value) -> String {
    claims(&tokens["access_token"])["origin_jti"].as_str().unwrap().to_owned()
}

async fn message(response: Response) -> String {
    error_of(response).await.1["message"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_clock() {
    for way in WAYS {
        let rig = Rig::start().await;
        rig.order(way, "clock", &json!({ "advance_secs": 3600 })).await;
        rig.order(way, "clock", &json!({ "advance_secs": -60 })).await;
        let time: Value = rig.get(&rig.url("/_control/clock")).await.json().await.unwrap();
        assert_eq!(time, json!({ "now": 1_700_003_540, "offset_secs": 3540 }), "{way:?}");
        rig.order(way, "clock", &json!({ "offset_secs": 0 })).await;
        assert_eq!(rig.state().await["offset_secs"], 0, "{way:?}");
    }
}

#[tokio::test]
async fn access_tokens_expire_at_the_pool_and_a_renewal_helps_at_once() {
    for way in WAYS {
        let rig = Rig::start().await;
        let (first, second) = (rig.sign_in().await, rig.sign_in().await);
        rig.order(way, "tokens", &json!({ "action": "expire_access", "sign_in": origin(&first) })).await;
        let get_user = |token: &Value| {
            let body = json!({ "AccessToken": token });
            let rig = &rig;
            async move { rig.call_api("GetUser", &body).await }
        };
        assert_eq!(message(get_user(&first["access_token"]).await).await, "Access Token has expired", "{way:?}");
        assert_eq!(get_user(&second["access_token"]).await.status(), 200);
        let renewed: Value = rig.initiate_auth(&first).await.json().await.unwrap();
        assert_eq!(get_user(&renewed["AuthenticationResult"]["AccessToken"]).await.status(), 200, "the same second");
    }
}

#[tokio::test]
async fn refresh_tokens_expire_and_sign_ins_are_revoked() {
    for way in WAYS {
        let rig = Rig::start().await;
        let tokens = rig.sign_in().await;
        rig.order(way, "tokens", &json!({ "action": "expire_refresh", "user": DEMO.0 })).await;
        assert_eq!(message(rig.initiate_auth(&tokens).await).await, "Refresh Token has expired", "{way:?}");
        let user = rig.call_api("GetUser", &json!({ "AccessToken": tokens["access_token"] })).await;
        assert_eq!(user.status(), 200, "the access token lives on");
        let other = rig.sign_in().await;
        rig.order(way, "tokens", &json!({ "action": "revoke", "all": true })).await;
        assert_eq!(message(rig.initiate_auth(&other).await).await, "Refresh Token has been revoked", "{way:?}");
        let state = rig.state().await;
        let statuses: BTreeSet<&str> =
            state["sign_ins"].as_array().unwrap().iter().map(|view| view["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["revoked"].into(), "{way:?}: {state}");
        let page = rig.page(&format!("/_console/sign-ins/{}", origin(&tokens))).await;
        for word in ["Issued", "Expired", "Revoked"] {
            assert!(page.contains(&format!("<h3>{word}</h3>")), "{word}");
        }
    }
}

#[tokio::test]
async fn users() {
    for way in WAYS {
        let rig = Rig::start().await;
        let change = |action: &str, email: &str| json!({ "action": action, "email": email });
        let user = |state: &Value, email: &str| {
            let users = state["users"].as_array().unwrap().clone();
            users.into_iter().find(|user| user["email"] == email).unwrap_or_default()
        };
        let new = "new@example.com";
        let mut create = change("create", new);
        create["password"] = json!("New-Passw0rd");
        rig.order(way, "users", &create).await;
        let sent = rig.submit_login(&rig.authorize_url(&[]), (new, "New-Passw0rd")).await;
        assert!(location(&sent).contains("code="), "{way:?}: signs in at once");
        rig.order(way, "users", &change("require_reset", new)).await;
        assert_eq!(user(&rig.state().await, new)["status"], "RESET_REQUIRED");
        rig.order(way, "users", &change("confirm", new)).await;
        assert_eq!(user(&rig.state().await, new)["status"], "CONFIRMED");
        let tokens = rig.sign_in().await;
        rig.order(way, "users", &change("disable", DEMO.0)).await;
        assert_eq!(message(rig.initiate_auth(&tokens).await).await, "User is disabled.", "{way:?}");
        rig.order(way, "users", &change("enable", DEMO.0)).await;
        let tokens = rig.sign_in().await;
        rig.order(way, "users", &change("revoke", DEMO.0)).await;
        assert_eq!(message(rig.initiate_auth(&tokens).await).await, "Refresh Token has been revoked", "{way:?}");
        rig.order(way, "users", &change("delete", new)).await;
        assert_eq!(user(&rig.state().await, new), Value::Null, "{way:?}");
    }
}

#[tokio::test]
async fn rotation_of_one_client_and_of_all() {
    for way in WAYS {
        let rig = Rig::start_with(|settings| {
            let mut other = settings.client().clone();
            other.name = "other".to_owned();
            settings.pools[0].clients.push(other);
        })
        .await;
        let graces = |state: &Value| {
            let clients = state["clients"].as_array().unwrap().clone();
            clients.into_iter().map(|client| client["rotation_grace_secs"].clone()).collect::<Vec<_>>()
        };
        rig.order(way, "rotation", &json!({ "grace_secs": 7, "client_id": rig.cognito.client_id() })).await;
        assert_eq!(graces(&rig.state().await), [json!(7), Value::Null], "{way:?}");
        rig.order(way, "rotation", &json!({ "grace_secs": 0 })).await;
        assert_eq!(graces(&rig.state().await), [json!(0), json!(0)], "{way:?}");
        rig.order(way, "rotation", &json!({ "grace_secs": null })).await;
        assert_eq!(graces(&rig.state().await), [Value::Null, Value::Null], "{way:?}");
    }
}

#[tokio::test]
async fn faults() {
    for way in WAYS {
        let rig = Rig::start().await;
        let jwks = format!("{}/.well-known/jwks.json", rig.cognito.issuer());
        let order = |times: u64, fault: Value| json!({ "operation": "*", "times": times, "fault": fault });
        rig.order(way, "faults", &order(1, json!({ "status": 503 }))).await;
        rig.order(way, "faults", &order(1, json!("throttle"))).await;
        let statuses = [rig.get(&jwks).await.status(), rig.get(&jwks).await.status(), rig.get(&jwks).await.status()];
        assert_eq!(statuses.map(|status| status.as_u16()), [503, 429, 200], "{way:?}");
        rig.order(way, "faults", &json!({ "operation": "GetUser", "times": 3, "fault": "drop" })).await;
        let listed: Value = rig.get(&rig.url("/_control/faults")).await.json().await.unwrap();
        assert_eq!(listed, json!({ "ordered": [{ "operation": "GetUser", "times": 3, "fault": "drop" }] }));
        rig.order(way, "faults", &json!({ "operation": "*", "times": 0 })).await;
        let listed: Value = rig.get(&rig.url("/_control/faults")).await.json().await.unwrap();
        assert_eq!(listed, json!({ "ordered": [] }), "{way:?}");
    }
}

#[tokio::test]
async fn signing_keys() {
    for way in WAYS {
        let rig = Rig::start().await;
        let jwks = format!("{}/.well-known/jwks.json", rig.cognito.issuer());
        let before: Value = rig.get(&jwks).await.json().await.unwrap();
        rig.order(way, "keys", &json!({})).await;
        let after: Value = rig.get(&jwks).await.json().await.unwrap();
        for key in after["keys"].as_array().unwrap() {
            assert!(!before["keys"].as_array().unwrap().contains(key), "{way:?}");
        }
    }
}
