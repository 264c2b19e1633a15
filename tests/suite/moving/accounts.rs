//! Bundles as teams use them: several people's accounts in one, written as text, opened by an identity that is itself
//! sealed.

use std::io::Write as _;

use age::armor::{ArmoredWriter, Format};
use conn::sandbox::Credentials;

use super::{identity, write};
use crate::support::cli::{Home, Run};
use crate::support::site::Site;

const PASSPHRASE: &str = "open-sesame-0123456789";

/// A service with a connection on which two people have a key each.
fn team() -> Site {
    let mut site = Site::with(Credentials::generate());
    site.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    for (file, key) in
        [("taro.txt", &site.sandbox.credentials().key), ("jiro.txt", &site.sandbox.credentials().limited_key)]
    {
        std::fs::write(site.path("work").join(file), key).unwrap();
    }
    let place = "--connector sandbox --method key --set address={url} --store vault --kind user";
    site.must(&format!("add team {place} --account taro --secret api_key=file:taro.txt --used-by nightly"));
    // The second key works, and may read less.
    let second = site.run("reconnect team --account jiro --secret api_key=file:jiro.txt");
    assert_eq!(second.exit, 1, "{}", second.all());
    site
}

fn receiver() -> Home {
    Home::with("").knowing("CONN_VAULT_PASSPHRASE", "another-passphrase")
}

fn says(run: &Run, code: i32, sentence: &str) {
    let said = format!("{}{}", run.out, run.err).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(run.code == code && said.contains(sentence), "{sentence:?} in {run:#?}");
}

/// The bytes as `age --armor` writes them.
fn armored(bytes: &[u8]) -> Vec<u8> {
    let mut writer = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// The bytes as `age -p` seals them, with as little work as a test needs.
fn by_passphrase(bytes: &[u8]) -> Vec<u8> {
    let mut recipient = age::scrypt::Recipient::new(PASSPHRASE.to_owned().into());
    recipient.set_work_factor(4);
    let one = std::iter::once(&recipient as &dyn age::Recipient);
    let mut sealed = Vec::new();
    let mut writer = age::Encryptor::with_recipients(one).unwrap().wrap_output(&mut sealed).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap();
    sealed
}

#[test]
fn a_connection_arrives_with_the_accounts_of_everybody_and_keeps_its_primary() {
    let (site, receiver) = (team(), receiver());
    let recipient = identity(&receiver, "mine.txt");
    site.must(&format!("export team -o team.age --recipient {recipient}"));
    let sealed = std::fs::read(site.path("work/team.age")).unwrap();
    // As a mail brings it: text, with an empty line before and after.
    write(&receiver, "team.age.txt", [b"\n".as_slice(), &armored(&sealed), b"\n\n"].concat());
    let run =
        receiver.run(&["import", "team.age.txt", "--identity", "mine.txt", "--yes", "--store", "vault"]);
    assert_eq!(run.code, 0, "{run:#?}");
    let listed = receiver.run(&["account", "list", "team"]);
    assert!(listed.out.contains("taro") && listed.out.contains("jiro"), "{listed:#?}");
    let primary = listed.out.lines().find(|line| line.contains("primary")).unwrap_or_default();
    assert!(primary.starts_with("taro"), "{listed:#?}");
    says(&receiver.run(&["request", "team", "/api/me"]), 5, "is not connected yet");
    for account in ["taro", "jiro"] {
        let connected = receiver.run(&["connect", "team", "--account", account]);
        assert!(matches!(connected.code, 0 | 1), "{account}: {connected:#?}");
        says(&receiver.run(&["request", "team", "/api/me", "--account", account]), 0, "hanako@example.test");
    }
}

#[test]
fn an_identity_that_is_sealed_opens_with_its_passphrase_and_with_no_other() {
    let (site, mut receiver) = (team(), receiver());
    let recipient = identity(&receiver, "mine.txt");
    let secret = std::fs::read(receiver.folder().join("work/mine.txt")).unwrap();
    write(&receiver, "sealed.txt", by_passphrase(&secret));
    write(&receiver, "armored.txt", armored(&by_passphrase(&secret)));
    std::fs::remove_file(receiver.folder().join("work/mine.txt")).unwrap();
    site.must(&format!("export team -o team.age --recipient {recipient}"));
    write(&receiver, "team.age", std::fs::read(site.path("work/team.age")).unwrap());
    let import = |home: &Home, identity: &str, language: &str| {
        home.run(&["import", "team.age", "--identity", identity, "--dry-run", "--lang", language])
    };
    for (language, missing, wrong) in [
        ("en", "the identity is sealed with a passphrase", "the passphrase does not open the identity"),
        ("ja", "identity がパスフレーズで保護されています", "パスフレーズが identity と一致しません"),
    ] {
        says(&import(&receiver, "sealed.txt", language), 2, missing);
        says(&import(&receiver, "sealed.txt", language), 2, "CONN_IDENTITY_PASSPHRASE");
        receiver.set("CONN_IDENTITY_PASSPHRASE", "not-this-one");
        says(&import(&receiver, "sealed.txt", language), 2, wrong);
        says(&import(&receiver, "armored.txt", language), 2, wrong);
        receiver.set("CONN_IDENTITY_PASSPHRASE", "");
    }
    receiver.set("CONN_IDENTITY_PASSPHRASE", PASSPHRASE);
    for identity in ["sealed.txt", "armored.txt"] {
        says(&import(&receiver, identity, "en"), 0, "team");
    }
    let cut: Vec<u8> = armored(&by_passphrase(&secret))[..120].to_vec();
    write(&receiver, "cut.txt", cut);
    assert_eq!(import(&receiver, "cut.txt", "en").code, 2);
}
