//! Clients that prove themselves with a key, and tokens that are bound to one, at servers that others wrote.

use rcgen::{CertificateParams, SanType};

use crate::support::browser::Browser;
use crate::support::certificate::Authority;
use crate::support::cli::{Home, Run, finish};
use crate::support::oauth_servers::OauthServer;
use crate::support::oidc::Oidc;

/// A service behind a server, whose `me` proves the token.
fn service(server: &str, method: &str) -> String {
    format!(
        r#"
[connectors.service]
name = "Service"
base = "{server}"
test = {{ request = "GET /api/me", identity = {{ account = "/sub" }} }}

[connectors.service.auth.oauth]
kind = "oauth2"
token = "{server}/token"
{method}
"#
    )
}

/// What wants the scope `write` at oidc-provider.
const ORDERS: &str = r#"
[[connectors.service.permissions]]
id = "orders"
label = "Orders"
request = "GET /api/orders"
"#;

/// A connection to it whose tokens are kept in a vault.
fn home(folder: &tempfile::TempDir, server: &str, method: &str, connection: &str) -> Home {
    let connection = format!("[connections.mine]\nconnector = \"service\"\n{connection}\n");
    let home = Home::with(&format!("{}{connection}", service(server, method)));
    let key = file(folder, "vault.key", "a key of more than thirty-two bytes, for tests");
    home.knowing("CONN_VAULT_KEY_FILE", &key)
}

/// A file that only its owner reads; its path.
fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    path.display().to_string()
}

/// Connects with a browser at hand.
fn connect(home: &Home, browser: &Browser) -> Run {
    let mut command = home.command(&["connect", "mine", "--flow", "browser", "--format", "json"]);
    command.envs(browser.variables());
    finish(command, b"")
}

/// Nothing in clear below conn's folder holds this.
fn is_hidden(home: &Home, secret: &str) -> bool {
    home.files()
        .iter()
        .all(|(_, bytes)| !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()))
}

#[test]
fn a_client_signs_with_its_key_or_its_secret_and_is_believed() {
    let Some(oidc) = Oidc::get() else { return };
    let grant = "grant = \"client_credentials\"\nscopes = [\"read\", \"write\"]\n";
    let shared = "shared-secret-with-at-least-32-bytes".to_owned();
    for (client, method, parameter, value, outcome) in [
        ("conn-jwt", "client_auth = \"private_key_jwt\"", "private_key", oidc.key("ES256"), "ok - 0"),
        ("conn-jwt", "client_auth = \"private_key_jwt\"", "private_key", oidc.key("RS256"), "ok - 0"),
        (
            "conn-jwt",
            "client_auth = \"private_key_jwt\"\nsign.header.kid = \"conn-RS256\"\nsign.claims.aud = \"{base}\"",
            "private_key",
            oidc.key("RS256"),
            "ok - 0",
        ),
        ("conn-shared", "client_auth = \"secret_jwt\"", "client_secret", shared, "ok - 0"),
        (
            "conn-shared",
            "client_auth = \"secret_jwt\"",
            "client_secret",
            "another-secret-with-at-least-32-bytes".to_owned(),
            "rejected CONN-OAUTH-CLIENT-INVALID 4",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let method = format!("{grant}{}", method.replace("{base}", &oidc.url()));
        let home = Home::with(&format!("{}{ORDERS}", service(&oidc.url(), &method)));
        let key = file(&folder, "vault.key", "a key of more than thirty-two bytes, for tests");
        let home = home.knowing("CONN_VAULT_KEY_FILE", &key);
        let source = format!("{parameter}=file:{}", file(&folder, "secret", &value));
        let (set, add) = (format!("client_id={client}"), ["add", "mine", "--connector", "service"]);
        let rest = ["--store", "vault", "--set", &set, "--secret", &source, "--format", "json"];
        let run = home.run(&[add.as_slice(), &rest].concat());
        assert_eq!(run.outcome(), outcome, "{client} {run:#?}");
        if run.code == 0 {
            assert_eq!(run.access(), ["orders granted"], "{run:#?}");
            assert_eq!(home.test("mine", &[]).outcome(), "ok - 0");
        }
        let line = value.lines().nth(1).unwrap_or(&value);
        assert!(is_hidden(&home, line) && !run.out.contains(line) && !run.err.contains(line));
    }
}

#[test]
fn a_secret_that_form_encoding_changes_reaches_each_server_in_its_own_way() {
    let Some(oidc) = Oidc::get() else { return };
    let Some(authlib) = OauthServer::authlib(&[]) else { return };
    for (server, encoding, outcome) in [
        (oidc.url(), "form", "ok - 0"),
        (authlib.url(), "raw", "ok - 0"),
        (authlib.url(), "form", "rejected CONN-OAUTH-CLIENT-INVALID 4"),
    ] {
        let method = format!(
            "grant = \"client_credentials\"\nclient_auth = \"basic\"\nbasic_encoding = \"{encoding}\"\nscopes = [\"read\"]"
        );
        let connection = "vars.client_id = \"conn-odd\"\nsecrets.client_secret = \"env:VALUE\"";
        let folder = tempfile::tempdir().unwrap();
        let home = home(&folder, &server, &method, connection).knowing("VALUE", "odd+secret/with %and:more=");
        let run = home.test("mine", &[]);
        assert_eq!(run.outcome(), outcome, "{server} {encoding} {run:#?}");
    }
}

#[test]
fn a_statement_about_a_user_brings_a_token_and_one_about_nobody_does_not() {
    let Some(authlib) = OauthServer::authlib(&[]) else { return };
    for (user, outcome) in [("ops", "ok - 0"), ("nobody", "rejected CONN-AUTH-REJECTED 4")] {
        let method = "grant = \"jwt_bearer\"\nscopes = [\"read\"]\nparams.client_id = { label = \"Client\", secret = false }\n\
                      params.subject = { label = \"User\", secret = false }";
        let connection = format!(
            "vars.client_id = \"conn-bearer\"\nvars.subject = \"{user}\"\nsecrets.private_key = \"env:VALUE\""
        );
        let folder = tempfile::tempdir().unwrap();
        let home = home(&folder, &authlib.url(), method, &connection).knowing("VALUE", &authlib.key());
        let run = home.test("mine", &[]);
        assert_eq!(run.outcome(), outcome, "{user} {run:#?}");
    }
}

#[test]
fn one_token_is_exchanged_for_another_with_fewer_rights() {
    let Some(oidc) = Oidc::get() else { return };
    let client = Some(("conn-machine", "machine-secret-0123456789"));
    let held = oidc.token(client, &[("grant_type", "client_credentials"), ("scope", "read write")]);
    let method = "grant = \"token_exchange\"\nclient_auth = \"basic\"\nscopes = [\"read\"]\nparams.subject_token = \"Token\"";
    let connection = "vars.client_id = \"conn-machine\"\nsecrets.client_secret = \"env:SECRET\"\n\
                      secrets.subject_token = \"env:SUBJECT\"";
    let folder = tempfile::tempdir().unwrap();
    let home = home(&folder, &oidc.url(), method, &format!("{connection}\n{ORDERS}"))
        .knowing("SECRET", "machine-secret-0123456789")
        .knowing("SUBJECT", &held.text("access_token"));
    let run = home.test("mine", &[]);
    assert_eq!(run.access(), ["orders denied"], "{run:#?}");
    let unknown = home.knowing("SUBJECT", "a-token-that-nobody-issued");
    let run = unknown.test("mine", &[]);
    assert_eq!((run.code, run.connection()["verdict"].as_str()), (4, Some("rejected")), "{run:#?}");
}

#[test]
fn a_bound_token_is_had_used_and_renewed_with_proofs_of_one_key() {
    for nonce in [&[][..], &[("DPOP_NONCE", "1")]] {
        let Some(oidc) = Oidc::start(nonce) else { return };
        let Some(browser) = Browser::willing() else { return };
        let method = format!(
            "authorize = \"{0}/auth\"\npar = \"{0}/request\"\nclient_auth = \"none\"\ndpop = true\n\
             redirect.path = \"/callback\"\nscopes = [\"openid\", \"read\", \"write\"]",
            oidc.url()
        );
        let connection = "vars.client_id = \"conn-dpop\"\nsecrets.access_token = \"vault\"";
        let folder = tempfile::tempdir().unwrap();
        let home = home(&folder, &oidc.url(), &method, &format!("{connection}\n{ORDERS}"));
        let run = connect(&home, &browser);
        assert_eq!(run.outcome(), "ok - 0", "{nonce:?} {run:#?} {:#?}", browser.pages());
        let before = oidc.count("api");
        assert_eq!(home.test("mine", &[]).access(), ["orders granted"]);
        // Only the first call of a process is refused for want of the API's nonce.
        let calls = if nonce.is_empty() { 2 } else { 3 };
        assert_eq!(oidc.count("api") - before, calls, "{nonce:?}");
        oidc.control("expire");
        let run = home.test("mine", &[]);
        assert_eq!(run.outcome(), "ok - 0", "renewed {nonce:?} {run:#?}");
        let request = home.run(&["request", "mine", "GET", "/api/me"]);
        assert!(request.code == 0 && request.out.contains("ops"), "{request:#?}");
        // A code is asked for with the nonce of the pushed request; a renewal knows none yet.
        let renewals = if nonce.is_empty() { 1 } else { 2 };
        assert_eq!((oidc.count("authorization_code"), oidc.count("refresh_token")), (1, renewals));
    }
}

/// A certificate of X.509 version 1, made with openssl, and its key. They open nothing.
const FIRST_VERSION: (&str, &str) = (
    "-----BEGIN CERTIFICATE-----
MIIBJzCBzwIUEnGfHZzgG3IJxKk6U9iKuKw7QUUwCgYIKoZIzj0EAwIwFjEUMBIG
A1UEAwwLY2xpZW50LnRlc3QwIBcNMjYxMTIyMDI1MjUzWhgPMjEyNjEwMjkwMjUy
NTNaMBYxFDASBgNVBAMMC2NsaWVudC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEABz/tkoSkF7ZVqt1z25rGtM63nRfrTZlSEyNmVZMPaxb6GTBBGqf4bSv
DmXdUWJATpzs7jvgB67yjv2cJ4twfDAKBggqhkjOPQQDAgNHADBEAiA283gtpOao
BwzjSqArRX8oZDCH8SrWSHUrOFkR5ykXrwIgQw7QtXSNMs/bbNzM0e4sm4fEH3Gq
YGu2oUN8JCIGbMg=
-----END CERTIFICATE-----",
    "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgL0onqArpn8YikX+C
63IiDA4HI+DR+q9SklBbHj9aCyqhRANCAAQAHP+2ShKQXtlWq3XPbmsa0zredF+t
NmVITI2ZVkw9rFvoZMEEap/htK8OZd1RYkBOnOzuO+AHrvKO/Zwni3B8
-----END PRIVATE KEY-----",
);

#[test]
fn a_client_certificate_proves_the_client_and_binds_its_token() {
    let folder = tempfile::tempdir().unwrap();
    let (root, clients) =
        (Authority::root("conn tests", "Root"), Authority::root("conn tests", "Client Root"));
    let client = |authority: &Authority| {
        let name = |params: &mut CertificateParams| {
            params.subject_alt_names = vec![SanType::DnsName("client.test".try_into().unwrap())];
        };
        authority.issue(name).pem()
    };
    let server = root.good().pem();
    let (own, stranger) = (client(&clients), client(&root));
    let trusted = clients.file().display().to_string();
    let (certificate, key) = (file(&folder, "server.pem", &server.0), file(&folder, "server.key", &server.1));
    let variables = [("TLS_CERT", &*certificate), ("TLS_KEY", &*key), ("TLS_CLIENTS", &*trusted)];
    let Some(oidc) = Oidc::start(&variables) else { return };
    let shape = "local_setup CONN-SEC-SHAPE 5";
    for (certificate, key, outcome, words) in [
        (&*own.0, &*own.1, "ok - 0", ""),
        (&*stranger.0, &*stranger.1, "rejected CONN-OAUTH-CLIENT-INVALID 4", ""),
        (&*own.0, &*stranger.1, shape, "does not belong to the certificate"),
        (&*own.1, &*own.1, shape, "holds no certificate"),
        (FIRST_VERSION.0, FIRST_VERSION.1, shape, "X.509 version 1"),
    ] {
        let method = "grant = \"client_credentials\"\nclient_auth = \"mtls\"\nscopes = [\"write\"]";
        let connection = format!(
            "vars.client_id = \"conn-tls\"\nsecrets.certificate = \"env:CERTIFICATE\"\n\
             secrets.private_key = \"env:KEY\"\n{ORDERS}"
        );
        let folder = tempfile::tempdir().unwrap();
        let home = home(&folder, &oidc.url(), method, &connection)
            .knowing("SSL_CERT_FILE", &root.file().display().to_string())
            .knowing("CERTIFICATE", certificate)
            .knowing("KEY", key);
        let run = home.test("mine", &[]);
        assert_eq!(run.outcome(), outcome, "{run:#?}");
        assert!(run.out.contains(words), "{run:#?}");
        assert_eq!(run.access() == ["orders granted"], run.code == 0, "{run:#?}");
    }
}
