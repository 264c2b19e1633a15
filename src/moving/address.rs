//! Which service an address belongs to: does it lie under a base, and what are the variables of the base then.

use std::borrow::Cow;

use indexmap::IndexMap;
use url::Url;

use crate::base::authority;
use crate::model::Connector;

/// How an address lies under the base of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Under {
    /// How much of the base is fixed, in characters; more is a better match.
    pub fixed: usize,
    /// The variables of the host.
    pub vars: IndexMap<String, String>,
}

/// Whether an address leads to the host of a service. A host that is all variable matches nothing, since it would
/// match everything; so does one whose fixed part is no more than a top level domain.
#[must_use]
pub fn under(connector: &Connector, address: &str) -> Option<Under> {
    let url = Url::parse(address).ok()?;
    let host = authority(&url)?;
    let bases = connector.auth.values().filter_map(|method| method.base.as_ref());
    let all = connector.base.iter().chain(bases);
    all.filter_map(|base| fits(connector, base.source(), &host, url.path())).max_by_key(|under| under.fixed)
}

fn fits(connector: &Connector, base: &str, host: &str, path: &str) -> Option<Under> {
    let (scheme, rest) = base.split_once("://")?;
    if scheme != "https" && scheme != "http" {
        return None;
    }
    let (pattern, below) = rest.split_once('/').unwrap_or((rest, ""));
    let (fixed, vars) = host_vars(connector, pattern, host)?;
    // Families share a host: the longer path that both have, the better.
    let literal = below.split('{').next().unwrap_or_default().trim_end_matches('/');
    let own = path.trim_start_matches('/');
    let shared = literal
        .split('/')
        .zip(own.split('/'))
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len())
        .sum::<usize>();
    Some(Under { fixed: fixed * 100 + shared, vars })
}

/// The variables of a host, for example `{shop}.myshopify.com` on `acme.myshopify.com`.
fn host_vars(connector: &Connector, pattern: &str, host: &str) -> Option<(usize, IndexMap<String, String>)> {
    if !pattern.contains('{') {
        return pattern.eq_ignore_ascii_case(host).then(|| (host.len(), IndexMap::new()));
    }
    let mut expression = String::from("^");
    let (mut names, mut fixed, mut rest) = (Vec::new(), String::new(), pattern);
    while let Some((before, after)) = rest.split_once('{') {
        let (inner, behind) = after.split_once('}')?;
        // A filter or a lookup cannot be turned round.
        let variable =
            connector.vars.get(inner).filter(|variable| variable.map.is_none() && variable.from.is_none())?;
        expression.push_str(&escaped(before));
        expression.push_str(&choice(variable));
        fixed.push_str(before);
        names.push(inner);
        rest = behind;
    }
    expression.push_str(&escaped(rest));
    expression.push('$');
    fixed.push_str(rest);
    let labels = fixed.trim_matches('.').matches('.').count();
    if labels == 0 && names.iter().any(|name| connector.vars[*name].choices.is_empty()) {
        return None;
    }
    let found = regex_lite::Regex::new(&expression).ok()?.captures(host)?;
    let values = names.iter().enumerate();
    let vars = values.map(|(index, name)| ((*name).to_owned(), found[index + 1].to_owned())).collect();
    Some((fixed.len(), vars))
}

fn choice(variable: &crate::model::Variable) -> String {
    if variable.choices.is_empty() {
        return "([a-z0-9][a-z0-9.-]*)".to_owned();
    }
    let all: Vec<Cow<'_, str>> = variable.choices.iter().map(|choice| Cow::Owned(escaped(choice))).collect();
    format!("({})", all.join("|"))
}

/// A text as an expression that matches only itself.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if !c.is_ascii_alphanumeric() && c != '-' {
            safe.push('\\');
        }
        safe.push(c.to_ascii_lowercase());
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::under;
    use crate::model::Connector;

    #[test]
    fn an_address_lies_under_a_base_by_its_host_and_names_the_variables() {
        let fixed = "base = 'https://api.acme.test/v1'";
        let shop = "base = 'https://{shop}.myshop.test/admin'\nvars.shop = { label = 'Shop' }";
        let all = "base = 'https://{host}/api'\nvars.host = { label = 'Host' }";
        let centre =
            "base = 'https://www.apis.{dc}'\nvars.dc = { choices = ['com', 'co.jp'], default = 'com' }";
        for (definition, address, expected) in [
            (fixed, "https://api.acme.test/v1/me", Some("")),
            (fixed, "https://api.acme.test.evil.test/v1", None),
            (fixed, "https://acme.test/v1", None),
            (shop, "https://tea.myshop.test", Some("shop=tea")),
            (shop, "https://teamyshop.test", None),
            (all, "https://anything.test/api", None),
            (centre, "https://www.apis.co.jp/x", Some("dc=co.jp")),
            (centre, "https://www.apis.net/x", None),
        ] {
            let connector: Connector = toml::from_str(definition).unwrap();
            let found = under(&connector, address).map(|under| {
                let pairs = under.vars.iter().map(|(name, value)| format!("{name}={value}"));
                pairs.collect::<Vec<_>>().join(" ")
            });
            assert_eq!(found.as_deref(), expected, "{address}");
        }
    }
}
