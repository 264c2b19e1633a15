//! The files beside facts and report: what ran when, the certificates, the definition, this machine.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::json;

use super::Part;
use super::archive::CONNECTOR;
use crate::base::time;
use crate::diagnosis::fact::StageDetail;
use crate::diagnosis::{Facts, StageStatus};
use crate::operation::check::Loaded;
use crate::operation::{Failure, World, secrets};

/// The file with the certificates.
pub const CHAIN: &str = "chain.pem";
/// How many earlier results are told.
const PAST: usize = 50;

/// All of them; those with nothing to tell are left out.
///
/// # Errors
/// When the history cannot be read.
pub fn all(world: &dyn World, loaded: &Loaded, facts: &Facts, reduced: &Facts) -> Result<Vec<Part>, Failure> {
    let part = |name: &str, text: String| Part { name: name.to_owned(), text };
    let connector = toml::to_string(&*loaded.prepared.connector).unwrap_or_default();
    let mut parts = vec![
        part("timeline.txt", timeline(world, facts)?),
        part("requests.txt", requests(reduced)),
        part("connection.toml", connection(world, loaded, facts)),
        part(CONNECTOR, connector),
        part("machine.json", machine(world, facts)),
    ];
    let chain = chain(facts);
    if !chain.is_empty() {
        parts.push(part(CHAIN, chain));
    }
    Ok(parts)
}

/// What ran when, and earlier results.
fn timeline(world: &dyn World, facts: &Facts) -> Result<String, Failure> {
    let mut text = format!("{}  begin\n", time::iso(facts.at));
    for stage in &facts.stages {
        let status = match stage.status {
            StageStatus::Ok => "ok",
            StageStatus::Warning => "warning",
            StageStatus::Failed => "failed",
            StageStatus::NotReached => "not reached",
            StageStatus::Absent => "absent",
            StageStatus::Unverified => "unverified",
        };
        let ms = stage.ms.map(|ms| format!("  {ms:.1} ms")).unwrap_or_default();
        let _ = writeln!(text, "  stage {:<8} {status}{ms}", stage.stage.code());
    }
    for fact in &facts.answers {
        let outcome = match (&fact.answer, &fact.fault) {
            (Some(answer), _) => answer.status.to_string(),
            (None, Some(fault)) => format!("{fault:?}"),
            (None, None) => "-".to_owned(),
        };
        let _ = writeln!(text, "  request {:<12} {outcome}  {:.1} ms", fact.request, fact.ms);
    }
    let _ = writeln!(text, "\nearlier results");
    let link_name = &facts.connection.link_name;
    for row in world.ledger().history(link_name, PAST)? {
        let code = row.code.unwrap_or_default();
        let (first, last) = (time::iso(row.first_seen), time::iso(row.last_seen));
        let _ = writeln!(text, "  {first} .. {last}  x{}  {} {} {code}", row.count, row.verb, row.verdict);
    }
    Ok(text)
}

/// Each request with its redirects and the headers of its answer.
fn requests(facts: &Facts) -> String {
    let mut text = String::new();
    for fact in &facts.answers {
        let _ = writeln!(text, "{}: {} {}", fact.request, fact.method, fact.url);
        for hop in &fact.redirects {
            let _ = writeln!(text, "  {} -> {}", hop.status, hop.to);
        }
        if let Some(fault) = &fact.fault {
            let _ = writeln!(text, "  no answer: {fault:?}");
        }
        if let Some(answer) = &fact.answer {
            let _ = writeln!(text, "  {} {}", answer.version, answer.status);
            for (name, value) in &answer.headers {
                let _ = writeln!(text, "  {name}: {value}");
            }
            let _ = writeln!(text, "\n  {} bytes; kept of them:\n  {}\n", answer.length, answer.body);
        }
    }
    text
}

/// The certificates as the server sent them.
fn chain(facts: &Facts) -> String {
    let chains = facts.stages.iter().filter_map(|stage| match &stage.detail {
        StageDetail::Tls { chain, .. } => Some(chain),
        _ => None,
    });
    let mut text = String::new();
    for certificate in chains.flatten() {
        let Some(pem) = &certificate.pem else { continue };
        let _ = writeln!(text, "# {}\n# issued by {}\n{pem}", certificate.subject, certificate.issuer);
    }
    text
}

/// The definition of the connection; a value is told only where the address shows it anyway.
fn connection(world: &dyn World, loaded: &Loaded, facts: &Facts) -> String {
    let (prepared, subject) = (&loaded.prepared, &facts.connection);
    let connection = &prepared.connection;
    let mut text = format!("# {}\n[connections.{}]\n", subject.origin, subject.link_name);
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "{key} = {}", toml::Value::String(value.to_owned()));
    };
    line("connector", &connection.connector);
    line("method", &prepared.method_name);
    line("kind", connection.kind.code());
    line("environment", &prepared.environment);
    for (name, value) in &connection.vars {
        let shown = value.len() >= 2 && subject.base.contains(value.as_str()) && !prepared.is_secret(name);
        let set = format!("<set: {} chars>", value.chars().count());
        line(&format!("vars.{name}"), if shown { value } else { &set });
    }
    let prints: BTreeMap<String, String> = secrets::fingerprints(world, &loaded.prepared, &loaded.secrets);
    for key in prepared.method.secret_keys() {
        let source = secrets::source(prepared, key).shown();
        let set = loaded.secrets.get(key).map_or_else(
            || "<not there>".to_owned(),
            |value| {
                let print = prints.get(key).map_or("", String::as_str);
                format!("<set: {} chars, fp {print}, from {source}>", value.expose().chars().count())
            },
        );
        line(&format!("secrets.{key}"), &set);
    }
    if let Some(file) = &connection.ca_file {
        line("ca_file", file);
    }
    text
}

/// Versions, and the settings of this machine that decide the way to a service; names of variables, no values.
fn machine(world: &dyn World, facts: &Facts) -> String {
    let proxy = match world.surroundings().proxy() {
        Ok(proxy) => json!(proxy.map(|proxy| json!({ "source": proxy.source, "address": proxy.address }))),
        Err(source) => json!({ "source": source, "unusable": true }),
    };
    let servers = facts.stages.iter().find_map(|stage| match &stage.detail {
        StageDetail::Dns { servers, .. } => Some(servers.clone()),
        _ => None,
    });
    let matters = |name: &str| {
        let name = name.to_ascii_uppercase();
        name.ends_with("_PROXY") || name.starts_with("CONN_") || name.starts_with("SSL_CERT") || name == "CI"
    };
    let variables: Vec<&str> =
        world.process().variables.iter().map(|(name, _)| name).filter(|name| matters(name)).collect();
    let machine = json!({
        "conn": env!("CARGO_PKG_VERSION"),
        "os": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "tls": "rustls",
        "proxy": proxy,
        "name_servers": servers,
        "variables_set": variables,
    });
    serde_json::to_string_pretty(&machine).unwrap_or_default() + "\n"
}
