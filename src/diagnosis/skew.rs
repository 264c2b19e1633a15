//! How far the clock of this machine is off.

use super::finding::{Confidence, Finding};
use crate::base::{Phrase, Text, Timestamp, time};
use crate::cause;
use crate::model::Strength;

/// Less is no finding, in seconds.
pub(super) const TOLERATED: i64 = 300;

/// The finding that this machine's clock is not that of others.
pub(super) fn finding(ours: Timestamp, theirs: Timestamp, confidence: Confidence) -> Finding {
    const OFF: Text = Text::new(
        "the service's clock says {theirs}, this machine's {ours}",
        "サービスの時計は {theirs}、この端末の時計は {ours} です",
    );
    let said = OFF.fill(&[("theirs", &time::iso(theirs)), ("ours", &time::iso(ours))]);
    let seconds = ours.duration_since(theirs).as_secs();
    Finding::new(cause::get("CONN-CLK-SKEW"), confidence)
        .value("skew", amount(seconds))
        .because(Strength::Proves, said)
}

fn amount(seconds: i64) -> Phrase {
    const AHEAD: [Text; 3] = [
        Text::new("{count} minutes, ahead", "{count} 分の進み"),
        Text::new("{count} hours, ahead", "{count} 時間の進み"),
        Text::new("{count} days, ahead", "{count} 日の進み"),
    ];
    const BEHIND: [Text; 3] = [
        Text::new("{count} minutes, behind", "{count} 分の遅れ"),
        Text::new("{count} hours, behind", "{count} 時間の遅れ"),
        Text::new("{count} days, behind", "{count} 日の遅れ"),
    ];
    let (unit, length) = match seconds.abs() {
        ..7200 => (0, 60),
        7200..172_800 => (1, 3600),
        _ => (2, 86400),
    };
    let texts = if seconds > 0 { AHEAD } else { BEHIND };
    texts[unit].fill(&[("count", &((seconds.abs() + length / 2) / length).to_string())])
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn the_unit_fits_and_the_direction_is_told() {
        for (seconds, en, ja) in [
            (-400, "7 minutes, behind", "7 分の遅れ"),
            (7199, "120 minutes, ahead", "120 分の進み"),
            (9000, "3 hours, ahead", "3 時間の進み"),
            (-129_614_160, "1500 days, behind", "1500 日の遅れ"),
        ] {
            let told = amount(seconds);
            assert_eq!((told.en.as_str(), told.ja.as_str()), (en, ja), "{seconds}");
        }
    }
}
