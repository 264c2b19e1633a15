//! Faults of the wire: slowness, silence, and bytes that are not HTTP.

use crate::base::Text;

use super::super::reply::{Answer, Reply};
use super::{Effect, Mode};

/// Larger than the heads that HTTP clients accept.
const HUGE_HEADER: usize = 600 * 1024;

pub(super) static MODES: &[Mode] = &[
    Mode {
        name: "slow",
        about: Text::new("Works, after some seconds.", "動作しますが、応答まで数秒かかります。"),
        effect: Effect::Every(|answer, ask| Answer { wait: ask.state.pace, ..answer }.into()),
    },
    Mode {
        name: "drip",
        about: Text::new(
            "The head at once, then the body a few bytes at a time.",
            "ヘッダーはすぐ届きますが、本文が数バイトずつしか届きません。",
        ),
        effect: Effect::Every(|answer, ask| Answer { drip: Some(ask.state.pace / 10), ..answer }.into()),
    },
    Mode {
        name: "silent",
        about: Text::new(
            "Accepts the request and never answers.",
            "リクエストを受け取ったまま応答しません。",
        ),
        effect: Effect::Instead(|_| Reply::Silence),
    },
    Mode {
        name: "hangup",
        about: Text::new("Closes without an answer.", "応答せずに接続を閉じます。"),
        effect: Effect::Instead(|_| Reply::Hangup),
    },
    Mode {
        name: "garbage",
        about: Text::new("Answers with something that is not HTTP.", "HTTPではないデータを返します。"),
        effect: Effect::Instead(|_| {
            Reply::Raw(b"SSH-2.0-OpenSSH_9.2p1 sandbox\r\n\x00\x01\x02\xff\xfe not http\r\n\r\n".to_vec())
        }),
    },
    Mode {
        name: "short-body",
        about: Text::new(
            "The connection closes before Content-Length is reached.",
            "Content-Length に達する前に接続が閉じます。",
        ),
        effect: Effect::Success(|answer, ask| {
            let id = ask.state.request_id();
            let mut bytes = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-sandbox-request-id: {id}\r\n\
                 content-length: {}\r\n\r\n",
                answer.body.len() + 1000
            )
            .into_bytes();
            bytes.extend(answer.body);
            Reply::Raw(bytes)
        }),
    },
    Mode {
        name: "huge-header",
        about: Text::new(
            "A header larger than clients accept.",
            "クライアントの上限を超える大きなヘッダーを返します。",
        ),
        effect: Effect::Every(|answer, _| answer.with("x-huge", "a".repeat(HUGE_HEADER)).into()),
    },
];
