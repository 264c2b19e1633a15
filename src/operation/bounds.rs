//! How long what a definition describes may become. Templates name values that are templates themselves, so a
//! definition of a few lines could describe more than any machine holds; it is refused before it is built.

use std::collections::BTreeMap;

use super::Failure;
use super::prepare::Prepared;
use crate::base::{Template, Text};
use crate::model::{Permission, RequestLine, TestRequest};

/// The most bytes of one expanded template, secrets not counted.
const LONGEST: usize = 64 * 1024;
/// As deep as values may name each other.
const DEEPEST: u8 = 8;

/// Refuses a connection whose definition describes more than can be sent.
///
/// # Errors
/// Names the template.
pub fn check(prepared: &Prepared) -> Result<(), Failure> {
    const LONG: Text = Text::new(
        "“{template}” becomes longer than {limit} bytes",
        "「{template}」を展開すると {limit} バイトを超えます",
    );
    let connector = &prepared.connector;
    let rows = connector.permissions.iter().map(Permission::as_test);
    let rows: Vec<TestRequest> = rows.collect();
    let mut templates: Vec<&Template> = prepared.method.templates().into_iter().map(|(_, one)| one).collect();
    templates.extend(prepared.method.addresses().into_iter().map(|(_, one)| one));
    templates.extend(connector.base.iter().chain(&connector.hosts).chain(connector.headers.values()));
    for request in rows.iter().chain(&connector.test) {
        if let RequestLine::Call { target, .. } = &request.request {
            templates.push(target);
        }
        templates.extend(request.headers.values().chain(request.query.values()));
        templates.extend(request.form.values().chain(&request.body));
    }
    for line in connector.vars.values().filter_map(|variable| variable.request.as_ref()) {
        if let RequestLine::Call { target, .. } = line {
            templates.push(target);
        }
    }
    let mut sizes = Sizes { prepared, known: BTreeMap::new() };
    let Some(long) = templates.into_iter().find(|template| sizes.template(template, 0) > LONGEST) else {
        return Ok(());
    };
    let shown = crate::base::safe_text::line(long.source(), 60);
    let limit = LONGEST.to_string();
    let names = [("connector", prepared.connection.connector.as_str()), ("name", &prepared.link_name)];
    let evidence = LONG.fill(&[("template", &shown), ("limit", &limit)]);
    Err(Failure::cause("CONN-CFG-DEFINITION", &names).because(evidence))
}

/// The longest that each value can become, worked out once per depth.
struct Sizes<'a> {
    prepared: &'a Prepared,
    known: BTreeMap<(String, u8), usize>,
}

impl Sizes<'_> {
    fn template(&mut self, template: &Template, depth: u8) -> usize {
        let values = template.names().map(|name| self.value(name, depth + 1));
        let size = values.fold(template.source().len(), usize::saturating_add);
        // Encoding makes three bytes of one at most.
        if template.source().contains('|') { size.saturating_mul(3) } else { size }
    }

    /// At least one byte each, so that many empty values count as well.
    fn value(&mut self, name: &str, depth: u8) -> usize {
        if depth > DEEPEST {
            return 1;
        }
        let key = (name.to_owned(), depth);
        if let Some(size) = self.known.get(&key) {
            return *size;
        }
        let prepared = self.prepared;
        let own = prepared.connector.environments.get(&prepared.environment);
        let fixed = own.and_then(|own| own.vars.get(name)).or_else(|| prepared.connection.vars.get(name));
        let variable = prepared.connector.vars.get(name);
        let lookup = variable.and_then(|variable| variable.map.as_ref());
        let looked_up = lookup.into_iter().flat_map(|map| map.values.values().chain(&map.otherwise));
        let default = variable.and_then(|variable| variable.default.as_ref());
        let templates = looked_up.chain(default).chain(prepared.method.path.get(name));
        let longest = templates.map(|template| self.template(template, depth)).max().unwrap_or(1);
        let size = fixed.map_or(longest, |fixed| fixed.len().max(1));
        self.known.insert(key, size);
        size
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Language;
    use crate::config::{Definitions, Layer, LayerKind};
    use crate::operation::prepare::assemble;

    /// What is said of a connector with these variables, whose header holds `{top}`.
    fn said(variables: &str) -> String {
        let text = format!(
            "[connectors.acme]\nbase = 'https://api.test'\nheaders.X-Top = '{{top}}'\ntest.request = 'GET /me'\n\
             auth.key = {{ kind = 'api_key', params.key = 'Key', header.X-Key = '{{key}}' }}\n\
             [connectors.acme.vars]\n{variables}\n[connections.main]\nconnector = 'acme'\n"
        );
        let layer = Layer { kind: LayerKind::User, path: "connectors.toml".into(), text };
        let definitions = Definitions::new(vec![layer]);
        let located = definitions.connection("main").unwrap().unwrap();
        assemble(&definitions, located, None)
            .map_or_else(|failure| failure.describe(Language::En), |_| "fine".to_owned())
    }

    #[test]
    fn a_definition_that_describes_more_than_can_be_sent_is_refused_before_it_is_built() {
        let ten = |name: &str| format!("{{{name}}}").repeat(10);
        let tower = |leaf: &str| {
            let floors =
                (1..8).map(|floor| format!("v{floor}.default = '{}'", ten(&format!("v{}", floor - 1))));
            let floors: Vec<String> = floors.collect();
            format!("v0.default = '{leaf}'\n{}\ntop.default = '{}'", floors.join("\n"), ten("v7"))
        };
        for bomb in [tower("x"), tower("")] {
            let said = said(&bomb);
            assert!(said.contains("CONN-CFG-DEFINITION") && said.contains("65536 bytes"), "{said}");
        }
        let round = "top.default = '{other}{other}'\nother.default = '{top}{top}'";
        for fine in ["top.default = 'v1'", "top.default = '{v1}/{v1}'\nv1.default = 'x'", round] {
            assert_eq!(said(fine), "fine", "{fine}");
        }
    }
}
