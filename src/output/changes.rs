//! What is different since the last success, in words.

use super::page::Page;
use super::words::safe;
use super::wrap;
use crate::base::Text;
use crate::diagnosis::change::Change;

/// The most cells of a value.
const VALUE: usize = 100;

/// One change: what, from what to what, and where it stands.
#[must_use]
pub fn sentence(change: &Change, page: &Page) -> String {
    let none = page.say(Text::new("none", "なし"));
    let value = |value: &Option<String>| match value {
        Some(text) => wrap::cut(&safe(text), VALUE),
        None => none.to_owned(),
    };
    let label = safe(change.label.get(page.language));
    let words = format!("{label}: {} → {}", value(&change.from), value(&change.to));
    let place = change.place.as_deref().map(safe);
    let saved = change.at.map(|at| match &change.place {
        Some(_) => page.fill(Text::new("saved {at}", "{at} 保存"), &[("at", &page.short_moment(at))]),
        None => page.fill(Text::new("since {at}", "{at} から"), &[("at", &page.short_moment(at))]),
    });
    let further: Vec<String> = place.into_iter().chain(saved).collect();
    if further.is_empty() {
        return words;
    }
    let further = further.join(page.say(Text::new(", ", "、")));
    page.fill(
        Text::new("{words} ({further})", "{words}（{further}）"),
        &[("words", &words), ("further", &further)],
    )
}
