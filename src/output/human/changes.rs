//! What is different since the last success.

use super::super::changes::sentence;
use super::super::page::Page;
use super::super::paint::Meaning;
use super::super::wrap;
use crate::base::Text;
use crate::diagnosis::Entry;

/// The changes, one a line, below the moment since which they are told; nothing where there are none.
pub(super) fn render(entry: &Entry, page: &Page) -> String {
    if entry.changes.is_empty() {
        return String::new();
    }
    let heading = match entry.last_ok {
        Some(at) => page.fill(
            Text::new("What changed since {at}, the last success", "前回の成功（{at}）からの変更点"),
            &[("at", &page.short_moment(at))],
        ),
        None => page.say(Text::new("What changed", "変更点")).to_owned(),
    };
    let mut screen = String::from("\n");
    for line in wrap::lines(&heading, page.text_width() - 2) {
        screen += "  ";
        screen += &page.paint(Meaning::Label, &line);
        screen += "\n";
    }
    for change in &entry.changes {
        screen += &wrap::hanging("  · ", 4, &sentence(change, page), page.text_width());
    }
    screen
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::render;
    use crate::base::Language;
    use crate::diagnosis::Entry;

    #[test]
    fn a_change_is_told_with_its_place_and_its_time() {
        let entry = Entry { changes: vec![sample::moved()], ..sample::rotated("zoho") };
        for (language, expected) in [
            (
                Language::En,
                "\n  What changed since 18:12 +09, the last success\n  · address: https://desk.zoho.jp → \
                 https://desk.zoho.com (connectors.toml:41,\n    saved 18:39 +09)\n",
            ),
            (
                Language::Ja,
                "\n  前回の成功（18:12 +09）からの変更点\n  · 接続先: https://desk.zoho.jp → \
                 https://desk.zoho.com（connectors.toml:41、\n    18:39 +09 保存）\n",
            ),
        ] {
            assert_eq!(render(&entry, &sample::page(language)), expected);
        }
        assert_eq!(render(&sample::rotated("zoho"), &sample::page(Language::En)), "");
    }
}
