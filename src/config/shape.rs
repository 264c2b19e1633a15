//! The document against its schema: unknown keys, wrong types, missing keys, wrong words; all at once.

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::{Mistake, Page};
use super::words;
use crate::base::suggest;

/// One text of the document, with the keys that lead to it and the name of its form in the schema.
pub(super) struct Leaf<'d> {
    pub(super) keys: Vec<String>,
    pub(super) form: String,
    pub(super) text: &'d str,
    pub(super) offset: usize,
}

/// What a walk over a document saw.
pub(super) struct Walk<'d> {
    page: Page<'d>,
    schema: &'d Json,
    keys: Vec<String>,
    pub(super) leaves: Vec<Leaf<'d>>,
    pub(super) mistakes: Vec<Mistake>,
}

type Node<'d> = Spanned<DeValue<'d>>;

impl<'d> Walk<'d> {
    /// Walks over a whole document.
    pub(super) fn over(page: Page<'d>, schema: &'d Json, root: &'d DeTable<'d>) -> Self {
        Self::below(page, schema, schema, Vec::new(), root)
    }

    /// Walks over the definition of one connector that is a file of its own.
    pub(super) fn over_connector(page: Page<'d>, schema: &'d Json, id: &str, root: &'d DeTable<'d>) -> Self {
        let connector = schema.pointer("/$defs/Connector").unwrap_or(schema);
        Self::below(page, schema, connector, vec!["connectors".to_owned(), id.to_owned()], root)
    }

    fn below(
        page: Page<'d>,
        schema: &'d Json,
        start: &'d Json,
        keys: Vec<String>,
        root: &'d DeTable<'d>,
    ) -> Self {
        let mut walk = Self { page, schema, keys, leaves: Vec::new(), mistakes: Vec::new() };
        walk.table(root, 0, start);
        walk
    }

    fn node(&mut self, node: &'d Node<'d>, schema: &'d Json) {
        let (form, options) = self.options(schema);
        let fitting: Vec<&'d Json> =
            options.iter().copied().filter(|option| fits(node.get_ref(), option)).collect();
        let Some(best) = Self::best(node.get_ref(), &fitting) else {
            return self.wrong_type(node, &options);
        };
        match node.get_ref() {
            DeValue::Table(table) => self.table(table, node.span().start, best),
            DeValue::Array(list) => {
                let Some(items) = best.get("items") else { return };
                for (index, item) in list.iter().enumerate() {
                    self.keys.push(index.to_string());
                    self.node(item, items);
                    self.keys.pop();
                }
            }
            DeValue::String(text) => self.text(text, node.span().start, form, &fitting),
            DeValue::Integer(_) => self.number(node, best),
            _ => {}
        }
    }

    /// The schema's alternatives, references followed, with the name of the form.
    fn options(&self, schema: &'d Json) -> (&'d str, Vec<&'d Json>) {
        let mut schema = schema;
        let mut form = "";
        while let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            let Some(target) = self.schema.pointer(reference.trim_start_matches('#')) else { break };
            form = reference.rsplit('/').next().unwrap_or_default();
            schema = target;
        }
        let nested = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array);
        let options = nested.map_or_else(
            || vec![schema],
            |nested| nested.iter().flat_map(|option| self.options(option).1).collect(),
        );
        (form, options)
    }

    /// The alternative that explains a value best: for tables, the one that knows most of its keys.
    fn best(value: &DeValue<'_>, fitting: &[&'d Json]) -> Option<&'d Json> {
        let DeValue::Table(table) = value else { return fitting.first().copied() };
        let known = |option: &&Json| {
            let names = |key: &Spanned<_>| property(option, key_text(key)).is_some();
            let strangers = table.iter().filter(|(key, _)| !names(key)).count();
            let missing = required(option).filter(|key| !table.contains_key(*key)).count();
            strangers * 2 + missing
        };
        fitting.iter().copied().min_by_key(known)
    }

    fn table(&mut self, table: &'d DeTable<'d>, offset: usize, schema: &'d Json) {
        for (key, value) in table {
            let name = key_text(key);
            if let Some(inner) = property(schema, name) {
                self.keys.push(name.to_owned());
                self.node(value, inner);
                self.keys.pop();
            } else if schema.get("additionalProperties") == Some(&Json::Bool(false)) {
                let known = schema.get("properties").and_then(Json::as_object);
                let known = known.into_iter().flat_map(|known| known.keys().map(String::as_str));
                let nearest = suggest::nearest(name, known.clone());
                let message = words::unknown_key(name, &self.keys);
                let hint = words::known_keys(nearest, known);
                self.say(key.span().start, message, Some(hint));
            }
        }
        // What a connector inherits may hold the rest.
        if !self.inherits() {
            for key in required(schema).filter(|key| !table.contains_key(*key)) {
                self.say(offset, words::missing_key(key, &self.keys), None);
            }
        }
    }

    /// Whether we stand in a table that `extends` may complete: in a connector, outside lists.
    fn inherits(&self) -> bool {
        let in_list = self.keys.iter().any(|key| key.bytes().all(|byte| byte.is_ascii_digit()));
        self.keys.first().is_some_and(|family| family == "connectors") && self.keys.len() > 2 && !in_list
    }

    fn text(&mut self, text: &'d str, offset: usize, form: &str, fitting: &[&'d Json]) {
        let choices: Vec<&str> = fitting.iter().flat_map(|option| constants(option)).collect();
        if !choices.is_empty() {
            if !choices.contains(&text) {
                let nearest = suggest::nearest(text, choices.iter().copied());
                self.say(offset, words::wrong_word(&self.keys), Some(words::choices(nearest, &choices)));
            }
            return;
        }
        let patterns: Vec<&str> =
            fitting.iter().filter_map(|option| option.get("pattern").and_then(Json::as_str)).collect();
        let matches =
            |pattern: &&str| regex_lite::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text));
        if form != "SecretSource" && patterns.len() == fitting.len() && !patterns.iter().any(matches) {
            self.say(offset, words::wrong_form(&self.keys), words::form_hint(form));
        }
        self.leaves.push(Leaf { keys: self.keys.clone(), form: form.to_owned(), text, offset });
    }

    fn number(&mut self, node: &Node<'_>, schema: &Json) {
        let DeValue::Integer(number) = node.get_ref() else { return };
        let value = i64::from_str_radix(number.as_str(), number.radix()).ok();
        let bound = |name: &str| schema.get(name).and_then(Json::as_f64);
        #[expect(clippy::cast_precision_loss, reason = "bounds are small")]
        let value = value.map(|value| value as f64);
        let low = value.is_none_or(|value| bound("minimum").is_some_and(|minimum| value < minimum));
        let high = value.is_none_or(|value| bound("maximum").is_some_and(|maximum| value > maximum));
        if low || high {
            self.say(
                node.span().start,
                words::out_of_range(&self.keys),
                words::range(bound("minimum"), bound("maximum")),
            );
        }
    }

    fn wrong_type(&mut self, node: &Node<'_>, options: &[&Json]) {
        let expected: Vec<&str> = options.iter().flat_map(|option| types(option)).collect();
        let message = words::wrong_type(&self.keys, &expected, type_of(node.get_ref()));
        self.say(node.span().start, message, None);
    }

    fn say(&mut self, offset: usize, message: crate::base::Phrase, hint: Option<crate::base::Phrase>) {
        self.mistakes.push(self.page.mistake(offset, "CONN-CFG-SCHEMA", message, hint));
    }
}

fn key_text<'k>(key: &'k Spanned<toml::de::DeString<'_>>) -> &'k str {
    key.get_ref().as_ref()
}

fn property<'s>(schema: &'s Json, key: &str) -> Option<&'s Json> {
    let own = schema.get("properties").and_then(|known| known.get(key));
    own.or_else(|| schema.get("additionalProperties").filter(|more| more.is_object()))
}

fn required(schema: &Json) -> impl Iterator<Item = &str> {
    schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
}

fn constants(schema: &Json) -> Vec<&str> {
    let words = schema.get("enum").and_then(Json::as_array).into_iter().flatten();
    words.chain(schema.get("const")).filter_map(Json::as_str).collect()
}

fn types(schema: &Json) -> Vec<&str> {
    match schema.get("type") {
        Some(Json::String(word)) => vec![word],
        Some(Json::Array(words)) => words.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "datetime",
        DeValue::Array(_) => "array",
        DeValue::Table(_) => "object",
    }
}

fn fits(value: &DeValue<'_>, schema: &Json) -> bool {
    let types = types(schema);
    let own = type_of(value);
    types.is_empty() || types.contains(&own) || (own == "integer" && types.contains(&"number"))
}
