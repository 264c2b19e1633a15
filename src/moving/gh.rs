//! `hosts.yml` of GitHub's `gh`: one host with its accounts and, where there is no keyring, their tokens.
//!
//! <https://cli.github.com/manual/gh_help_environment>

use serde_json::Value;

use super::found::{Found, Left, Proof, Raw, Service, Way};
use super::parse::{text, yaml};
use super::{Malformed, Source};
use crate::base::{Text, name, safe_text};

/// The host that everybody shares.
const HOST: &str = "github.com";

/// Whether a tree is such a file: hosts, each with an account.
#[must_use]
pub fn is(tree: &Value) -> bool {
    let hosts = tree.as_object().filter(|hosts| !hosts.is_empty());
    hosts.is_some_and(|hosts| {
        hosts.iter().all(|(name, host)| {
            let known = ["oauth_token", "git_protocol", "users", "user"];
            name.contains('.') && known.iter().any(|key| host.get(key).is_some())
        })
    })
}

/// Reads a file.
///
/// # Errors
/// When it is no YAML, or no such file.
pub fn read(source: &Source<'_>) -> Result<Found, Malformed> {
    const OTHER: Text = Text::new("this is no hosts.yml of gh", "gh の hosts.yml ではありません");
    const KEYRING: Text = Text::new(
        "gh keeps its token in the keyring; conn add --connector github --secret token='command:gh auth token' uses it",
        "トークンは gh がキーリングに保管しています。conn add --connector github --secret token='command:gh auth token' \
         で利用できます",
    );
    const ELSEWHERE: Text = Text::new(
        "gh keeps its token in the keyring. Define this host once: conn connectors new --name 'GitHub {host}' --id {id} \
         --auth bearer --base https://{host}/api/v3 --test /user; then conn add --connector {id} --secret \
         token='command:gh auth token --hostname {host}' uses it",
        "トークンは gh がキーリングに保管しています。conn connectors new --name 'GitHub {host}' --id {id} --auth bearer \
         --base https://{host}/api/v3 --test /user でこのホストを定義し、conn add --connector {id} --secret \
         token='command:gh auth token --hostname {host}' で利用できます",
    );
    let tree = yaml(source.text)?;
    if !is(&tree) {
        return Err(Malformed::at("/", OTHER));
    }
    let mut found = Found::default();
    for (host, entry) in tree.as_object().into_iter().flatten() {
        let users = entry.get("users").and_then(Value::as_object);
        let mut tokens: Vec<(Option<&str>, &str)> =
            text(entry, "oauth_token").map(|token| (text(entry, "user"), token)).into_iter().collect();
        for (user, account) in users.into_iter().flatten() {
            if let Some(token) =
                text(account, "oauth_token").filter(|token| tokens.iter().all(|(_, one)| one != token))
            {
                tokens.push((Some(user), token));
            }
        }
        let place = format!("{}#/{}", source.name, host.replace('/', "~1"));
        if tokens.is_empty() {
            let id = name::slug(&format!("github-{host}"));
            let text = if host == HOST { KEYRING } else { ELSEWHERE };
            let reason = text.fill(&[("host", &safe_text::line(host, 80)), ("id", &id)]);
            found.left.push(Left { what: host.clone(), place, reason });
            continue;
        }
        let base =
            if host == HOST { "https://api.github.com".to_owned() } else { format!("https://{host}/api/v3") };
        for (user, token) in tokens {
            let link_name = user.map_or_else(|| "github".to_owned(), |user| format!("github-{user}"));
            found.services.push(Service {
                name: if host == HOST { "GitHub".to_owned() } else { format!("GitHub {host}") },
                id: Some("github".to_owned()),
                link_name: Some(link_name),
                place: place.clone(),
                base: base.clone(),
                test: Some("/user".to_owned()),
                ways: vec![Way { name: "token".to_owned(), proof: Proof::bearer(Raw::new(token).filled()) }],
                connects: true,
                ..Service::default()
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::read;

    #[test]
    fn each_account_with_a_token_is_a_connection_and_one_in_the_keyring_is_listed() {
        let text = "
github.com:
  users:
    hanako: {oauth_token: gho_hunter2}
    taro: {oauth_token: gho_other}
  user: hanako
  oauth_token: gho_hunter2
  git_protocol: https
git.acme.test:
  user: hanako
  git_protocol: ssh
";
        let found = read(&Source { name: "hosts.yml", text }).unwrap();
        let names: Vec<&str> = found.services.iter().filter_map(|one| one.link_name.as_deref()).collect();
        assert_eq!(names, ["github-hanako", "github-taro"]);
        assert_eq!(found.left[0].what, "git.acme.test");
        let reason = &found.left[0].reason;
        for said in [
            "--id github-git-acme-test --auth bearer --base https://git.acme.test/api/v3",
            "conn add --connector github-git-acme-test --secret",
            "'command:gh auth token --hostname git.acme.test'",
        ] {
            assert!(reason.en.contains(said) && reason.ja.contains(said), "{said}: {reason:?}");
        }
        let shared = read(&Source { name: "hosts.yml", text: "github.com:\n  user: hanako\n" }).unwrap();
        assert!(shared.left[0].reason.en.contains("--connector github --secret"));
        assert!(read(&Source { name: "hosts.yml", text: "a: 1" }).is_err());
    }
}
