//! The address that a browser opens: parameters in their order, each once, every character that could be
//! misread percent-encoded. A raw blank makes some programs encode the whole address a second time.

use percent_encoding::utf8_percent_encode;
use url::Url;

use super::{Stop, Terms};
use crate::base::template::UNRESERVED;

/// Parameters for a consent address or a pushed request. No name stands twice.
#[derive(Debug, Default, Clone)]
pub struct Parameters(Vec<Parameter>);

#[derive(Debug, Clone)]
struct Parameter {
    name: String,
    value: String,
    /// Whether the name is the definition's own, and not a standard one that the definition may rename.
    as_written: bool,
}

impl Parameter {
    fn sent_as<'s>(&'s self, terms: &'s Terms<'_>) -> &'s str {
        if self.as_written { &self.name } else { terms.name(&self.name) }
    }
}

impl Parameters {
    /// Sets a parameter by its standard name, in the place of one of the same name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.0.iter_mut().find(|other| other.name == name) {
            Some(old) => old.value = value,
            None => self.0.push(Parameter { name: name.to_owned(), value, as_written: false }),
        }
    }

    /// Sets what the definition adds to the consent address, under the very names that it writes.
    ///
    /// # Errors
    /// When a template lacks a value.
    pub fn extend(&mut self, terms: &Terms<'_>) -> Result<(), Stop> {
        for (name, template) in terms.method.extra.iter().flat_map(|extra| &extra.authorize) {
            let value = terms.expand(template)?;
            match self.0.iter_mut().find(|other| other.sent_as(terms) == name) {
                Some(old) => old.value = value,
                None => self.0.push(Parameter { name: name.clone(), value, as_written: true }),
            }
        }
        Ok(())
    }

    /// The parameters without those that the definition leaves out: their name is renamed to nothing.
    pub fn sent<'s>(&'s self, terms: &'s Terms<'_>) -> impl Iterator<Item = (&'s str, &'s str)> {
        let kept = self.0.iter().filter(|parameter| !parameter.sent_as(terms).is_empty());
        kept.map(|parameter| (parameter.name.as_str(), parameter.value.as_str()))
    }
}

/// The address with these parameters, which take the place of those that stand in it under the same names.
#[must_use]
pub fn with(terms: &Terms<'_>, mut address: Url, parameters: &Parameters) -> Url {
    let mut all = Parameters::default();
    for (name, value) in address.query_pairs() {
        all.set(&name, value);
    }
    for parameter in &parameters.0 {
        let name = parameter.sent_as(terms);
        if !name.is_empty() {
            all.set(name, &*parameter.value);
        }
    }
    let encode = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    // A plus between scopes is a blank for the services that want it: encoded, it would be a character.
    let plus = terms.method.scope_separator.as_deref() == Some("+");
    let pairs = all.0.iter().map(|Parameter { name, value, .. }| {
        let value = encode(value);
        let value = if plus && name == terms.name("scope") { value.replace("%2B", "+") } else { value };
        format!("{}={value}", encode(name))
    });
    let query = pairs.collect::<Vec<_>>().join("&");
    address.set_query((!query.is_empty()).then_some(&query));
    address
}

#[cfg(test)]
mod tests {
    use super::{Parameters, with};
    use crate::flow::fixture::world;

    #[test]
    fn every_parameter_stands_once_and_encoded() {
        for (definition, address, set, expected) in [
            ("", "https://a.test/x", vec![("scope", "a b")], "https://a.test/x?scope=a%20b"),
            ("", "https://a.test/x?type=web%20server", vec![], "https://a.test/x?type=web%20server"),
            (
                "",
                "https://a.test/x?a=1+2&state=old",
                vec![("state", "S")],
                "https://a.test/x?a=1%202&state=S",
            ),
            ("", "https://a.test/x", vec![("a", "1"), ("a", "2")], "https://a.test/x?a=2"),
            ("", "https://a.test/x", vec![("a", "é&=+#/")], "https://a.test/x?a=%C3%A9%26%3D%2B%23%2F"),
            (
                "scope_separator = '+'",
                "https://a.test/x",
                vec![("scope", "a+b")],
                "https://a.test/x?scope=a+b",
            ),
            ("rename = { state = '' }", "https://a.test/x", vec![("state", "S")], "https://a.test/x"),
            (
                "rename = { client_id = 'client_key' }",
                "https://a.test",
                vec![("client_id", "c")],
                "https://a.test/?client_key=c",
            ),
        ] {
            let address = world(definition).with(|terms| {
                let mut parameters = Parameters::default();
                for (name, value) in set {
                    parameters.set(name, value);
                }
                with(terms, address.parse().unwrap(), &parameters)
            });
            assert_eq!(address.as_str(), expected);
        }
    }
}
