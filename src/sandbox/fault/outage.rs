//! Outages of the service and of the machines in front of it.

use crate::base::Text;

use super::super::reply::Answer;
use super::{Effect, Mode, http_date};

pub(super) static MODES: &[Mode] = &[
    Mode {
        name: "maintenance",
        about: Text::new(
            "503: planned maintenance, Retry-After as a date.",
            "503: 計画メンテナンス中で、Retry-After は日時です。",
        ),
        effect: Effect::Instead(|_| {
            Answer::error(503, "maintenance", "Planned maintenance. The service is back soon.")
                .with("retry-after", http_date(1800))
                .into()
        }),
    },
    Mode {
        name: "overload",
        about: Text::new("503: the service is overloaded.", "503: サービスが過負荷です。"),
        effect: Effect::Instead(|_| Answer::error(503, "overloaded", "The service is overloaded.").into()),
    },
    Mode {
        name: "bad-gateway",
        about: Text::new("502 as a page of the gateway.", "502: ゲートウェイの HTML ページが返ります。"),
        effect: Effect::Instead(|_| gateway(502, "502 Bad Gateway").into()),
    },
    Mode {
        name: "gateway-timeout",
        about: Text::new("504 as a page of the gateway.", "504: ゲートウェイの HTML ページが返ります。"),
        effect: Effect::Instead(|_| gateway(504, "504 Gateway Time-out").into()),
    },
    Mode {
        name: "server-error",
        about: Text::new("500 in JSON.", "500: エラー本文はJSONです。"),
        effect: Effect::Instead(|_| {
            Answer::error(500, "internal", "Something went wrong on our side.").into()
        }),
    },
    Mode {
        name: "deprecated",
        about: Text::new(
            "Works, with Deprecation and Sunset headers.",
            "動作しますが、Deprecation と Sunset ヘッダーが付きます。",
        ),
        effect: Effect::Every(|answer, _| {
            answer
                .with("deprecation", "@1767225600")
                .with("sunset", http_date(45 * 86_400))
                .with("link", "<https://sandbox.invalid/v2>; rel=\"successor-version\"")
                .into()
        }),
    },
    Mode {
        name: "clock-skew",
        about: Text::new("Works; its Date is two hours behind.", "動作しますが、Date が2時間遅れています。"),
        effect: Effect::Every(|answer, _| answer.with("date", http_date(-7200)).into()),
    },
];

fn gateway(status: u16, title: &str) -> Answer {
    Answer::html(status, title, "<hr><center>sandbox-edge</center>").by_the_edge()
}
