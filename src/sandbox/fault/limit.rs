//! Rate limits, in the ways in which services announce them.

use crate::base::Text;

use super::super::reply::Answer;
use super::{Effect, Mode, http_date};

pub(super) static MODES: &[Mode] = &[
    Mode {
        name: "rate-limit",
        about: Text::new("429 with Retry-After in seconds.", "429: Retry-After は秒数です。"),
        effect: Effect::Instead(|_| refusal().with("retry-after", "17").into()),
    },
    Mode {
        name: "rate-limit-date",
        about: Text::new("429 with Retry-After as a date.", "429: Retry-After は日時です。"),
        effect: Effect::Instead(|_| refusal().with("retry-after", http_date(90)).into()),
    },
    Mode {
        name: "rate-limit-headers",
        about: Text::new("429 with x-ratelimit headers only.", "429: x-ratelimit ヘッダーだけが付きます。"),
        effect: Effect::Instead(|_| refusal().with("x-ratelimit-reset", "42").into()),
    },
    Mode {
        name: "rate-limit-bare",
        about: Text::new(
            "429 of a gateway, without any time.",
            "429: ゲートウェイが返し、時刻の情報がありません。",
        ),
        effect: Effect::Instead(|_| {
            Answer::of(429, "text/plain", "Too Many Requests\n").by_the_edge().into()
        }),
    },
    Mode {
        name: "quota-low",
        about: Text::new("Works, but the quota is nearly used up.", "動作しますが、残り回数がわずかです。"),
        effect: Effect::Success(|answer, _| answer.with("x-ratelimit-remaining", "3").into()),
    },
];

fn refusal() -> Answer {
    Answer::error(429, "rate_limited", "Too many requests. Wait before the next one.")
        .with("x-ratelimit-remaining", "0")
}
