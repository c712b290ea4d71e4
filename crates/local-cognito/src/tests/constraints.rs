//! Names are held to Cognito's constraints whichever door they come by: the settings file, the control API and the console,
//! the JSON API.

use serde_json::{Value, json};

use super::super::Settings;
use super::torment::after_button;
use super::{Rig, error_of};

/// What a settings file of one client and one user is told, with these lines in them.
fn told(client: &str, user: &str) -> Vec<String> {
    let file = format!(
        "[[pools]]\nid = \"us-east-1_A\"\n[[pools.clients]]\nname = \"app\"\napp_url = \"http://localhost:3000\"\n{client}\n\
         [[pools.users]]\nemail = \"a@example.com\"\npassword = \"Demo-Passw0rd\"\n{user}\n"
    );
    read(&file)
}

fn read(file: &str) -> Vec<String> {
    Settings::from_toml(([127, 0, 0, 1], 0).into(), file).err().unwrap_or_default()
}

fn long(length: usize) -> String {
    "a".repeat(length)
}

#[test]
fn the_settings_file_tells_each_with_its_line() {
    for (client, user, line, part) in [
        ("id = \"a b\"", "", 6, "id has a character"),
        ("secret = \"short\"", "", 6, "at least 24"),
        ("secret = \"not-word-characters-at-all\"", "", 6, "secret has a character"),
        (&format!("secret = \"{}\"", long(65)), "", 6, "at most 64"),
        ("callback_urls = [\n\"https://a.example\",\n\"/cb\"]", "", 8, "absolute"),
        ("logout_urls = [\n\"http://app.localhost:3000/\"]", "", 7, "no other name"),
        (&format!("callback_urls = [\n\"https://a.example/{}\"]", long(1024)), "", 7, "at most 1024"),
        ("scopes = [\"openid\",\n\"open id\"]", "", 7, "open id"),
        ("", "groups = [\"good\",\n\"two words\"]", 11, "two words"),
        ("", &format!("groups = [\"{}\"]", long(129)), 10, "at most 128"),
        ("", "name = \"A\"\n[pools.users.attributes]\nteam = \"a\"", 12, "team"),
        ("", &format!("[pools.users.attributes]\nlocale = \"en\"\n\"custom:{}\" = \"a\"", long(21)), 12, "custom"),
        ("", &format!("name = \"{}\"", long(2049)), 10, "at most 2048"),
    ] {
        let problems = told(client, user);
        let is_told = |told: &String| told.starts_with(&format!("line {line}: ")) && told.contains(part);
        assert!(problems.len() == 1 && problems.iter().all(is_told), "{client}{user}: {problems:?}");
    }
}

#[test]
fn what_a_file_needs_is_held_to_them_too() {
    let file = "[[pools]]\nid = \"us-east-1_A\"\n[[pools.clients]]\nname = \"app\"\napp_url = \"http://localhost:3000\"\n\
                [[pools.users]]\n# a user\nemail = \"a@example.com\"\npassword = \"Demo-Passw0rd\"\n";
    assert_eq!(read(file), [""; 0]);
    for (from, to, line, part) in [
        ("name = \"app\"", "name = \"app!\"", 4, "name has a character"),
        ("name = \"app\"", "", 3, "name is missing"),
        ("us-east-1_A", &format!("us-east-1_{}", long(50)), 2, "user pool id"),
        ("a@example.com", &format!("{}@example.com", long(120)), 8, "128"),
        ("a@example.com", "a\u{200b}@example.com", 8, "visible"),
        ("Demo-Passw0rd", " Demo-Passw0rd", 9, "password"),
        ("http://localhost:3000", "http://app.localhost:3000", 5, "no other name"),
    ] {
        let problems = read(&file.replace(from, to));
        let is_told = |told: &String| told.starts_with(&format!("line {line}: ")) && told.contains(part);
        assert!(problems.len() == 1 && problems.iter().all(is_told), "line {line}, {part} is not in {problems:?}");
    }
}

#[tokio::test]
async fn the_control_api_and_the_console_make_no_user_that_cognito_would_not() {
    let rig = Rig::start().await;
    let long = format!("{}@example.com", long(120));
    for (email, password, part) in [
        (long.as_str(), "New-Passw0rd", "at most 128"),
        ("a\u{200b}@example.com", "New-Passw0rd", "email has a character"),
        ("two words@example.com", "New-Passw0rd", "email has a character"),
        ("new@example.com", " New-Passw0rd ", "password has a character"),
    ] {
        let order = json!({ "email": email, "action": "create", "password": password });
        let answer = rig.browser.post(rig.url("/_control/users")).json(&order).send().await.unwrap();
        let (status, answer) = error_of(answer).await;
        assert!(status == 400 && answer["error"].as_str().unwrap().contains(part), "{email}: {answer}");
        // A form's fields lose the white space around them.
        if password.trim() == password {
            let pressed = rig.press("users", &[("action", "create"), ("email", email), ("password", password)]).await;
            assert!(rig.page(&after_button(&pressed)).await.contains(part), "{email}");
        }
    }
    let there: Value = rig.state().await["users"].clone();
    assert_eq!(there.as_array().unwrap().len(), 2, "only those that were there");
}

#[tokio::test]
async fn the_json_api_changes_no_client_and_no_user_to_what_cognito_would_not_take() {
    let rig = Rig::start().await;
    let (pool, client) = (rig.pool().id.clone(), rig.cognito.client_id());
    let many: Vec<_> = (0..101).map(|index| format!("https://a.example/{index}")).collect();
    let scopes: Vec<_> = (0..51).map(|index| format!("s{index}")).collect();
    for (change, part) in [
        (json!({ "ClientName": "app!" }), "at 'clientName' failed to satisfy constraint: Member must satisfy regular"),
        (json!({ "ClientName": long(129) }), "less than or equal to 128"),
        (json!({ "CallbackURLs": many }), "at 'callbackURLs' failed to satisfy constraint: Member must have length"),
        (json!({ "CallbackURLs": [format!("https://a.example/{}", long(1024))] }), "less than or equal to 1024"),
        (json!({ "LogoutURLs": ["https://a.example/a b"] }), "at 'logoutURLs'"),
        (json!({ "AllowedOAuthScopes": ["open id"] }), "at 'allowedOAuthScopes'"),
        (json!({ "AllowedOAuthScopes": scopes }), "less than or equal to 50"),
        (json!({ "CallbackURLs": ["http://app.localhost/cb"] }), "cannot use the HTTP protocol"),
    ] {
        let mut request = change.clone();
        request["UserPoolId"] = json!(pool);
        request["ClientId"] = json!(client);
        let (status, answer) = error_of(rig.call_api("UpdateUserPoolClient", &request).await).await;
        assert_eq!((status, &answer["__type"]), (400, &json!("InvalidParameterException")), "{change}: {answer}");
        assert!(answer["message"].as_str().unwrap().contains(part), "{change}: {answer}");
    }
    for (attribute, part) in [
        (json!({ "Name": long(33), "Value": "x" }), "less than or equal to 32"),
        (json!({ "Name": format!("custom:{}", long(21)), "Value": "x" }), "could not be determined"),
        (json!({ "Name": "name", "Value": long(2049) }), "less than or equal to 2048"),
    ] {
        let request = json!({ "UserPoolId": pool, "Username": "new@example.com", "UserAttributes": [attribute] });
        let (status, answer) = error_of(rig.call_api("AdminCreateUser", &request).await).await;
        assert!(status == 400 && answer["message"].as_str().unwrap().contains(part), "{attribute}: {answer}");
    }
}
