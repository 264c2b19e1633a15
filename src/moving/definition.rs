//! A connector of one's own for a service that is not built in, written as a person would write it.

use std::fmt::Write as _;

use super::found::{OAuth2, Place, Placed, Proof, Service, Way};

/// The name under which a value is known: `X-Api-Key` becomes `x_api_key`.
#[must_use]
pub fn place_name(key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = key.chars().map(plain).collect();
    let name = name.trim_matches('_');
    if name.is_empty() { "value".to_owned() } else { name.to_owned() }
}

/// The name of the parameter that holds a placed value: the usual header says nothing, so its prefix does.
#[must_use]
pub fn parameter(placed: &Placed) -> String {
    if placed.place == Place::Header && placed.name.eq_ignore_ascii_case("Authorization") {
        return "token".to_owned();
    }
    place_name(&placed.name)
}

/// The definition as TOML, with its headers and a comment that says where it is from.
#[must_use]
pub fn write(id: &str, service: &Service, origin: &str) -> String {
    let name = crate::base::safe_text::line(&service.name, 80);
    let mut toml = format!("# {}\n[connectors.{id}]\nname = {}\n", one_line(origin), quote(&name));
    if let Some(docs) = &service.docs {
        let _ = writeln!(toml, "docs = {}", quote(docs));
    }
    let _ = writeln!(toml, "base = {}", quote(&service.base));
    for (name, value) in &service.headers {
        let _ = writeln!(toml, "headers.{} = {}", key(name), quote(value));
    }
    for (name, variable) in &service.vars {
        let _ = write!(toml, "\n[connectors.{id}.vars.{name}]\nlabel = {}\n", quote(name));
        if !variable.choices.is_empty() {
            let choices: Vec<String> = variable.choices.iter().map(|choice| quote(choice)).collect();
            let _ = writeln!(toml, "choices = [{}]", choices.join(", "));
        }
        if let Some(value) = &variable.value {
            let _ = writeln!(toml, "default = {}", quote(value));
        }
        if name == "host" && variable.value.is_none() {
            toml.push_str("strip = \"url\"\n");
        }
    }
    for way in &service.ways {
        toml.push_str(&auth(id, way));
    }
    let test = service.test.as_ref().map_or_else(|| "reach".to_owned(), |path| format!("GET {path}"));
    let _ = write!(toml, "\n[connectors.{id}.test]\nrequest = {}\n", quote(&test));
    toml
}

fn auth(id: &str, way: &Way) -> String {
    let method = crate::base::name::slug(&way.name);
    let table = format!("connectors.{id}.auth.{method}");
    match &way.proof {
        Proof::Placed(all) => placed(&table, all),
        Proof::Basic(_) => login(&table, "basic"),
        Proof::Digest(_) => login(&table, "digest"),
        Proof::OAuth2(oauth2) => obtained(&table, oauth2),
    }
}

fn placed(table: &str, all: &[Placed]) -> String {
    let bearer = matches!(all, [one] if one.prefix == "Bearer " && one.place == Place::Header);
    let kind = if bearer { "bearer" } else { "api_key" };
    let mut toml = format!("\n[{table}]\nkind = \"{kind}\"\n");
    for one in all {
        let place = match one.place {
            Place::Header => "header",
            Place::Query => "query",
            Place::Cookie => "cookie",
        };
        let value = format!("{}{{{}}}", literal(&one.prefix), parameter(one));
        let _ = writeln!(toml, "{place}.{} = {}", key(&one.name), quote(&value));
    }
    for one in all {
        let label = if bearer { "Token" } else { &one.name };
        let _ = writeln!(toml, "params.{} = {}", parameter(one), quote(label));
    }
    toml
}

fn login(table: &str, kind: &str) -> String {
    format!(
        "\n[{table}]\nkind = \"{kind}\"\nuser = \"{{user}}\"\npassword = \"{{password}}\"\n\
         params.user = {{ label = {{ en = \"User name\", ja = \"ユーザー名\" }}, secret = false }}\n\
         params.password = {{ en = \"Password\", ja = \"パスワード\" }}\n"
    )
}

fn obtained(table: &str, oauth2: &OAuth2) -> String {
    let mut toml = format!("\n[{table}]\nkind = \"oauth2\"\n");
    let fields = [
        ("grant", oauth2.grant.map(str::to_owned)),
        ("issuer", oauth2.issuer.clone()),
        ("authorize", oauth2.authorize.clone()),
        ("token", oauth2.token.clone()),
        ("refresh", oauth2.refresh.clone()),
        ("client_auth", oauth2.client_auth.map(str::to_owned)),
    ];
    for (key, value) in fields {
        if let Some(value) = value {
            let _ = writeln!(toml, "{key} = {}", quote(&value));
        }
    }
    if !oauth2.scopes.is_empty() {
        let scopes: Vec<String> = oauth2.scopes.iter().map(|scope| quote(scope)).collect();
        let _ = writeln!(toml, "scopes = [{}]", scopes.join(", "));
    }
    toml
}

/// A text of somebody else's without the braces that would make it a template.
fn literal(text: &str) -> String {
    text.replace(['{', '}'], "")
}

fn one_line(text: &str) -> String {
    crate::base::safe_text::line(text, 200)
}

/// A key as TOML writes it: bare where it can be.
fn key(text: &str) -> String {
    toml_edit::Key::new(text).to_string()
}

/// A text as TOML writes it on one line.
fn quote(text: &str) -> String {
    toml_edit::Value::from(text).to_string().trim().to_owned()
}
