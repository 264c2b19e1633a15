//! Values by where they are kept: how long they are good for, and where they are mended.

use conn::sandbox::Credentials;

use crate::support::scripted::{Script, Scripted, answer};
use crate::support::site::Site;
use crate::support::vendor::{Asked, Vendor};

fn define(site: &Site, definition: &str) {
    let file = site.definition_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, definition).unwrap();
}

#[cfg(unix)]
#[test]
fn a_value_ends_when_it_is_as_old_as_its_definition_allows() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut site = Site::with(Credentials::generate());
    let url = site.sandbox.url();
    define(
        &site,
        &format!(
            "[connectors.inv]\nbase = '{url}'\ntest.request = 'GET /api/me'\n[connectors.inv.auth.key]\n\
             kind = 'api_key'\nheader.X-Api-Key = '{{key}}'\nparams.key = {{ label = 'Key', max_age = '10d' }}\n"
        ),
    );
    let key = site.path("vault.key");
    std::fs::write(&key, "a key of more than thirty-two bytes, for tests").unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    site.set("CONN_VAULT_KEY_FILE", &key.display().to_string());
    std::fs::write(site.path("work/k.txt"), &site.sandbox.credentials().key).unwrap();
    site.must("add kept --connector inv --store vault --secret key=file:k.txt");
    site.must("add lent --connector inv --secret key=env:KEY");
    for name in ["kept", "lent"] {
        let told = site.must(&format!("test {name}")).all().contains("CONN-AUTH-KEY-EXPIRES-SOON");
        assert_eq!(told, name == "kept", "{name}");
    }
    let soon = site.run("list --expiring 14d --strict");
    assert_eq!(soon.exit, 7, "{}", soon.all());
    assert!(soon.stdout.contains("kept") && !soon.stdout.contains("lent"), "{}", soon.stdout);
    assert_eq!(site.run("list --expiring 8d --strict").exit, 0);
}

#[test]
fn the_secret_of_an_app_is_mended_where_it_is_kept() {
    let vendor = Vendor::start(|_: &Asked, _| {
        answer("401 Unauthorized", "Content-Type: application/json\r\n", br#"{"error":"invalid_client"}"#)
    });
    let at = format!("http://{}", vendor.address);
    let site = Site::with(Credentials::generate());
    define(
        &site,
        &format!(
            "[connectors.machine]\nbase = '{at}'\ntest.request = 'GET /me'\n[connectors.machine.auth.oauth]\n\
             kind = 'oauth2'\ngrant = 'client_credentials'\ntoken = '{at}/token'\n\
             [connectors.machine.auth.oauth.params]\nclient_id = {{ label = 'Client', secret = false }}\n\
             client_secret = 'Secret'\n[connections.robot]\nconnector = 'machine'\nvars.client_id = 'c'\n\
             secrets.client_secret = 'env:KEY'\n"
        ),
    );
    for (language, said) in
        [("en", "The value comes from env:KEY: change it there"), ("ja", "値の取得元は env:KEY です。")]
    {
        let run = site.run(&format!("test robot --lang {language}"));
        assert!(run.exit == 4 && run.all().contains("CONN-OAUTH-CLIENT-INVALID"), "{}", run.all());
        assert!(run.all().contains(said) && !run.all().contains("conn reconnect robot"), "{}", run.all());
    }
}

#[test]
fn a_server_on_this_machine_that_closes_at_tls_is_likely_one_for_plain_http() {
    let server = Scripted::start(Script::says("").speaking_first());
    let at = format!("https://{}", server.address);
    let site = Site::with(Credentials::generate());
    define(
        &site,
        &format!(
            "[connectors.plain]\nbase = '{at}'\ntest.request = 'GET /me'\n[connectors.plain.auth.key]\n\
             kind = 'api_key'\nheader.X-Api-Key = '{{key}}'\nparams.key = 'Key'\n\
             [connections.plain]\nconnector = 'plain'\nsecrets.key = 'env:KEY'\n"
        ),
    );
    for line in ["test plain".to_owned(), format!("connectors probe {at}")] {
        for (language, said) in
            [("en", "closed the connection when TLS began"), ("ja", "TLS の開始時に接続を閉じました")]
        {
            let run = site.run(&format!("{line} --lang {language}"));
            assert!(run.exit == 6 && run.all().contains("CONN-TLS-NOT-TLS"), "{line}: {}", run.all());
            assert!(run.all().contains(said), "{line}: {}", run.all());
        }
    }
}
