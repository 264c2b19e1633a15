//! What every store of credentials does alike. A new store adds a line where its own file calls
//! [`behaves_as_a_store`].

use std::sync::Arc;

use conn::base::Secret;
use conn::port::{ItemKey, SecretStore};

/// Runs every behaviour on stores that `open` gives; each call opens the same place anew.
pub fn behaves_as_a_store(open: &dyn Fn() -> Arc<dyn SecretStore>) {
    gives_back_what_it_took(open);
    replaces_and_deletes(open);
    keeps_keys_apart(open);
    keeps_every_write_of_many_writers(open);
}

fn key(link_name: &str) -> ItemKey {
    ItemKey::current(link_name, "production")
}

fn value(words: &str) -> Secret {
    Secret::new(serde_json::json!({ "api_key": words }).to_string())
}

fn read(store: &dyn SecretStore, key: &ItemKey) -> Option<String> {
    store.get(key).unwrap().map(|secret| secret.expose().to_owned())
}

fn gives_back_what_it_took(open: &dyn Fn() -> Arc<dyn SecretStore>) {
    let large = "x".repeat(100 * 1024);
    for words in ["plain", "日本語の鍵 🔑", "two\nlines\r\n", "", "quote\" back\\slash \u{0} nul", &large]
    {
        let (key, written) = (key("round-trip"), value(words));
        open().put(&key, &written).unwrap();
        assert_eq!(read(open().as_ref(), &key).as_deref(), Some(written.expose()), "{words:.20}");
    }
    assert!(open().delete(&key("round-trip")).unwrap());
}

fn replaces_and_deletes(open: &dyn Fn() -> Arc<dyn SecretStore>) {
    let (store, key) = (open(), key("replaced"));
    assert_eq!(read(store.as_ref(), &key), None, "nothing is there before the first write");
    assert!(!store.delete(&key).unwrap(), "nothing is there to delete");
    store.put(&key, &value("one")).unwrap();
    store.put(&key, &value("two")).unwrap();
    assert_eq!(read(store.as_ref(), &key).as_deref(), Some(value("two").expose()));
    assert!(store.delete(&key).unwrap());
    assert_eq!(read(open().as_ref(), &key), None);
    assert!(!store.delete(&key).unwrap());
}

fn keeps_keys_apart(open: &dyn Fn() -> Arc<dyn SecretStore>) {
    let current = key("apart");
    let keys = [
        current.clone(),
        current.before(),
        ItemKey::current("apart", "sandbox"),
        ItemKey { account: Some("primary".to_owned()), ..current.clone() },
        key("apart-2"),
    ];
    let store = open();
    for key in &keys {
        store.put(key, &value(&key.to_string())).unwrap();
    }
    for key in &keys {
        assert_eq!(read(store.as_ref(), key).as_deref(), Some(value(&key.to_string()).expose()), "{key}");
    }
    assert!(store.delete(&current).unwrap());
    assert_eq!(read(store.as_ref(), &current), None);
    for key in &keys[1..] {
        assert!(read(store.as_ref(), key).is_some(), "{key} went with another");
        store.delete(key).unwrap();
    }
}

fn keeps_every_write_of_many_writers(open: &dyn Fn() -> Arc<dyn SecretStore>) {
    let stores: Vec<_> = (0..8).map(|number| (number, open())).collect();
    std::thread::scope(|scope| {
        for (number, store) in &stores {
            scope.spawn(move || store.put(&key(&format!("writer-{number}")), &value("mine")).unwrap());
        }
    });
    for (number, store) in &stores {
        let key = key(&format!("writer-{number}"));
        assert!(read(store.as_ref(), &key).is_some(), "{key} was lost");
        store.delete(&key).unwrap();
    }
}
