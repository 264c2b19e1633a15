//! `hosts.yml` of GitHub's `gh`: one host with its accounts and, where there is no keyring, their tokens.
//!
//! <https://cli.github.com/manual/gh_help_environment>

use serde_json::Value;

use super::found::{Found, Left, Proof, Raw, Service, Way};
use super::parse::{text, yaml};
use super::{Malformed, Source};
use crate::base::Text;

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
            found.left.push(Left { what: host.clone(), place, reason: KEYRING.into() });
            continue;
        }
        let base = if host == "github.com" {
            "https://api.github.com".to_owned()
        } else {
            format!("https://{host}/api/v3")
        };
        for (user, token) in tokens {
            let name = user.map_or_else(|| "github".to_owned(), |user| format!("github-{user}"));
            found.services.push(Service {
                name: if host == "github.com" { "GitHub".to_owned() } else { format!("GitHub {host}") },
                id: Some("github".to_owned()),
                link_name: Some(name),
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
        assert!(read(&Source { name: "hosts.yml", text: "a: 1" }).is_err());
    }
}
