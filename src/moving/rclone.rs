//! rclone's `rclone.conf`: only the remotes that are HTTP APIs of a service, with the client of one's own where there
//! is one. Rclone's own client and the tokens stay with rclone: two programs that renew one authorisation end each
//! other's.
//!
//! <https://rclone.org/docs/#configuration-encryption>

use indexmap::IndexMap;

use super::found::{Found, Left, OAuth2, Proof, Raw, Service, Way};
use super::{Malformed, Source};
use crate::base::Text;

/// A kind of remote, the built-in service that it is, where there is one, and the address of its API.
const REMOTES: [(&str, Option<&str>, &str); 9] = [
    ("drive", Some("google-drive"), "https://www.googleapis.com/drive/v3"),
    ("google photos", None, "https://photoslibrary.googleapis.com"),
    ("dropbox", Some("dropbox"), "https://api.dropboxapi.com"),
    ("onedrive", Some("one-drive"), "https://graph.microsoft.com/v1.0"),
    ("box", Some("box"), "https://api.box.com"),
    ("pcloud", None, "https://api.pcloud.com"),
    ("zoho", None, "https://www.zohoapis.com"),
    ("premiumizeme", None, "https://www.premiumize.me/api"),
    ("putio", None, "https://api.put.io/v2"),
];

/// Whether a text is such a file: sections, each with its type.
#[must_use]
pub fn is(text: &str) -> bool {
    text.contains("RCLONE_ENCRYPT_V")
        || sections(text)
            .is_ok_and(|all| !all.is_empty() && all.iter().all(|one| one.values.contains_key("type")))
}

struct Section {
    name: String,
    line: usize,
    values: IndexMap<String, Raw>,
}

const NO_PAIR: Text = Text::new(
    "this line is neither [remote] nor key = value",
    "この行は「[リモート名]」でも「キー = 値」でもありません",
);

fn sections(text: &str) -> Result<Vec<Section>, Malformed> {
    let mut all: Vec<Section> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            all.push(Section { name: name.to_owned(), line: index + 1, values: IndexMap::new() });
            continue;
        }
        let pair = line.split_once('=').zip(all.last_mut());
        let ((key, value), section) = pair.ok_or_else(|| Malformed::line(index + 1, NO_PAIR))?;
        section.values.insert(key.trim().to_owned(), Raw::new(value.trim()));
    }
    Ok(all)
}

/// Reads a file.
///
/// # Errors
/// When it is encrypted, or a line is neither section nor pair.
pub fn read(source: &Source<'_>) -> Result<Found, Malformed> {
    const SEALED: Text = Text::new(
        "rclone encrypted this file; import what rclone config show prints",
        "rclone により暗号化されています。rclone config show の出力を取り込んでください",
    );
    const STORAGE: Text = Text::new(
        "a storage that conn has no HTTP API for; it stays with rclone",
        "conn が HTTP API として扱えないストレージです。引き続き rclone で利用してください",
    );
    const NO_CLIENT: Text = Text::new(
        "its client is rclone's own, which only rclone may use; register one at the service and give it with conn \
         reconnect",
        "クライアントは rclone 自身のものなので取り込みません。サービスでご自分のクライアントを登録し、conn reconnect で\
         指定してください",
    );
    const TOKEN: Text = Text::new(
        "its token stays with rclone, since two programs that renew one authorisation end each other's; consent anew \
         with conn connect",
        "トークンは取り込みません。2 つのプログラムが同じ認可を更新すると互いに無効になるためです。conn connect で\
         認可を得てください",
    );
    if let Some(line) = source.text.lines().position(|line| line.starts_with("RCLONE_ENCRYPT_V")) {
        return Err(Malformed::line(line + 1, SEALED));
    }
    let mut found = Found::default();
    for section in sections(source.text)? {
        let place = format!("{}:{}", source.name, section.line);
        let mut leave = |reason: Text| {
            found.left.push(Left { what: section.name.clone(), place: place.clone(), reason: reason.into() });
        };
        let kind = section.values.get("type").map_or("", Raw::expose);
        let Some((_, id, base)) = REMOTES.iter().find(|(name, ..)| *name == kind) else {
            leave(STORAGE);
            continue;
        };
        let value = |key: &str| section.values.get(key).cloned().and_then(Raw::filled);
        let (client_id, client_secret) = (value("client_id"), value("client_secret"));
        match &client_id {
            // Where there is no such service, that is told instead.
            None if id.is_some() => leave(NO_CLIENT),
            Some(_) if value("token").is_some() => leave(TOKEN),
            _ => {}
        }
        let oauth2 = OAuth2 { client_id, client_secret, ..OAuth2::default() };
        found.services.push(Service {
            name: section.name.clone(),
            id: id.map(str::to_owned),
            link_name: Some(section.name),
            place,
            base: (*base).to_owned(),
            ways: vec![Way { name: "oauth2".to_owned(), proof: Proof::OAuth2(Box::new(oauth2)) }],
            connects: true,
            only_known: true,
            ..Service::default()
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::{is, read};

    const TEXT: &str = "\
[files]
type = dropbox
client_id = app-1
client_secret = hunter2-hunter2
token = {\"access_token\":\"hunter2-token\"}

[disk]
type = sftp
host = disk.test
pass = hunter2-pass

[mine]
type = drive
token = {\"access_token\":\"hunter2-token\"}
";

    #[test]
    fn remotes_are_their_services_with_clients_of_ones_own_alone_and_tokens_stay() {
        assert!(is(TEXT) && !is("A=1\nB=2") && !is("[x]\na = b"));
        let found = read(&Source { name: "rclone.conf", text: TEXT }).unwrap();
        let services: Vec<(Option<&str>, Option<&str>)> =
            found.services.iter().map(|one| (one.link_name.as_deref(), one.id.as_deref())).collect();
        assert_eq!(services, [(Some("files"), Some("dropbox")), (Some("mine"), Some("google-drive"))]);
        let left: Vec<(&str, &str)> =
            found.left.iter().map(|left| (left.what.as_str(), left.place.as_str())).collect();
        assert_eq!(left, [("files", "rclone.conf:1"), ("disk", "rclone.conf:7"), ("mine", "rclone.conf:12")]);
        assert!(!format!("{found:?}").contains("hunter2"));
        for (text, line) in [("RCLONE_ENCRYPT_V0:\nabc", 1), ("[a]\ntype = box\nhunter2", 3), ("a = b", 1)] {
            let wrong = read(&Source { name: "rclone.conf", text }).unwrap_err();
            assert_eq!(wrong.line, Some(line), "{text}");
        }
    }
}
