//! The settings file, `local-cognito.toml`: pools, clients and users. Every mistake in it is told, each with its line.
//! Called by [`Settings::from_toml`].

mod client;
mod reader;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use self::client::read_client;
use self::reader::{Entry, Reader};
use super::{PoolSettings, Problem, Settings, UserSettings, find_repeated};

impl Settings {
    /// Settings from the text of a TOML file; `local-cognito.example.toml` shows all it may hold. Addresses, the state
    /// file and the clock are not in it.
    ///
    /// # Errors
    /// Every mistake in the text, each as `line 7: …`.
    pub fn from_toml(addr: SocketAddr, text: &str) -> Result<Settings, Vec<String>> {
        let mut reader = Reader::new(text);
        let Some(document) = reader.parse() else { return Err(reader.into_problems()) };
        let root = reader.root(&document);
        let pools = root.entries("pools", &mut reader);
        if pools.is_empty() {
            root.note("pools", "there is no [[pools]] entry", &mut reader);
        }
        root.refuse_other_keys(&["pools"], &mut reader);
        let settings: Vec<PoolSettings> = pools.iter().map(|pool| read_pool(pool, &mut reader)).collect();
        note_repeated_ids(&pools, &settings, &mut reader);
        let problems = reader.into_problems();
        if problems.is_empty() { Ok(Settings { pools: settings, ..Settings::new(addr, "") }) } else { Err(problems) }
    }
}

/// Ids of pools, and of clients in whatever pool, are unique.
fn note_repeated_ids(entries: &[Entry<'_>], pools: &[PoolSettings], reader: &mut Reader<'_>) {
    for at in find_repeated(pools, |pool| Some(pool.id.clone())) {
        entries[at].note("id", &format!("another pool has the id {:?}", pools[at].id), reader);
    }
    let clients = entries.iter().zip(pools).flat_map(|(entry, pool)| {
        let entries = entry.peek_entries("clients");
        entries.into_iter().zip(pool.clients.iter().map(|client| client.id.clone()))
    });
    let clients: Vec<_> = clients.collect();
    for at in find_repeated(&clients, |(_, id)| id.clone()) {
        clients[at].0.note("id", "another client has this id", reader);
    }
}

fn read_pool(entry: &Entry<'_>, reader: &mut Reader<'_>) -> PoolSettings {
    let (clients, users) = (entry.entries("clients", reader), entry.entries("users", reader));
    let pool = PoolSettings {
        id: entry.required_text("id", reader),
        clients: clients.iter().map(|client| read_client(client, reader)).collect(),
        users: users.iter().map(|user| read_user(user, reader)).collect(),
        classic_hosted_ui: entry.flag("classic_hosted_ui", reader).unwrap_or_default(),
    };
    entry.refuse_other_keys(&["id", "clients", "users", "classic_hosted_ui"], reader);
    for at in find_repeated(&pool.clients, |client| Some(client.name.clone())) {
        clients[at].note("name", "another client of this pool has this name", reader);
    }
    for at in find_repeated(&pool.users, |user| Some(user.email.trim().to_ascii_lowercase())) {
        users[at].note("email", "another user of this pool has this e-mail address", reader);
    }
    // Those two have been told, where they stand.
    let told = |problem: &Problem| matches!(problem.field, "clients" | "users") && !pool.clients.is_empty();
    note_all(entry, pool.find_own_problems().into_iter().filter(|problem| !told(problem)).collect(), reader);
    pool
}

fn read_user(entry: &Entry<'_>, reader: &mut Reader<'_>) -> UserSettings {
    let mut attributes = BTreeMap::new();
    if let Some(table) = entry.table("attributes", reader) {
        for name in table.keys() {
            attributes.extend(table.text(name, reader).map(|value| (name.to_owned(), value)));
        }
    }
    attributes.extend(entry.text("name", reader).map(|name| ("name".to_owned(), name)));
    let user = UserSettings {
        email: entry.required_text("email", reader),
        password: entry.required_text("password", reader),
        attributes,
        groups: entry.texts("groups", reader).unwrap_or_default(),
        email_verified: entry.flag("email_verified", reader).unwrap_or(true),
    };
    entry.refuse_other_keys(&["email", "password", "name", "groups", "email_verified", "attributes"], reader);
    note_all(entry, user.find_problems(), reader);
    user
}

/// What is missing has been told.
fn note_all(entry: &Entry<'_>, problems: Vec<Problem>, reader: &mut Reader<'_>) {
    let is_missing = |field: &str| ["id", "name", "email", "password"].contains(&field) && !entry.has(field);
    for problem in problems.into_iter().filter(|problem| !is_missing(problem.field)) {
        entry.note_part(problem.field, &problem.part, &problem.text, reader);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ClientSettings, SecretSetting};
    use super::*;

    const EXAMPLE: &str = include_str!("../../../local-cognito.example.toml");

    fn read(text: &str) -> Result<Settings, Vec<String>> {
        Settings::from_toml(([127, 0, 0, 1], 0).into(), text)
    }

    /// A good file with one more line in its client.
    fn with_client_line(line: &str) -> String {
        format!(
            "[[pools]]\nid = \"us-east-1_A\"\n[[pools.clients]]\nname = \"app\"\napp_url = \"http://localhost:3000\"\n{line}\n"
        )
    }

    #[test]
    fn the_example_holds_a_public_a_confidential_and_a_rotating_client() {
        let settings = read(EXAMPLE).unwrap();
        settings.check().unwrap();
        let clients = &settings.pools[0].clients;
        assert_eq!(clients[0].callback_urls, ["http://localhost:3000/api/auth/callback/cognito"]);
        assert!(clients.iter().any(|client| client.secret == SecretSetting::None));
        assert!(clients.iter().any(|client| client.secret == SecretSetting::Generated));
        assert!(clients.iter().any(|client| client.rotation_grace_secs.is_some()));
        assert!(settings.pools[0].users.iter().any(|user| user.groups == ["admin"]));
    }

    #[test]
    fn every_key_of_a_client_is_read() {
        let file = with_client_line(
            "id = \"abc\"\nsecret = \"hush_hush_hush_hush_hush\"\ncallback_urls = [\"http://localhost:4000/cb\"]\nlogout_urls = []\n\
             scopes = [\"openid\"]\nuser_password_auth = true\nrefresh_token_auth = false\ntoken_revocation = false\n\
             access_token_secs = 300\nid_token_secs = 400\nrefresh_token_secs = 3600\nrotation_grace_secs = 10",
        );
        let client = read(&file).unwrap().pools.remove(0).clients.remove(0);
        let expected = ClientSettings {
            id: Some("abc".to_owned()),
            secret: SecretSetting::Given("hush_hush_hush_hush_hush".to_owned()),
            callback_urls: vec![
                "http://localhost:3000/api/auth/callback/cognito".to_owned(),
                "http://localhost:4000/cb".to_owned(),
            ],
            scopes: vec!["openid".to_owned()],
            user_password_auth: true,
            refresh_token_auth: false,
            token_revocation: false,
            access_token_secs: 300,
            id_token_secs: 400,
            refresh_token_secs: 3600,
            rotation_grace_secs: Some(10),
            ..ClientSettings::new("app", "http://localhost:3000")
        };
        assert_eq!(client, expected);
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let file = "colour = 1\n[[pools]]\nid = \"pool\"\n[[pools.clients]]\nname = 7\nsecret = 3\naccess_token_secs = 0\n\
                    refresh_token_secs = -1\nrotation_grace_secs = 61\nscope = [\"openid\"]\ncallback_urls = [\"x\", 1]\n\
                    [[pools.users]]\nemail = \"nobody\"\npassword = \"short\"\n[[pools]]\nid = \"pool\"\n";
        let problems = read(file).unwrap_err();
        for (line, part) in [
            (1, "colour"),
            (3, "not a user pool id"),
            (5, "name"),
            (6, "secret"),
            (7, "access_token_secs"),
            (8, "refresh_token_secs"),
            (9, "rotation_grace_secs"),
            (10, "scope"),
            (11, "absolute URL"),
            (11, "text"),
            (13, "e-mail"),
            (14, "not long enough"),
            (15, "no client"),
            (16, "another pool"),
        ] {
            let found = problems.iter().any(|told| told.starts_with(&format!("line {line}: ")) && told.contains(part));
            assert!(found, "line {line}, {part} is not in {problems:#?}");
        }
    }

    #[test]
    fn a_misspelt_key_is_told_what_it_may_have_meant() {
        let problems = read(&with_client_line("acess_token_secs = 60")).unwrap_err();
        assert!(
            problems[0].contains("line 6: acess_token_secs") && problems[0].contains("access_token_secs"),
            "{problems:?}"
        );
    }

    #[test]
    fn broken_toml_is_told_with_its_lines_and_no_secret_is_quoted() {
        let problems = read("[[pools]]\nid = \"a\n[[pools.clients]\nsecret = hush-hush\n").unwrap_err();
        assert!(problems.iter().any(|told| told.starts_with("line 2: ")), "{problems:?}");
        assert!(!problems.iter().any(|told| told.contains("hush")), "{problems:?}");
        assert!(read("").unwrap_err()[0].contains("[[pools]]"));
    }

    #[test]
    fn what_is_there_twice_is_told_where_the_second_is() {
        let twice = "[[pools.clients]]\nname = \"app\"\napp_url = \"localhost:3000\"\n[[pools.users]]\nemail = \"a@b\"\n\
                     password = \"Passw0rd-\"\n[[pools.users]]\nemail = \"A@b\"\npassword = \"Passw0rd-\"";
        let problems = read(&with_client_line(twice)).unwrap_err();
        let expected = [
            "line 7: another client of this pool has this name",
            "line 8: app_url must be the app's address, such as http://localhost:3000",
            "line 13: another user of this pool has this e-mail address",
        ];
        assert_eq!(problems, expected);
        assert_eq!(
            read("[[pools]]\n[[pools.clients]]\nname = \"a\"\napp_url = \"https://a\"").unwrap_err(),
            ["line 1: id is missing"]
        );
    }

    #[test]
    fn client_ids_are_unique_in_all_pools() {
        let file = with_client_line("id = \"same\"");
        let other = file.replace("us-east-1_A", "us-east-1_B");
        let problems = read(&format!("{file}{other}")).unwrap_err();
        assert_eq!(problems, ["line 12: another client has this id"]);
    }
}
