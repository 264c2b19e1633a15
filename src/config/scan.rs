//! Where the tables of a layer stand, found without parsing it, so that one connection among a thousand costs
//! one small parse. A text with anything unusual in it has no scan and is parsed whole.

use std::collections::HashMap;
use std::ops::Range;

use super::sheet::Family;

/// The tables of both families, in the order of the text.
pub(super) struct Scan {
    entries: Vec<Entry>,
    places: HashMap<(Family, String), usize>,
}

/// One table of a family with everything below it.
pub(super) struct Entry {
    pub(super) family: Family,
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) bytes: Range<usize>,
}

impl Scan {
    /// The scan of a text; `None` unless every table is opened by a header `[connections.NAME…]` or
    /// `[[connectors.NAME…]]` of bare keys, the headers of one name stand together, and no string spans lines.
    pub(super) fn of(text: &str) -> Option<Self> {
        if is_unusual(text) {
            return None;
        }
        let mut scan = Self { entries: Vec::new(), places: HashMap::new() };
        let (mut start, mut line) = (0, 0);
        while start < text.len() {
            let end = text[start..].find('\n').map_or(text.len(), |length| start + length + 1);
            line += 1;
            scan.line(&text[start..end], start, line)?;
            start = end;
        }
        scan.close(text.len());
        Some(scan)
    }

    pub(super) fn entries(&self, family: Family) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.family == family)
    }

    pub(super) fn find(&self, family: Family, name: &str) -> Option<&Entry> {
        self.places.get(&(family, name.to_owned())).map(|index| &self.entries[*index])
    }

    /// Takes one line; `None` where it is unusual.
    fn line(&mut self, text: &str, start: usize, number: usize) -> Option<()> {
        let text = text.trim_start_matches([' ', '\t']);
        match text.as_bytes().first() {
            None | Some(b'#' | b'\n' | b'\r') => Some(()),
            Some(b'[') => {
                let (family, name) = header(text)?;
                let same = self.entries.last().is_some_and(|last| last.family == family && last.name == name);
                // A table that is opened after its own parts counts from there on.
                let again = text[1..].starts_with(&format!("{}.{name}]", family.key()));
                if same { (!again).then_some(()) } else { self.open(family, name, start, number) }
            }
            Some(_) => (!self.entries.is_empty()).then_some(()),
        }
    }

    fn open(&mut self, family: Family, name: &str, start: usize, line: usize) -> Option<()> {
        self.close(start);
        let known = self.places.insert((family, name.to_owned()), self.entries.len());
        self.entries.push(Entry { family, name: name.to_owned(), line, bytes: start..start });
        known.is_none().then_some(())
    }

    fn close(&mut self, end: usize) {
        if let Some(last) = self.entries.last_mut() {
            last.bytes.end = end;
        }
    }
}

/// Family and name of a header; `None` where it is another one or not written plainly.
pub(super) fn header(line: &str) -> Option<(Family, &str)> {
    let (rest, close) = match line.strip_prefix("[[") {
        Some(rest) => (rest, "]]"),
        None => (line.strip_prefix('[')?, "]"),
    };
    let (keys, rest) = rest.split_once(close)?;
    let rest = rest.trim_start_matches([' ', '\t']);
    if !rest.is_empty() && !rest.starts_with(['#', '\n', '\r']) {
        return None;
    }
    let mut keys = keys.split('.');
    let family = match keys.next()? {
        "connections" => Family::Connections,
        "connectors" => Family::Connectors,
        _ => return None,
    };
    let name = keys.next().filter(|name| is_bare(name))?;
    keys.all(is_bare).then_some((family, name))
}

/// Whether a key needs no quotes.
pub(super) fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Whether a text may hold strings over several lines, control characters or a byte order mark.
fn is_unusual(text: &str) -> bool {
    let (mut previous, mut run) = (0, 0);
    for byte in text.bytes() {
        if byte == previous && matches!(byte, b'"' | b'\'') {
            run += 1;
            if run == 2 {
                return true;
            }
        } else {
            run = 0;
            if byte < b' ' && !matches!(byte, b'\n' | b'\t' | b'\r') || byte == 0x7f {
                return true;
            }
            if previous == b'\r' && byte != b'\n' {
                return true;
            }
        }
        previous = byte;
    }
    previous == b'\r' || text.starts_with('\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::Scan;
    use crate::config::sheet::{Family, Sheet};
    use crate::config::{Layer, LayerKind};
    use crate::model::Connection;

    /// The same numbers on every run.
    struct Dice(u64);

    impl Dice {
        fn pick<'p>(&mut self, pieces: &[&'p str]) -> &'p str {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            pieces[usize::try_from(self.0 >> 33).unwrap() % pieces.len()]
        }
    }

    const HEADERS: [&str; 16] = [
        "[connections.a]",
        "[connections.b]  # note",
        "  [connections.c]",
        "[connections.a.vars]",
        "[connections.b.vars]",
        "[connections.b.secrets]",
        "[connectors.a]",
        "[connectors.z.auth.key]",
        "[[connectors.a.rules]]",
        "[[connectors.z.fixtures]]",
        "[connections.\"q r\"]",
        "[ connections . d ]",
        "[connections]",
        "[other]",
        "[connections.a",
        "[[connections.e]]",
    ];
    const TAME: [&str; 8] = [
        "connector = \"x\"",
        "connector = 'y' # why",
        "tags = [\"a\", 'b' , \"c\",]",
        "owner = \"o # p\"",
        "vars.host = \"h\"",
        "secrets.k = \"env:A\"",
        "kind = \"user\"",
        "# comment",
    ];
    const LINES: [&str; 40] = [
        "connector = \"x\"",
        "connector = 'y' # why",
        "name=\"N\"",
        "name = { en = 'a', ja = 'b' }",
        "method = \"key\"",
        "kind = \"user\"",
        "kind = 'odd'",
        "environment = \"sandbox\"",
        "tags = [\"a\", 'b' , \"c\",]",
        "tags = []",
        "tags = [",
        "  \"x\",",
        "]",
        "[1.2]",
        "owner = \"o # p\"",
        "owner = \"a\\nb\"",
        "note = \"\"\"",
        "note = \"\"",
        "note = ''",
        "vars.host = \"h\"",
        "vars.host = 'h'",
        "host = \"h\"",
        "vars = { a = \"b\" }",
        "secrets.k = \"keyring\"",
        "secrets.k = \"env:A\"",
        "secrets.k = 'nonsense'",
        "k = \"vault\"",
        "timeout = 3",
        "same_authorization = true",
        "unknown = 1",
        "\"connector\" = 'q'",
        "connector = x",
        "connector = \"x\" \"y\"",
        "connections.z.connector = 'w'",
        "# comment",
        "",
        "\t",
        "owner = \"\u{1}\"",
        "note = '日本語'",
        "note = \"a'b\"",
    ];

    fn sheet(text: &str) -> Sheet {
        Sheet::new(Layer { kind: LayerKind::User, path: "f.toml".into(), text: text.to_owned() })
    }

    fn document(dice: &mut Dice) -> String {
        let mut text = String::new();
        for _ in 0..dice.pick(&["1", "2", "4"]).parse().unwrap() {
            let tame = dice.pick(&["yes", "yes", "no"]) == "yes";
            text.push_str(dice.pick(if tame { &HEADERS[..10] } else { &HEADERS[..] }));
            text.push_str(dice.pick(&["\n", "\n", "\r\n"]));
            for _ in 0..dice.pick(&["0", "1", "3", "5"]).parse().unwrap() {
                text.push_str(if tame { dice.pick(&TAME) } else { dice.pick(&LINES) });
                text.push_str(dice.pick(&["\n", "\n", "\n", "\r\n"]));
            }
        }
        text
    }

    #[test]
    fn a_scan_sees_what_the_parser_sees() {
        let (mut dice, mut scanned, mut plain) = (Dice(11), 0, 0);
        for _ in 0..6_000 {
            let text = document(&mut dice);
            if Scan::of(&text).is_none() {
                continue;
            }
            scanned += 1;
            let (quick, slow) = (sheet(&text), sheet(&text).without_scan());
            for family in [Family::Connectors, Family::Connections] {
                let names = quick.names(family).unwrap();
                let sections: Vec<_> = names.iter().map(|(name, _)| quick.section(family, name)).collect();
                let Ok(expected) = slow.names(family) else {
                    let others = [Family::Connectors, Family::Connections].into_iter().flat_map(|family| {
                        let names = quick.names(family).unwrap();
                        names.into_iter().map(|(name, _)| quick.section(family, &name)).collect::<Vec<_>>()
                    });
                    assert!(others.into_iter().any(|section| section.is_err()), "{text}");
                    continue;
                };
                assert_eq!(names, expected, "{text}");
                for ((name, _), section) in names.iter().zip(sections) {
                    assert_eq!(section, slow.section(family, name), "{text}");
                    if family == Family::Connections
                        && let Some((connection, line)) = quick.plain_connection(name)
                    {
                        plain += 1;
                        let section = section.unwrap().unwrap();
                        assert_eq!(line, section.line, "{text}");
                        let typed: Result<Connection, _> = section.table.try_into();
                        assert_eq!(Some(connection), typed.ok(), "{text}");
                    }
                }
            }
            for (name, _) in quick.names(Family::Connections).unwrap() {
                let is_plain = quick.plain_connection(&name).is_some();
                assert!(!is_plain || quick.section(Family::Connections, &name).is_ok(), "{name}: {text}");
            }
        }
        assert!(scanned > 1000 && plain > 100, "{scanned} {plain}");
    }

    #[test]
    fn what_most_people_write_needs_no_parser() {
        let text = "# mine\n[connections.main]\nconnector = \"freshsales\"\ntags = [\"prod\", \"crm\"]\nvars.host = \"acme.test\"\n\n[connections.main.secrets]\napi_key = \"env:KEY\"\n";
        let (connection, line) = sheet(text).plain_connection("main").unwrap();
        assert_eq!((connection.connector.as_str(), line, connection.tags.len()), ("freshsales", 2, 2));
        assert_eq!((connection.vars.len(), connection.secrets.len()), (1, 1));
    }
}
