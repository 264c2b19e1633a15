//! How an answer is built: its keys and the kinds of their values, never a value. What the next answers lack, or
//! hold in another kind, is a drift of the API.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base::Timestamp;

/// The most keys that are kept of one answer.
const KEYS: usize = 120;
/// How deep an answer is looked into.
const DEPTH: usize = 6;
/// How many elements of a list are looked at.
const ELEMENTS: usize = 10;
/// An object with more keys than this is a table: its keys are values.
const TABLE: usize = 48;
/// So many answers teach which keys the records of a list always have.
const TAUGHT: u8 = 3;
/// After this time a drift is how the answer is built.
const ACCEPTED: SignedDuration = SignedDuration::from_hours(24 * 7);

/// How an answer is built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The place of each key → the kinds seen there, one letter each: `o` object, `a` list, `s` text, `n` number,
    /// `b` true or false, `0` null.
    pub keys: BTreeMap<String, String>,
    /// Keys that some answers, or some records of a list, lack.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub sometimes: BTreeSet<String>,
    /// How many answers taught this, as far as it matters.
    #[serde(default)]
    pub answers: u8,
    /// The keys that a later answer lacked or held in another kind, and since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drifted>,
}

/// A drift that was seen and is not yet how the answer is built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drifted {
    /// Since when.
    pub since: Timestamp,
    /// The keys that vanished.
    pub gone: BTreeSet<String>,
}

/// What an answer lacks, or holds in another kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// The keys that vanished.
    pub gone: Vec<String>,
    /// Keys with the kinds before and now.
    pub changed: Vec<(String, String, String)>,
}

impl Drift {
    /// Whether nothing drifted.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.changed.is_empty()
    }
}

impl Shape {
    /// The shape of a body; `None` where it holds no structure.
    #[must_use]
    pub fn of(body: &Value) -> Option<Self> {
        if !body.is_object() && !body.is_array() {
            return None;
        }
        let mut walk = Walk::default();
        walk.look(body, 0);
        let mut keys = walk.kinds;
        while keys.len() > KEYS {
            keys.pop_last();
        }
        Some(Self { keys, sometimes: walk.sometimes, answers: 1, drift: None })
    }

    /// A short mark of the keys and kinds, the same on every machine (FNV-1a).
    #[must_use]
    pub fn mark(&self) -> String {
        let bytes =
            self.keys.iter().flat_map(|(at, kinds)| at.bytes().chain([0]).chain(kinds.bytes()).chain([1]));
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("{hash:016x}")
    }

    /// What a later answer lacks, or holds in another kind.
    #[must_use]
    pub fn drift(&self, now: &Self) -> Drift {
        if self.keys == now.keys {
            return Drift::default();
        }
        let gone = self.keys.keys().filter(|at| self.has_lost(at, now)).cloned().collect();
        let changed = self.keys.iter().filter_map(|(at, before)| {
            let after = now.keys.get(at).filter(|after| *after != before)?;
            let (before, after) = (without_null(before), without_null(after));
            let other =
                !before.is_empty() && !after.is_empty() && !after.chars().any(|kind| before.contains(kind));
            other.then(|| (at.clone(), before, after))
        });
        Drift { gone, changed: changed.collect() }
    }

    /// Whether a key that was always there is missing although the object that holds it is there.
    fn has_lost(&self, at: &str, now: &Self) -> bool {
        let listed = at.contains("[]");
        let always = !self.sometimes.contains(at) && (!listed || self.answers >= TAUGHT);
        // A place that ends with the mark of a list is missing where the list is empty.
        let Some((holder, _)) = at.rsplit_once('/').filter(|_| !at.ends_with("[]")) else { return false };
        let full = now.keys.len() >= KEYS;
        let held = holder.is_empty() || now.keys.get(holder).is_some_and(|kinds| kinds.contains('o'));
        always && held && !full && !now.keys.contains_key(at)
    }

    /// What is kept after a further answer. A drift is how the answer is built once it has stood for a week; a key
    /// that came back is one that some answers lack.
    #[must_use]
    pub fn after(&self, now: &Self, at: Timestamp) -> Self {
        let drift = self.drift(now);
        let mut kept = self.clone();
        if drift.is_empty() {
            if let Some(over) = kept.drift.take() {
                kept.sometimes.extend(over.gone);
            }
            if self.keys != now.keys {
                kept.learn(&now.keys);
            }
            kept.sometimes.extend(now.sometimes.iter().cloned());
            while kept.keys.len() > KEYS {
                kept.keys.pop_last();
            }
            kept.sometimes.retain(|at| kept.keys.contains_key(at));
            kept.answers = self.answers.saturating_add(1).min(TAUGHT);
            return kept;
        }
        match &self.drift {
            Some(known) if at.duration_since(known.since) >= ACCEPTED => now.clone(),
            Some(_) => kept,
            None => {
                kept.drift = Some(Drifted { since: at, gone: drift.gone.into_iter().collect() });
                kept
            }
        }
    }

    /// Takes over keys and kinds that were not seen before; keys that are missing are those that some answers lack.
    fn learn(&mut self, keys: &BTreeMap<String, String>) {
        let lacking = self.keys.keys().filter(|at| !keys.contains_key(*at));
        self.sometimes.extend(lacking.cloned());
        for (at, kinds) in keys {
            if let Some(known) = self.keys.get_mut(at) {
                let fresh: String = kinds.chars().filter(|kind| !known.contains(*kind)).collect();
                known.push_str(&fresh);
            } else {
                self.sometimes.insert(at.clone());
                self.keys.insert(at.clone(), kinds.clone());
            }
        }
    }
}

fn without_null(kinds: &str) -> String {
    kinds.chars().filter(|kind| *kind != '0').collect()
}

/// The walk through a body.
#[derive(Default)]
struct Walk {
    /// Where it stands.
    at: String,
    /// The kinds of each place, sorted.
    kinds: BTreeMap<String, String>,
    sometimes: BTreeSet<String>,
}

impl Walk {
    fn look(&mut self, value: &Value, depth: usize) {
        if !self.at.is_empty() {
            self.note(kind(value));
        }
        if depth >= DEPTH || self.kinds.len() >= KEYS * 4 {
            return;
        }
        match value {
            Value::Object(fields) => {
                let table = fields.len() > TABLE || fields.keys().any(|key| !is_name(key));
                for (key, value) in fields {
                    self.below(&["/", if table { "*" } else { key }], value, depth);
                }
                if table {
                    self.sometimes.insert(format!("{}/*", self.at));
                }
            }
            Value::Array(elements) => {
                for element in elements.iter().take(ELEMENTS) {
                    self.below(&["[]"], element, depth);
                }
                self.uneven(elements);
            }
            _ => {}
        }
    }

    fn below(&mut self, step: &[&str], value: &Value, depth: usize) {
        let here = self.at.len();
        self.at.extend(step.iter().copied());
        self.look(value, depth + 1);
        self.at.truncate(here);
    }

    fn note(&mut self, kind: char) {
        match self.kinds.get_mut(&self.at) {
            Some(kinds) if kinds.contains(kind) => {}
            Some(kinds) => {
                let place = kinds.find(|known| known > kind).unwrap_or(kinds.len());
                kinds.insert(place, kind);
            }
            None => drop(self.kinds.insert(self.at.clone(), kind.into())),
        }
    }

    /// Keys that only some of the records of a list have.
    fn uneven(&mut self, elements: &[Value]) {
        let records: Vec<_> = elements.iter().take(ELEMENTS).filter_map(Value::as_object).collect();
        for key in records.iter().flat_map(|record| record.keys()) {
            if !records.iter().all(|record| record.contains_key(key)) {
                self.sometimes.insert(format!("{}[]/{key}", self.at));
            }
        }
        let known = &self.kinds;
        self.sometimes.retain(|at| known.contains_key(at));
    }
}

const fn kind(value: &Value) -> char {
    match value {
        Value::Null => '0',
        Value::Bool(_) => 'b',
        Value::Number(_) => 'n',
        Value::String(_) => 's',
        Value::Array(_) => 'a',
        Value::Object(_) => 'o',
    }
}

/// Whether a key is one that a programmer wrote, and no id, address or name of somebody.
fn is_name(key: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '$' | '@');
    let first = key.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '$' | '@'));
    let inner = key.chars().skip(1).all(|c| fits(c) && c != '@');
    first && inner && key.len() <= 40 && key.chars().filter(char::is_ascii_digit).count() <= 3
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Shape;
    use crate::base::Timestamp;

    fn shape(body: &Value) -> Shape {
        Shape::of(body).unwrap()
    }

    fn drift(before: &Value, now: &Value) -> String {
        let drift = shape(before).drift(&shape(now));
        let changed = drift.changed.iter().map(|(at, from, to)| format!("{at} {from}>{to}"));
        drift.gone.iter().map(|at| format!("-{at}")).chain(changed).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_vanished_or_changed_its_kind_is_a_drift_and_nothing_else_is() {
        for (before, now, expected) in [
            (json!({"id": 1, "name": "a"}), json!({"id": 2, "name": "b"}), ""),
            (json!({"id": 1}), json!({"id": "1"}), "/id n>s"),
            (json!({"id": 1, "mail": "m"}), json!({"id": 1}), "-/mail"),
            (json!({"id": 1}), json!({"id": 1, "new": true}), ""),
            (json!({"id": 1}), json!({"id": null}), ""),
            (json!({"user": {"id": 1, "mail": "m"}}), json!({"user": {"id": 1}}), "-/user/mail"),
            // What an object held goes with the object.
            (json!({"user": {"id": 1}, "ok": true}), json!({"ok": true}), "-/user"),
            (json!({"user": {"id": 1}}), json!({"user": null}), ""),
            (json!({"user": {"id": 1}}), json!({"user": "ann"}), "/user o>s"),
            (json!({"items": [{"id": 1}]}), json!({"items": []}), ""),
            (json!({"items": [{"id": 1}]}), json!({"items": [{"id": "1"}]}), "/items[]/id n>s"),
            // One record alone does not teach which keys all records have.
            (json!({"items": [{"id": 1, "fax": "1"}]}), json!({"items": [{"id": 1}]}), ""),
            (json!([{"id": 1}]), json!([{"id": true}]), "[]/id n>b"),
        ] {
            assert_eq!(drift(&before, &now), expected, "{before} {now}");
        }
    }

    #[test]
    fn keys_that_are_values_are_not_kept() {
        let body = json!({"ann@example.test": {"n": 1}, "bob@example.test": {"n": 2}});
        let kept = serde_json::to_string(&shape(&body)).unwrap();
        assert!(!kept.contains("example") && kept.contains("/*/n"), "{kept}");
        assert_eq!(drift(&json!({"1234567": 1}), &json!({"7654321": 1})), "");
    }

    #[test]
    fn three_answers_teach_what_all_records_of_a_list_have() {
        let at = Timestamp::UNIX_EPOCH;
        let full = shape(&json!({"items": [{"id": 1, "fax": "1"}]}));
        let taught = full.after(&full, at).after(&full, at);
        assert_eq!(taught.drift(&shape(&json!({"items": [{"id": 1}]}))).gone, ["/items[]/fax"]);
        let uneven = shape(&json!({"items": [{"id": 1, "fax": "1"}, {"id": 2}]}));
        let taught = uneven.after(&uneven, at).after(&uneven, at);
        assert!(taught.drift(&shape(&json!({"items": [{"id": 1}]}))).is_empty());
    }

    #[test]
    fn a_drift_stands_for_a_week_and_a_key_that_comes_back_is_one_that_some_answers_lack() {
        let start = Timestamp::UNIX_EPOCH;
        let day = |n: i64| Timestamp::from_second(n * 86_400).unwrap();
        let (full, less) = (shape(&json!({"id": 1, "mail": "m"})), shape(&json!({"id": 1})));
        let drifted = full.after(&less, start);
        assert_eq!(drifted.drift(&less).gone, ["/mail"]);
        assert_eq!(drifted.after(&less, day(3)), drifted, "nothing to write while the drift stands");
        assert!(drifted.after(&less, day(8)).drift(&less).is_empty());
        assert!(drifted.after(&full, day(1)).drift(&less).is_empty());
    }

    #[test]
    fn an_answer_like_the_ones_before_changes_nothing_that_is_kept() {
        let full = shape(&json!({"id": 1, "mail": null, "list": [{"a": 1}]}));
        let settled = full.after(&full, Timestamp::UNIX_EPOCH).after(&full, Timestamp::UNIX_EPOCH);
        assert_eq!(settled.after(&full, Timestamp::UNIX_EPOCH), settled);
        assert_eq!(settled.mark(), full.mark());
        assert_ne!(settled.mark(), shape(&json!({"id": 1})).mark());
    }

    #[test]
    fn a_body_of_any_size_has_a_shape_of_bounded_size() {
        let wide: serde_json::Map<String, Value> =
            (0..40).map(|n| (format!("k{n}"), json!({"a": 1, "b": {"c": [1]}}))).collect();
        assert!(shape(&Value::Object(wide)).keys.len() <= super::KEYS);
        let mut deep = json!(1);
        for _ in 0..60 {
            deep = json!({ "d": deep });
        }
        assert!(shape(&deep).keys.len() <= super::DEPTH);
        assert_eq!(Shape::of(&json!("text")), None);
    }
}
