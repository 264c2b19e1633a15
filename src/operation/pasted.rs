//! An address that stands where a part of one is asked for. People copy `https://acme.example.com/` from their
//! browser, and the definition says `https://{subdomain}.example.com`: what is meant can be read off.

use indexmap::IndexMap;

use super::prepare::Prepared;
use crate::base::Template;
use crate::model::Variable;

/// Where the variables of a connection stand in the host that it speaks to.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    base: Option<Template>,
    pub(super) variables: IndexMap<String, Variable>,
}

/// What a value is that was given for a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pasted {
    /// The value itself, as far as the place tells.
    Plain,
    /// An address: the value of each variable in it, in its order.
    Address(Vec<(String, String)>),
    /// An address of another form than this one.
    Other(String),
}

impl Place {
    /// The host of a connection, in its environment and with its auth method.
    pub(super) fn of(prepared: &Prepared) -> Self {
        let own = prepared.connector.environments.get(&prepared.environment);
        let base = own.and_then(|environment| environment.base.as_ref());
        let base = base.or(prepared.method.base.as_ref()).or(prepared.connector.base.as_ref());
        Self { base: base.cloned(), variables: prepared.connector.vars.clone() }
    }

    /// What was given for a variable; `known` are the values that are settled.
    pub(super) fn read(&self, name: &str, given: &str, known: &IndexMap<String, String>) -> Pasted {
        let Some(host) = self.base.as_ref().and_then(|base| host(base.source())) else {
            return Pasted::Plain;
        };
        let pieces = pieces(host);
        match pieces.as_slice() {
            [Piece::Name(only)] if *only == name => self.whole(name, given),
            several if several.contains(&Piece::Name(name)) => self.part(name, several, given, known),
            _ => Pasted::Plain,
        }
    }

    /// The variable is the whole host: what comes after it in the address bar goes, as far as its form tells where
    /// that begins.
    fn whole(&self, name: &str, given: &str) -> Pasted {
        // A user and password may stand before it: nothing of that is taken, or said again.
        if given.contains('@') {
            return Pasted::Plain;
        }
        let bare = without_scheme(given).split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let fits =
            |value: &str| self.variables.get(name).is_none_or(|variable| variable.unfit(value).is_none());
        let ends = bare.match_indices('/').map(|(end, _)| end).chain([bare.len()]);
        let found = ends.map(|end| &bare[..end]).rfind(|value| !value.is_empty() && fits(value));
        match found {
            Some(value) if value != given => Pasted::Address(vec![(name.to_owned(), value.to_owned())]),
            _ => Pasted::Plain,
        }
    }

    fn part(
        &self,
        name: &str,
        pieces: &[Piece<'_>],
        given: &str,
        known: &IndexMap<String, String>,
    ) -> Pasted {
        let is_address = given.contains(['/', ':']);
        if !is_address && !given.contains('.') {
            return Pasted::Plain;
        }
        let host = without_scheme(given).split(['/', '?', '#', ':']).next().unwrap_or_default();
        if let Some(found) = self.form(pieces, known).and_then(|form| form.captures(host)) {
            let names = pieces.iter().enumerate().filter_map(|(place, piece)| match piece {
                Piece::Name(name) => Some((name, found.name(&group(place))?.as_str())),
                Piece::Literal(_) => None,
            });
            return Pasted::Address(
                names.map(|(name, value)| ((*name).to_owned(), value.to_owned())).collect(),
            );
        }
        let variable = self.variables.get(name);
        if is_address || variable.is_some_and(|variable| variable.unfit(given).is_some()) {
            Pasted::Other(self.sample(pieces, known))
        } else {
            Pasted::Plain
        }
    }

    /// The form of the host, with a group for each variable in it.
    fn form(&self, pieces: &[Piece<'_>], known: &IndexMap<String, String>) -> Option<regex_lite::Regex> {
        let mut form = "^(?i)".to_owned();
        for (place, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Literal(text) => form.push_str(&regex_lite::escape(text)),
                Piece::Name(name) => {
                    let values = match (known.get(*name), self.variables.get(*name)) {
                        (Some(value), _) => regex_lite::escape(value),
                        (None, Some(variable)) => values(variable),
                        (None, None) => ANY.to_owned(),
                    };
                    form.push_str(&format!("(?P<{}>{values})", group(place)));
                }
            }
        }
        regex_lite::Regex::new(&(form + "$")).ok()
    }

    /// An address of the right form.
    fn sample(&self, pieces: &[Piece<'_>], known: &IndexMap<String, String>) -> String {
        let shown = |piece: &Piece<'_>| match piece {
            Piece::Literal(text) => (*text).to_owned(),
            Piece::Name(name) => {
                let variable = self.variables.get(*name);
                let default = || variable?.default.as_ref().map(|default| default.source().to_owned());
                let example = || variable.and_then(|variable| variable.example.clone());
                let value = known.get(*name).cloned().or_else(example).or_else(default);
                value.unwrap_or_else(|| format!("{{{name}}}"))
            }
        };
        format!("https://{}", pieces.iter().map(shown).collect::<String>())
    }
}

/// What a part of a host can be where its definition says no more.
const ANY: &str = "[A-Za-z0-9_.-]+";

/// A piece of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'t> {
    Literal(&'t str),
    Name(&'t str),
}

/// The host in a template of an address; `None` where a variable holds more than that.
fn host(source: &str) -> Option<&str> {
    source.split_once("://")?.1.split(['/', '?']).next().filter(|_| !source.starts_with('{'))
}

/// The pieces of a host. A variable that a filter changes cannot be read back: it stays as it is written, which no
/// address matches.
fn pieces(host: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = host;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        pieces.extend(Some(Piece::Literal(before)).filter(|_| !before.is_empty()));
        pieces.push(if name.contains('|') { Piece::Literal(name) } else { Piece::Name(name) });
        rest = after;
    }
    pieces.extend(Some(Piece::Literal(rest)).filter(|_| !rest.is_empty()));
    pieces
}

fn group(place: usize) -> String {
    format!("v{place}")
}

fn without_scheme(given: &str) -> &str {
    given.split_once("://").map_or(given, |(_, rest)| rest)
}

/// The values that a variable can have, as a regular expression.
fn values(variable: &Variable) -> String {
    if !variable.choices.is_empty() {
        return variable
            .choices
            .iter()
            .map(|choice| regex_lite::escape(choice))
            .collect::<Vec<_>>()
            .join("|");
    }
    variable.pattern.clone().unwrap_or_else(|| ANY.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Pasted, Place};
    use crate::model::Connector;

    fn read(definition: &str, name: &str, given: &str, known: &[(&str, &str)]) -> String {
        let connector: Connector = toml::from_str(definition).unwrap();
        let place = Place { base: connector.base, variables: connector.vars };
        let known = known.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        match place.read(name, given, &known) {
            Pasted::Plain => "plain".to_owned(),
            Pasted::Other(form) => format!("not {form}"),
            Pasted::Address(values) => {
                values.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
            }
        }
    }

    const ONE: &str = "base = 'https://{tenant}.smarthr.jp/api/v1'\n\
                       vars.tenant = { label = 'x', example = 'acme', pattern = '[A-Za-z0-9-]+' }";
    const TWO: &str = "base = 'https://{space}.{domain}/api/v2'\n\
                       vars.space = { label = 'x', example = 'acme', pattern = '[A-Za-z0-9-]+' }\n\
                       vars.domain = { choices = ['backlog.com', 'backlog.jp'], default = 'backlog.com' }";
    const WHOLE: &str = "base = 'https://{host}/api'\n\
        vars.host = { label = 'x', pattern = '[a-z0-9.-]+/crm/sales|[a-z0-9-]+\\.freshsales\\.io' }";
    const FREE: &str = "base = 'https://{host}/api'\nvars.host = { label = 'x', strip = 'url' }";
    const SITE: &str = "base = 'https://api.{site}'\nvars.site = { label = 'x' }";

    #[test]
    fn the_part_that_is_meant_is_read_off_an_address_and_what_is_none_stays() {
        for (definition, name, given, expected) in [
            (ONE, "tenant", "acme", "plain"),
            (ONE, "tenant", "https://acme.smarthr.jp/", "tenant=acme"),
            (ONE, "tenant", "http://Acme.SmartHR.jp/crews?page=2#top", "tenant=Acme"),
            (ONE, "tenant", "acme.smarthr.jp", "tenant=acme"),
            (ONE, "tenant", "acme.smarthr.jp:443/x", "tenant=acme"),
            (ONE, "tenant", "https://acme.example.com/", "not https://acme.smarthr.jp"),
            (ONE, "tenant", "https://acme.smarthr.jp.evil.test/", "not https://acme.smarthr.jp"),
            (ONE, "tenant", "https://a.b.smarthr.jp/", "not https://acme.smarthr.jp"),
            (ONE, "tenant", "acme.smarthr", "not https://acme.smarthr.jp"),
            (ONE, "tenant", "acme/", "not https://acme.smarthr.jp"),
            (ONE, "other", "https://acme.smarthr.jp/", "plain"),
            (TWO, "space", "https://acme.backlog.jp/dashboard", "space=acme domain=backlog.jp"),
            (TWO, "domain", "https://acme.backlog.jp/", "space=acme domain=backlog.jp"),
            (TWO, "domain", "backlog.jp", "plain"),
            (TWO, "space", "https://acme.backlog.net/", "not https://acme.backlog.com"),
            (WHOLE, "host", "acme.freshsales.io", "plain"),
            (WHOLE, "host", "https://acme.freshsales.io/contacts/view/1", "host=acme.freshsales.io"),
            (WHOLE, "host", "https://crm.acme.test/crm/sales/contacts?x=1", "host=crm.acme.test/crm/sales"),
            (WHOLE, "host", "https://acme.example.com/", "plain"),
            (FREE, "host", "git.acme.test/gitlab", "plain"),
            (FREE, "host", "https://me:secret@git.acme.test/gitlab/", "plain"),
            (FREE, "host", "https://git.acme.test/gitlab/?x#y", "host=git.acme.test/gitlab"),
            (SITE, "site", "datadoghq.eu", "plain"),
            (SITE, "site", "https://api.datadoghq.eu/", "site=datadoghq.eu"),
            (
                "base = '{address}/v1'\nvars.address = { label = 'x' }",
                "address",
                "http://127.0.0.1:1",
                "plain",
            ),
            (
                "base = 'https://{key|after:-}.api.test'\nvars.key = {}",
                "key",
                "https://a-b.api.test",
                "plain",
            ),
        ] {
            assert_eq!(read(definition, name, given, &[]), expected, "{definition}: {given}");
        }
    }

    #[test]
    fn what_is_settled_is_not_read_otherwise() {
        let given = "https://acme.backlog.jp/";
        let of = |domain| read(TWO, "space", given, &[("domain", domain)]);
        assert_eq!(of("backlog.jp"), "space=acme domain=backlog.jp");
        assert_eq!(of("backlog.com"), "not https://acme.backlog.com");
    }
}
