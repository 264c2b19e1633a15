//! From one home to another: definitions in the clear, secrets sealed, and tokens only where that is safe.

use conn::sandbox::Credentials;

use super::{home, identity, write};
use crate::support::cli::{Home, Run};
use crate::support::site::Site;

const SECRET: &str = "hunter2hunter2hunter2hunter2";

/// A home with connections whose secrets are in its vault.
fn sender() -> Home {
    let home = home(SECRET);
    let files = ["acme.postman_collection.json", "acme.postman_environment.json", "shop.env"];
    let run = home.run(&[&["import", "--yes", "--store", "vault"], &files[..]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    home
}

fn receiver() -> Home {
    Home::with("").knowing("CONN_VAULT_PASSPHRASE", "another-passphrase")
}

/// Carries a file from one home to another.
fn carry(from: &Home, to: &Home, name: &str) {
    write(to, name, std::fs::read(from.folder().join("work").join(name)).unwrap());
}

fn says(run: &Run, code: i32, sentence: &str) {
    let said = format!("{}{}", run.out, run.err).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(run.code == code && said.contains(sentence), "{sentence:?} in {run:#?}");
}

#[test]
fn connections_come_back_with_their_secrets_in_another_home() {
    let (sender, receiver) = (sender(), receiver());
    let recipient = identity(&receiver, "mine.txt");
    let other = identity(&sender, "other.txt");
    let run =
        sender.run(&["export", "--all", "-o", "all.age", "--recipient", &other, "--recipient", &recipient]);
    assert_eq!(run.code, 0, "{run:?}");
    let sealed = std::fs::read(sender.folder().join("work/all.age")).unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains(SECRET) && sealed.starts_with(b"age-encryption.org"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(sender.folder().join("work/all.age")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    carry(&sender, &receiver, "all.age");
    let import = ["import", "all.age", "--identity", "mine.txt", "--yes", "--store", "vault"];
    let run = receiver.run(&import);
    assert!(run.code == 0 && !run.err.contains("in the clear"), "{run:?}");
    assert!(!std::fs::read_to_string(receiver.definitions()).unwrap().contains(SECRET));
    // Only what is stored just as it was sealed counts as there already.
    says(&receiver.run(&import), 0, "There is nothing to import.");
    says(&receiver.run(&["list"]), 0, "pending");
}

#[test]
fn a_connection_that_moved_passes_its_test_at_the_service() {
    let mut site = Site::with(Credentials::generate());
    site.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    std::fs::write(site.path("work/key.txt"), &site.sandbox.credentials().key).unwrap();
    let place =
        "--connector sandbox --method key --set address={url} --secret api_key=file:key.txt --store vault";
    site.must(&format!("add crm {place}"));
    let receiver = receiver();
    let recipient = identity(&receiver, "mine.txt");
    site.must(&format!("export crm -o crm.age --recipient {recipient}"));
    write(&receiver, "crm.age", std::fs::read(site.path("work/crm.age")).unwrap());
    let run = receiver.run(&["import", "crm.age", "--identity", "mine.txt", "--yes"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(receiver.test("crm", &[]).outcome(), "ok - 0");
}

#[test]
fn definitions_alone_travel_in_the_clear_and_hold_no_secret() {
    let (sender, receiver) = (sender(), receiver());
    let run = sender.run(&["export", "acme-orders", "stripe", "-o", "some.toml"]);
    assert_eq!(run.code, 0, "{run:?}");
    carry(&sender, &receiver, "some.toml");
    let value = receiver.run(&["import", "some.toml", "--yes", "--format", "json"]).json();
    assert_eq!(value["connections"].as_array().unwrap().len(), 2, "{value:#}");
    assert_eq!(value["connections"][0]["missing"][0], "x_api_key", "{value:#}");
    assert_eq!(value["connectors"][0]["id"], "acme-orders");
    let printed = sender.run(&["export", "--all"]);
    assert!(printed.out.contains("[connections.twilio]") && !printed.out.contains(SECRET), "{}", printed.out);
    assert_eq!(receiver.run(&["lint"]).code, 0, "{:?}", receiver.run(&["lint"]));
}

#[test]
fn a_bundle_that_expired_or_was_sealed_for_others_or_is_damaged_is_refused_with_its_reason() {
    let home = sender();
    let (mine, theirs) = (identity(&home, "mine.txt"), identity(&home, "theirs.txt"));
    let export = |file: &str, recipient: &str, expires: &str| {
        let run = home.run(&["export", "stripe", "-o", file, "--recipient", recipient, "--expires", expires]);
        assert_eq!(run.code, 0, "{run:?}");
    };
    export("mine.age", &mine, "7d");
    export("theirs.age", &theirs, "7d");
    let whole = std::fs::read(home.folder().join("work/mine.age")).unwrap();
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    write(&home, "changed.age", changed);
    write(&home, "cut.age", &whole[..whole.len() - 20]);
    let import =
        |file: &str, identity: &str| home.run(&["import", file, "--identity", identity, "--dry-run"]);
    says(&import("theirs.age", "mine.txt"), 2, "it was sealed for other recipients than this identity");
    says(&import("changed.age", "mine.txt"), 2, "it is damaged");
    says(&import("cut.age", "mine.txt"), 2, "it is damaged");
    says(&import("mine.age", "shop.env"), 2, "the file holds no age identity");
    says(&home.run(&["import", "mine.age"]), 2, "--identity names the file");
    says(&home.run(&["import", "mine.age", "--lang", "ja"]), 2, "--identity で identity のファイル");
    says(&import("mine.age", "mine.txt"), 0, "stripe");
    expired(&home, &mine);
}

/// A bundle whose time is over, sealed here as another conn would have sealed it.
fn expired(home: &Home, recipient: &str) {
    use conn::moving::{bundle::Bundle, sealed};
    let at = |text: &str| text.parse().unwrap();
    let bundle = Bundle::new(at("2020-01-01T00:00:00Z"), at("2020-01-08T00:00:00Z"), String::new(), vec![]);
    let recipient = sealed::Recipient::find(recipient).unwrap();
    write(home, "old.age", sealed::seal(&[recipient], bundle.to_text().as_bytes()).unwrap());
    let run = home.run(&["import", "old.age", "--identity", "mine.txt", "--yes"]);
    says(&run, 2, "it expired on 2020-01-08");
    let run = home.run(&["import", "old.age", "--identity", "mine.txt", "--yes", "--lang", "ja"]);
    says(&run, 2, "有効期限");
}

#[test]
fn nothing_is_written_over_and_no_identity_stands_on_a_command_line() {
    let home = sender();
    let recipient = identity(&home, "mine.txt");
    let export = |words: &[&str]| home.run(&[&["export"], words].concat());
    says(&export(&["stripe", "-o", "shop.env"]), 2, "is there already");
    says(&home.run(&["generate", "identity", "mine.txt"]), 2, "never written over");
    says(&export(&["stripe", "-o", "x.age", "--recipient", "nobody"]), 2, "neither an age recipient");
    let secret = std::fs::read_to_string(home.folder().join("work/mine.txt")).unwrap();
    let secret = secret.lines().find(|line| line.starts_with("AGE-")).unwrap();
    let run = export(&["stripe", "-o", "x.age", "--recipient", secret]);
    says(&run, 2, "belongs on no command line");
    assert!(!run.err.contains(secret));
    says(&export(&["stripe", "--recipient", &recipient]), 2, "--output");
    says(&export(&["nowhere"]), 5, "nowhere");
    says(&export(&["stripe", "-o", "x.age", "--recipient", &recipient, "--expires", "soon"]), 2, "12h");
    assert!(!home.folder().join("work/x.age").exists());
}

#[test]
fn a_command_stays_on_its_machine_and_a_reference_is_named() {
    let home = Home::with(
        "[connections.a]\nconnector = \"openai\"\nsecrets.api_key = \"command:cat /secret/hunter2\"\n\
         [connections.b]\nconnector = \"openai\"\nsecrets.api_key = \"env:B_KEY\"\n",
    )
    .knowing("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    let run = home.run(&["export", "--all"]);
    assert!(run.code == 0 && !run.out.contains("hunter2") && run.out.contains("env:B_KEY"), "{run:?}");
    says(&run, 0, "Stays here: a: api_key: a command of this machine prints it");
    // A file from elsewhere may not bring one along either.
    write(
        &home,
        "evil.toml",
        "[connections.evil]\nconnector = \"openai\"\nsecrets.api_key = \"command:touch x\"\n",
    );
    let run = home.run(&["import", "evil.toml", "--yes"]);
    assert!(run.code == 5 && run.err.contains("evil.toml:3"), "{run:?}");
}
