//! What `extends` does: tables are merged, the rest is replaced.

use std::collections::HashSet;

use toml::{Table, Value};

/// The lists whose entries have an id and add to the inherited ones.
const GROWING: [&str; 3] = ["rules", "permissions", "fixtures"];

/// The inherited table with the own one laid over it. Own entries of [`GROWING`] lists come first, and replace
/// inherited ones of the same id.
pub(super) fn merge(base: Table, own: Table) -> Table {
    let mut merged = base;
    for (key, value) in own {
        let inherited = merged.remove(&key);
        let grows = GROWING.contains(&key.as_str());
        let value = match inherited {
            Some(inherited) => lay_over(inherited, value, grows),
            None => value,
        };
        merged.insert(key, value);
    }
    merged
}

fn lay_over(base: Value, own: Value, grows: bool) -> Value {
    match (base, own) {
        (Value::Table(base), Value::Table(own)) => Value::Table(merge(base, own)),
        (Value::Array(base), Value::Array(own)) if grows => Value::Array(append(base, own)),
        (_, own) => own,
    }
}

fn append(base: Vec<Value>, own: Vec<Value>) -> Vec<Value> {
    let taken: HashSet<String> = own.iter().filter_map(handle).collect();
    let inherited =
        base.into_iter().filter(|entry| handle(entry).is_none_or(|handle| !taken.contains(&handle)));
    let inherited: Vec<Value> = inherited.collect();
    own.into_iter().chain(inherited).collect()
}

fn handle(entry: &Value) -> Option<String> {
    let table = entry.as_table()?;
    table.get("id").or_else(|| table.get("name"))?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::merge;

    #[test]
    fn tables_merge_lists_are_replaced_and_rules_are_added() {
        let base = toml::from_str(
            r#"
            base = "https://a.test"
            hosts = ["x"]
            auth.oauth2 = { kind = "oauth2", token = "https://a.test/t" }
            [[rules]]
            id = "a/one"
            cause = "OLD"
            [[rules]]
            id = "a/two"
            "#,
        );
        let own = toml::from_str(
            r#"
            hosts = ["y"]
            auth.oauth2.scopes = ["s"]
            [[rules]]
            id = "a/one"
            cause = "NEW"
            "#,
        );
        let merged = merge(base.unwrap(), own.unwrap());
        assert_eq!(merged["base"].as_str(), Some("https://a.test"));
        assert_eq!(merged["hosts"].as_array().unwrap().len(), 1);
        assert_eq!(merged["auth"]["oauth2"]["kind"].as_str(), Some("oauth2"));
        assert_eq!(merged["auth"]["oauth2"]["scopes"].as_array().unwrap().len(), 1);
        let rules = merged["rules"].as_array().unwrap();
        assert_eq!(rules.len(), 2);
        assert_eq!(rules[0]["cause"].as_str(), Some("NEW"));
    }
}
