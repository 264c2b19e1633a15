//! What a renderer must know about its reader: language, zone, width, colour.

use jiff::tz::TimeZone;

use super::paint::Meaning;
use crate::base::{Language, Text, Timestamp, time};

/// The reader's side of a rendering.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language of sentences.
    pub language: Language,
    /// The zone in which people read times.
    pub zone: TimeZone,
    /// Now.
    pub now: Timestamp,
    /// The width in cells.
    pub width: usize,
    /// Whether colours may be used.
    pub colour: bool,
    /// Whether only ASCII marks may be used (`TERM=dumb`, a locale that is not UTF-8).
    pub ascii: bool,
    /// Whether healthy connections stay unmentioned.
    pub quiet: bool,
    /// Whether everything that was weighed is shown (`--why`).
    pub why: bool,
}

impl Page {
    /// An English page of 80 cells in UTC, without colour.
    #[must_use]
    pub fn plain(now: Timestamp) -> Self {
        Self {
            language: Language::En,
            zone: TimeZone::UTC,
            now,
            width: 80,
            colour: false,
            ascii: false,
            quiet: false,
            why: false,
        }
    }

    /// The text in the page's language.
    #[must_use]
    pub const fn say(&self, text: Text) -> &'static str {
        text.get(self.language)
    }

    /// The text in the page's language with its values.
    #[must_use]
    pub fn fill(&self, text: Text, values: &[(&str, &str)]) -> String {
        text.fill(values).get(self.language).to_owned()
    }

    /// The width for wrapped text; ASCII marks can take more cells than the marks that they replace.
    #[must_use]
    pub const fn text_width(&self) -> usize {
        let width = if self.width < 40 { 40 } else { self.width };
        if self.ascii { width - 4 } else { width }
    }

    /// A moment in the reader's zone.
    #[must_use]
    pub fn moment(&self, moment: Timestamp) -> String {
        time::local(moment, &self.zone)
    }

    /// A moment in the reader's zone: only the time of day where it is today.
    #[must_use]
    pub fn short_moment(&self, moment: Timestamp) -> String {
        self.later_moment(self.now, moment)
    }

    /// A moment in the reader's zone that stands beside an earlier one: only the time of day where it is the same day.
    #[must_use]
    pub fn later_moment(&self, earlier: Timestamp, moment: Timestamp) -> String {
        let [earlier, later] = [earlier, moment].map(|moment| moment.to_zoned(self.zone.clone()));
        if earlier.date() == later.date() {
            later.strftime("%H:%M %Z").to_string()
        } else {
            self.moment(moment)
        }
    }

    /// How far a moment is from now, to the largest sensible unit: `12 min`, `2 h 19 min`, `3 days`.
    #[must_use]
    pub fn distance(&self, moment: Timestamp) -> String {
        let seconds = (moment.as_second() - self.now.as_second()).unsigned_abs();
        let (en, ja) = match seconds {
            0..60 => (format!("{seconds} s"), format!("{seconds}秒")),
            60..3600 => (format!("{} min", seconds / 60), format!("{}分", seconds / 60)),
            3600..172_800 => {
                let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
                match minutes {
                    0 => (format!("{hours} h"), format!("{hours}時間")),
                    _ => (format!("{hours} h {minutes} min"), format!("{hours}時間{minutes}分")),
                }
            }
            _ => (format!("{} days", seconds / 86400), format!("{}日", seconds / 86400)),
        };
        if self.language == Language::Ja { ja } else { en }
    }

    /// The words in the colour of their meaning.
    #[must_use]
    pub fn paint(&self, meaning: Meaning, words: &str) -> String {
        let mut painted = String::with_capacity(words.len());
        self.push(&mut painted, meaning, words);
        painted
    }

    /// Adds the words in the colour of their meaning.
    pub fn push(&self, screen: &mut String, meaning: Meaning, words: &str) {
        if !self.colour || words.is_empty() {
            screen.push_str(words);
        } else {
            let style = meaning.style();
            screen.push_str(&format!("{style}{words}{style:#}"));
        }
    }

    /// The finished screen: marks that the terminal cannot show are replaced.
    #[must_use]
    pub fn finish(&self, screen: String) -> String {
        if !self.ascii {
            return screen;
        }
        let mut plain = String::with_capacity(screen.len());
        for c in screen.chars() {
            match c {
                '✓' => plain.push('+'),
                '✗' => plain.push('x'),
                '·' | '—' | '–' => plain.push('-'),
                '→' => plain.push_str("->"),
                '…' => plain.push_str("..."),
                '“' | '”' => plain.push('"'),
                '‘' | '’' => plain.push('\''),
                '█' => plain.push('#'),
                c => plain.push(c),
            }
        }
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::base::Language;

    fn page() -> Page {
        Page::plain("2026-11-21T11:31:02Z".parse().unwrap())
    }

    #[test]
    fn a_moment_of_today_needs_no_date() {
        let mut page = page();
        page.zone = jiff::tz::TimeZone::get("Asia/Tokyo").unwrap();
        assert_eq!(page.short_moment("2026-11-21T05:00:00Z".parse().unwrap()), "14:00 JST");
        assert_eq!(page.short_moment("2026-11-21T15:00:00Z".parse().unwrap()), "2026-11-22 00:00 JST");
    }

    #[test]
    fn a_distance_is_said_in_the_largest_sensible_unit() {
        let cases = [
            ("2026-11-21T11:31:40Z", "38 s", "38秒"),
            ("2026-11-21T11:43:02Z", "12 min", "12分"),
            ("2026-11-21T09:12:00Z", "2 h 19 min", "2時間19分"),
            ("2026-11-30T11:31:02Z", "9 days", "9日"),
        ];
        for (moment, en, ja) in cases {
            let mut page = page();
            assert_eq!(page.distance(moment.parse().unwrap()), en);
            page.language = Language::Ja;
            assert_eq!(page.distance(moment.parse().unwrap()), ja);
        }
    }

    #[test]
    fn a_terminal_without_utf8_gets_ascii_marks() {
        let mut page = page();
        page.ascii = true;
        assert_eq!(page.finish("✓ a · b → ✗ …".to_owned()), "+ a - b -> x ...");
    }
}
