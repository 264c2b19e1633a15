//! No sentence of a failure leaves a place open: neither `{value}` nor a word in capitals that stands for one.

use conn::sandbox::Credentials;

use crate::support::site::Site;

/// Commands that fail, each in a home that holds `crm` and broken files beside it.
const FAILING: &[&str] = &[
    "test nobody",
    "show nobody",
    "diagnose nobody",
    "remove nobody --yes",
    "add x --connector nothing",
    "add x --connector sandbox --method key --set address=ftp://x --secret api_key=env:KEY",
    "add x --connector sandbox --method key --set address=http://example.test --secret api_key=env:KEY",
    "add x --connector sandbox --method key --set address={url} --secret api_key=env:NO_SUCH",
    "add x --connector sandbox --method key --set address={url} --secret api_key=env:WRONG",
    "add x --connector sandbox --method key --set address={url} --secret api_key=file:/no/such",
    "add x --connector sandbox --method key --set address={url} --secret api_key=command:/no/such",
    "add x --connector sandbox --store vault --method key --set address={url} --secret api_key=-",
    "reconnect crm --secret api_key=env:NO_SUCH",
    "reconnect crm --secret api_key=env:WRONG",
    "reconnect crm --secret api_key=file:/no/such",
    "reconnect crm --set address=http://127.0.0.1:1",
    "reconnect crm",
    "request pending /x",
    "request off /x",
    "test unset",
    "test sample",
    "test gone",
    "test moved",
    "test sealed",
    "diagnose unset",
    "connect sealed",
    "rename crm off",
    "lint broken.toml",
    "test a --config broken.toml",
    "test crm --config twice.toml",
    "list --config broken.toml",
    "explain NO-SUCH",
];

const MORE: &str = r#"
[connections.pending]
connector = "sandbox"
method = "key"
vars.address = "{url}"
secrets.api_key = "env:KEY"

[connections.off]
connector = "sandbox"
method = "key"
vars.address = "{url}"
secrets.api_key = "env:KEY"

[connections.unset]
connector = "shop"
secrets.token = "env:KEY"

[connections.sample]
connector = "shop"
vars.tenant = "<tenant>"
secrets.token = "env:KEY"

[connections.gone]
connector = "no-such-connector"

[connections.moved]
connector = "sandbox"
method = "no-such-method"

[connections.sealed]
connector = "sandbox"
method = "key"
vars.address = "{url}"
secrets.api_key = "vault"

[connectors.shop]
base = "https://{tenant}.example.test"
vars.tenant = {}
auth.token.kind = "api_key"
auth.token.params.token = { label = "Token", secret = true, header = "X-Token" }
"#;

#[test]
fn no_failure_leaves_a_place_open() {
    let mut site = Site::with(Credentials::generate());
    site.set("WRONG", "not-the-key");
    site.add_crm();
    let url = site.words("{url}").remove(0);
    std::fs::write(site.definition_file(), site.definitions() + &MORE.replace("{url}", &url)).unwrap();
    std::fs::write(site.path("work/broken.toml"), "[connections.a]\nconnector = 1\n[connections.b]\nx = 2\n")
        .unwrap();
    std::fs::write(site.path("work/twice.toml"), "[connections.crm]\nconnector = 'sandbox'\n").unwrap();
    site.must("disable off");
    let home = site.path("home");
    let vault = home.join("state/vault.json");
    std::fs::create_dir_all(vault.parent().unwrap()).unwrap();
    std::fs::write(&vault, "{}").unwrap();
    let place = regex_lite::Regex::new(r"\{[a-z_]+\}").unwrap();
    let word =
        regex_lite::Regex::new(r"(^|[^A-Z_=-])(NAME|SERVICE|HOST|VARIABLE|FIELD|VALUE|LABEL)($|[^A-Z_=-])")
            .unwrap();
    let mut open = Vec::new();
    for line in FAILING {
        for language in ["en", "ja"] {
            for format in ["human", "plain", "jsonl"] {
                let run = site.run(&format!("{line} --lang {language} --format {format}"));
                let said = run.all().replace("NAME=", "").replace("=VALUE", "");
                assert_ne!(run.exit, 0, "{line}: {said}");
                if place.is_match(&said) || word.is_match(&said) {
                    open.push(format!("{line} {language} {format}:\n{said}"));
                }
            }
        }
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
}
