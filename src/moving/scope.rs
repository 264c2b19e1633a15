//! Variables of other programs: `{{name}}` in addresses, headers and keys.

use indexmap::IndexMap;

use super::found::Raw;

/// How deep variables may stand within variables.
const DEEPEST: u8 = 8;

/// The variables that are known, the nearest file's first.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    values: IndexMap<String, Raw>,
}

/// A text with its variables filled in.
pub struct Resolved {
    /// The text; what is not known stands as it stood.
    pub text: Raw,
    /// The names that nobody knows.
    pub missing: Vec<String>,
}

impl Resolved {
    /// The value, where it is known and whole.
    #[must_use]
    pub fn value(self) -> Option<Raw> {
        if self.missing.is_empty() { self.text.filled() } else { None }
    }
}

impl Scope {
    /// Takes a variable in; one that is known already stays.
    pub fn learn(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.values.entry(name.to_owned()).or_insert_with(|| Raw::new(value));
        }
    }

    /// The same with the variables of another scope where this one has none.
    #[must_use]
    pub fn over(mut self, other: &Self) -> Self {
        for (name, value) in &other.values {
            self.values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Raw> {
        self.values.get(name)
    }

    /// A text with its variables filled in.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Resolved {
        let mut missing = Vec::new();
        let text = self.fill(text, DEEPEST, &mut missing);
        Resolved { text: Raw::new(text), missing }
    }

    fn fill(&self, text: &str, depth: u8, missing: &mut Vec<String>) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            filled.push_str(before);
            let Some((name, behind)) = after.split_once("}}") else {
                filled.push_str("{{");
                rest = after;
                continue;
            };
            // Insomnia writes `{{ _.name }}`.
            let name = name.trim();
            let name = name.strip_prefix("_.").unwrap_or(name);
            if let Some(value) = self.values.get(name).filter(|_| depth > 0) {
                filled.push_str(&self.fill(value.expose(), depth - 1, missing));
            } else {
                missing.push(name.to_owned());
                filled.push_str(&format!("{{{{{name}}}}}"));
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn variables_stand_within_variables_and_a_circle_ends() {
        let mut scope = Scope::default();
        for (name, value) in [
            ("base", "https://{{host}}/v1"),
            ("host", "api.test"),
            ("a", "{{b}}"),
            ("b", "{{a}}"),
            ("empty", ""),
        ] {
            scope.learn(name, value);
        }
        for (text, filled, missing) in [
            ("{{base}}/me", "https://api.test/v1/me", 0),
            ("{{ _.host }}", "api.test", 0),
            ("{{key}}", "{{key}}", 1),
            ("{{empty}}", "{{empty}}", 1),
            ("{{open", "{{open", 0),
        ] {
            let resolved = scope.resolve(text);
            assert_eq!((resolved.text.expose(), resolved.missing.len()), (filled, missing), "{text}");
        }
        assert_eq!(scope.resolve("{{a}}").missing.len(), 1);
    }
}
