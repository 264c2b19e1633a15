//! Where the tables of a layer stand, found without parsing it, so that one connection among a thousand costs
//! one small parse. A text with anything unusual in it has no scan and is parsed whole.

use std::ops::Range;

use super::sheet::Family;
use crate::base::octets;

/// The tables of both families.
pub(super) struct Scan {
    /// Where each line begins, and the end of the text.
    starts: Vec<usize>,
    /// In the order of the text.
    entries: Vec<Entry>,
    /// The places of the entries, sorted by family and name.
    sorted: Vec<usize>,
}

/// One table of a family with everything below it.
pub(super) struct Entry {
    family: Family,
    /// Where its name stands in the text.
    name: Range<usize>,
    /// From its first header to the next table, from 0.
    lines: Range<usize>,
    /// Whether its first header opens the table itself, and not a part of it.
    pub(super) is_own: bool,
}

impl Entry {
    /// The line of its first header, from 1.
    pub(super) const fn line(&self) -> usize {
        self.lines.start + 1
    }

    /// Its name in the text that was scanned.
    pub(super) fn name<'t>(&self, text: &'t str) -> &'t str {
        &text[self.name.clone()]
    }

    fn key<'t>(&self, text: &'t str) -> (Family, &'t str) {
        (self.family, self.name(text))
    }
}

impl Scan {
    /// The scan of a text; `None` unless every table is opened by a header `[connections.NAME…]` or
    /// `[[connectors.NAME…]]` of bare keys, the headers of one name stand together, and no string spans lines.
    pub(super) fn of(text: &str) -> Option<Self> {
        if is_unusual(text) {
            return None;
        }
        let starts = starts(text);
        let mut entries = Vec::with_capacity(starts.len() / 6);
        for (number, line) in starts.windows(2).enumerate() {
            let line = line[0]..line[1];
            match text.as_bytes()[line.clone()].iter().find(|byte| !matches!(byte, b' ' | b'\t')) {
                None | Some(b'#' | b'\n' | b'\r') => {}
                Some(b'[') => take_header(&mut entries, text, line, number)?,
                Some(_) if entries.is_empty() => return None,
                Some(_) => {}
            }
        }
        close(&mut entries, starts.len() - 1);
        let key = |place: usize| entries[place].key(text);
        let mut sorted: Vec<usize> = (0..entries.len()).collect();
        sorted.sort_unstable_by(|a, b| key(*a).cmp(&key(*b)));
        let stand_together = sorted.windows(2).all(|pair| key(pair[0]) != key(pair[1]));
        stand_together.then_some(Self { starts, entries, sorted })
    }

    /// The tables of a family in the order of the text.
    pub(super) fn entries(&self, family: Family) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.family == family)
    }

    /// The table of this name in the text that was scanned.
    pub(super) fn find(&self, text: &str, family: Family, name: &str) -> Option<&Entry> {
        let key = |place: &usize| self.entries[*place].key(text);
        let found = self.sorted.binary_search_by(|place| key(place).cmp(&(family, name))).ok()?;
        Some(&self.entries[self.sorted[found]])
    }

    /// The part of the text that is a table's.
    pub(super) fn slice<'t>(&self, text: &'t str, entry: &Entry) -> &'t str {
        &text[self.starts[entry.lines.start]..self.starts[entry.lines.end]]
    }

    /// The lines of a table, with their ends.
    pub(super) fn lines<'t>(&self, text: &'t str, entry: &Entry) -> impl Iterator<Item = &'t str> {
        self.starts[entry.lines.start..=entry.lines.end].windows(2).map(|line| &text[line[0]..line[1]])
    }
}

/// Where each line begins, and the end of the text.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::with_capacity(text.len() / 16 + 2);
    starts.push(0);
    octets::each(text.as_bytes(), b'\n', |end| starts.push(end + 1));
    if starts.last() != Some(&text.len()) {
        starts.push(text.len());
    }
    starts
}

/// Takes the line of a header; `None` where it is unusual.
fn take_header(entries: &mut Vec<Entry>, text: &str, line: Range<usize>, number: usize) -> Option<()> {
    let Header { family, name, is_own } = header(&text[line.clone()])?;
    let name = line.start + name.start..line.start + name.end;
    if entries.last().is_some_and(|last| last.key(text) == (family, &text[name.clone()])) {
        // A table that is opened after its own parts counts from there on.
        return (!is_own).then_some(());
    }
    close(entries, number);
    entries.push(Entry { family, name, lines: number..number, is_own });
    Some(())
}

fn close(entries: &mut [Entry], end: usize) {
    if let Some(last) = entries.last_mut() {
        last.lines.end = end;
    }
}

struct Header {
    family: Family,
    /// Where the name stands in the line.
    name: Range<usize>,
    /// Whether it is `[FAMILY.NAME]`.
    is_own: bool,
}

/// The header in a line; `None` where it is one of no family or not written plainly.
fn header(line: &str) -> Option<Header> {
    let inner = after_blanks(line).strip_prefix('[')?;
    let (inner, is_array) = inner.strip_prefix('[').map_or((inner, false), |inner| (inner, true));
    let (family, behind) = match inner.strip_prefix("connections.") {
        Some(behind) => (Family::Connections, behind),
        None => (Family::Connectors, inner.strip_prefix("connectors.")?),
    };
    let (name, mut rest) = bare(behind)?;
    let is_own = !is_array && rest.starts_with(']');
    while let Some(deeper) = rest.strip_prefix('.') {
        rest = bare(deeper)?.1;
    }
    let rest = rest.strip_prefix(if is_array { "]]" } else { "]" })?;
    let start = line.len() - behind.len();
    ends(rest).then(|| Header { family, name: start..start + name.len(), is_own })
}

/// A key that needs no quotes, and what stands behind it.
pub(super) fn bare(text: &str) -> Option<(&str, &str)> {
    const BARE: [bool; 256] = {
        let mut bare = [false; 256];
        let mut byte = 0_u8;
        while byte < 0x80 {
            bare[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            byte += 1;
        }
        bare
    };
    let length = text.bytes().take_while(|byte| BARE[usize::from(*byte)]).count();
    (length > 0).then(|| text.split_at(length))
}

/// The text from its first character that is no blank.
pub(super) fn after_blanks(text: &str) -> &str {
    &text[text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()..]
}

/// Whether nothing but a comment stands in the rest of a line. A return stands before a line end only.
pub(super) fn ends(rest: &str) -> bool {
    let first = rest.bytes().find(|byte| !matches!(byte, b' ' | b'\t'));
    matches!(first, None | Some(b'#' | b'\n' | b'\r'))
}

/// Whether a text may hold strings over several lines, control characters or a byte order mark.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a test that looks at every byte and never leaves early is made for many bytes at once"
)]
fn is_unusual(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_control =
        |byte: u8| (byte < b' ') & (byte != b'\n') & (byte != b'\t') & (byte != b'\r') | (byte == 0x7f);
    let controls = bytes.iter().fold(false, |found, byte| found | is_control(*byte));
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let lone_returns = pairs.fold(false, |found, (byte, next)| found | (*byte == b'\r') & (*next != b'\n'));
    let threes = bytes.iter().zip(bytes.iter().skip(1)).zip(bytes.iter().skip(2));
    let quotes =
        threes.fold(false, |found, ((a, b), c)| found | (a == b) & (b == c) & ((*a == b'"') | (*a == b'\'')));
    controls | lone_returns | quotes || bytes.last() == Some(&b'\r') || text.starts_with('\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::Scan;
    use crate::config::plain::{Plain, items};
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

    fn plain_connection<'s>(sheet: &'s Sheet, name: &str) -> Option<(Plain<'s>, usize)> {
        let mention = sheet.connection(name).unwrap()?;
        let mut plain = Plain::default();
        sheet.plain(&mention, &mut plain)?;
        Some((plain, mention.line))
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
                        names.into_iter().map(|(name, _)| quick.section(family, name)).collect::<Vec<_>>()
                    });
                    assert!(others.into_iter().any(|section| section.is_err()), "{text}");
                    continue;
                };
                assert_eq!(names, expected, "{text}");
                for ((name, _), section) in names.iter().zip(sections) {
                    assert_eq!(section, slow.section(family, name), "{text}");
                    if family == Family::Connections
                        && let Some((connection, line)) = plain_connection(&quick, name)
                    {
                        plain += 1;
                        let section = section.unwrap().unwrap();
                        assert_eq!(line, section.line, "{text}");
                        let typed: Result<Connection, _> = section.table.try_into();
                        assert_eq!(Some(connection.connection()), typed.ok(), "{text}");
                    }
                }
            }
            for (name, _) in quick.names(Family::Connections).unwrap() {
                let is_plain = plain_connection(&quick, name).is_some();
                assert!(!is_plain || quick.section(Family::Connections, name).is_ok(), "{name}: {text}");
            }
        }
        assert!(scanned > 1000 && plain > 100, "{scanned} {plain}");
    }

    #[test]
    fn what_most_people_write_needs_no_parser() {
        let text = "# mine\n[connections.main]\nconnector = \"freshsales\"\ntags = [\"prod\", \"crm\"]\nvars.host = \"acme.test\"\n\n[connections.main.secrets]\napi_key = \"env:KEY\"\n";
        let sheet = sheet(text);
        let (connection, line) = plain_connection(&sheet, "main").unwrap();
        assert_eq!((connection.connector, line), ("freshsales", 2));
        assert_eq!(items(connection.tags).collect::<Vec<_>>(), ["prod", "crm"]);
        assert_eq!((connection.vars.len(), connection.secrets.len()), (1, 1));
    }
}
