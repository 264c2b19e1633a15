//! Bodies that are not what was asked for.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::base::Text;

use super::super::crm;
use super::super::reply::Answer;
use super::{Effect, Mode};

/// The size of the gzip bomb when unpacked.
const BOMB: usize = 20 * 1024 * 1024;

pub(super) static MODES: &[Mode] = &[
    Mode {
        name: "html-login",
        about: Text::new("200 with an HTML login page.", "200: HTML のログインページが返ります。"),
        effect: Effect::Instead(|_| crm::login().into()),
    },
    Mode {
        name: "xml",
        about: Text::new("200 with XML instead of JSON.", "200: JSONではなくXMLが返ります。"),
        effect: Effect::Success(|_, _| {
            let xml =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<me><user id=\"u-1001\">Hanako</user></me>\n";
            Answer::of(200, "application/xml", xml).into()
        }),
    },
    Mode {
        name: "cut-json",
        about: Text::new("200 with JSON that ends in the middle.", "200: JSONが途中で終わっています。"),
        effect: Effect::Success(|mut answer, _| {
            answer.body.truncate(answer.body.len() / 2);
            answer.into()
        }),
    },
    Mode {
        name: "empty",
        about: Text::new("200 without a body.", "200: 本文がありません。"),
        effect: Effect::Success(|_, _| Answer::empty(200).into()),
    },
    Mode {
        name: "wrong-type",
        about: Text::new(
            "200 with JSON declared as text/plain.",
            "200: JSONですが text/plain と宣言されています。",
        ),
        effect: Effect::Success(|answer, _| Answer::of(answer.status, "text/plain", answer.body).into()),
    },
    Mode {
        name: "shift-jis",
        about: Text::new("200 with a body in Shift_JIS.", "200: 本文の文字コードが Shift_JIS です。"),
        effect: Effect::Success(|_, _| {
            let mut body = b"{\"user\":{\"id\":\"u-1001\",\"name\":\"".to_vec();
            body.extend(b"\x8e\x52\x93\x63 \x89\xd4\x8e\x71"); // 山田 花子
            body.extend(b"\"},\"organisation\":{\"id\":\"org-7\",\"name\":\"Example K.K.\"}}\n");
            Answer::of(200, "application/json; charset=Shift_JIS", body).into()
        }),
    },
    Mode {
        name: "bad-gzip",
        about: Text::new(
            "200 with a body that only claims to be gzip.",
            "200: gzip と称していますが展開できません。",
        ),
        effect: Effect::Success(|answer, _| answer.with("content-encoding", "gzip").into()),
    },
    Mode {
        name: "gzip-bomb",
        about: Text::new("200 with 20 KB that unpack to 20 MB.", "200: 約20KBが展開すると20MBになります。"),
        effect: Effect::Success(|_, _| {
            Answer::of(200, "application/json", bomb()).with("content-encoding", "gzip").into()
        }),
    },
];

fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let piece = vec![b' '; 64 * 1024];
    let written = (0..BOMB / piece.len()).try_for_each(|_| encoder.write_all(&piece));
    written.and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}
