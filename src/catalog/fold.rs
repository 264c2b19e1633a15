//! Spellings that a person takes for the same: case, width and kana do not matter. The build script uses this too.

/// The half-width kana from U+FF66 on, as hiragana.
const HALF: &str = "をぁぃぅぇぉゃゅょっーあいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわん";

/// The text in lower case, full-width letters as ASCII, and every kana as full-width hiragana.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\u{3000}' => folded.push(' '),
            '\u{ff01}'..='\u{ff5e}' => folded.extend(moved(letter, -0xfee0).to_lowercase()),
            '\u{30a1}'..='\u{30f6}' => folded.push(moved(letter, -0x60)),
            '\u{ff66}'..='\u{ff9d}' => {
                folded.extend(HALF.chars().nth(letter as usize - 0xff66));
            }
            '\u{ff9e}' | '\u{ff9f}' => voice(&mut folded, letter),
            _ => folded.extend(letter.to_lowercase()),
        }
    }
    folded
}

/// The folded text without what people leave out when they type a name.
pub fn squeeze(folded: &str) -> String {
    folded.chars().filter(|letter| !matches!(letter, ' ' | '-' | '.' | '_' | '・')).collect()
}

/// A half-width mark of voicing joins the kana before it.
fn voice(folded: &mut String, mark: char) {
    let Some(last) = folded.pop() else { return };
    let half_voiced = mark == '\u{ff9f}';
    let voiced = match last {
        'う' if !half_voiced => 'ゔ',
        'か'..='ち' | 'つ'..='と' if !half_voiced => moved(last, 1),
        'は'..='ほ' => moved(last, if half_voiced { 2 } else { 1 }),
        _ => last,
    };
    folded.push(voiced);
}

fn moved(letter: char, by: i32) -> char {
    u32::try_from(letter as i32 + by).ok().and_then(char::from_u32).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::{fold, squeeze};

    #[test]
    fn width_case_and_kana_do_not_matter() {
        for (one, other) in [
            ("Slack", "ＳＬＡＣＫ"),
            ("スラック", "すらっく"),
            ("ｶﾞﾙｰﾝ", "ガルーン"),
            ("ﾊﾟｲﾌﾟﾄﾞﾗｲﾌﾞ", "パイプドライブ"),
            ("ヴィメオ", "ｳﾞｨﾒｵ"),
            ("楽天　市場", "楽天 市場"),
        ] {
            assert_eq!(fold(one), fold(other), "{one}");
        }
        assert_eq!(squeeze(&fold("Big-Query v2.0")), "bigqueryv20");
    }
}
