//! Refusals of the service itself: credential, rights, plan, and requests that do not fit.

use serde_json::json;

use crate::base::Text;

use super::super::crm;
use super::super::reply::Answer;
use super::{Ask, Effect, Mode};

pub(super) static MODES: &[Mode] = &[
    Mode {
        name: "wrong-key",
        about: Text::new("401: the key is unknown.", "401: APIキーが認識されません。"),
        effect: Effect::Instead(|_| Answer::error(401, "key_unknown", "This API key is not known.").into()),
    },
    Mode {
        name: "bare-401",
        about: Text::new("401 without a body or a code.", "401: 本文もエラーコードもありません。"),
        effect: Effect::Instead(|_| Answer::empty(401).into()),
    },
    Mode {
        name: "revoked-key",
        about: Text::new("401: the key was revoked.", "401: APIキーが失効させられています。"),
        effect: Effect::Instead(|_| {
            Answer::error(401, "key_revoked", "This API key was revoked by an administrator.").into()
        }),
    },
    Mode {
        name: "expired-key",
        about: Text::new("401: the key expired.", "401: APIキーの有効期限が切れています。"),
        effect: Effect::Instead(|_| {
            Answer::error(401, "key_expired", "This API key expired on 2026-01-31.").into()
        }),
    },
    Mode {
        name: "missing-permission",
        about: Text::new(
            "403 for accounts: a right is missing. The rest works.",
            "403: 取引先 (accounts) の権限だけがありません。ほかは動作します。",
        ),
        effect: Effect::Success(|answer, ask| match ask.path {
            "/api/accounts" => missing_permission().into(),
            _ => answer.into(),
        }),
    },
    Mode {
        name: "forbidden",
        about: Text::new("403: no right at all.", "403: 権限が一つもありません。"),
        effect: Effect::Success(|_, _| missing_permission().into()),
    },
    Mode {
        name: "plan",
        about: Text::new("402: the plan has no API.", "402: 契約プランにAPIが含まれていません。"),
        effect: Effect::Success(|_, _| {
            Answer::error(402, "plan_lacks_api", "The plan of this organisation does not include the API.")
                .into()
        }),
    },
    Mode {
        name: "wrong-path-json",
        about: Text::new("404 in JSON.", "404: エラー本文はJSONです。"),
        effect: Effect::Instead(|_| crm::unknown_path().into()),
    },
    Mode {
        name: "wrong-path-html",
        about: Text::new(
            "404 as an HTML page of the web server.",
            "404: Webサーバーの HTML ページが返ります。",
        ),
        effect: Effect::Instead(|_| {
            let text = "<p>The requested URL was not found on this server.</p>";
            Answer::html(404, "404 Not Found", text).by_the_edge().into()
        }),
    },
    Mode {
        name: "method",
        about: Text::new("405 with Allow.", "405: Allow ヘッダー付きです。"),
        effect: Effect::Instead(|_| {
            Answer::error(405, "method_unknown", "This path does not take this method.")
                .with("allow", "PUT")
                .into()
        }),
    },
    Mode {
        name: "not-acceptable",
        about: Text::new("406: no form fits Accept.", "406: Accept に合う形式がありません。"),
        effect: Effect::Instead(|_| {
            Answer::error(406, "not_acceptable", "Only application/vnd.sandbox+json is served.").into()
        }),
    },
    Mode {
        name: "gone",
        about: Text::new(
            "410: this API version was removed.",
            "410: このAPIバージョンは提供を終了しました。",
        ),
        effect: Effect::Instead(|_| {
            Answer::error(410, "version_removed", "Version 1 was removed on 2026-06-30. Use version 2.")
                .into()
        }),
    },
    Mode {
        name: "media-type",
        about: Text::new("415: the body has the wrong type.", "415: 本文の形式が違います。"),
        effect: Effect::Instead(|_| Answer::error(415, "media_type", "Send application/json.").into()),
    },
    Mode {
        name: "fields",
        about: Text::new("422 with a list of fields.", "422: 誤りのある項目の一覧が付きます。"),
        effect: Effect::Instead(|_| invalid_fields().into()),
    },
    Mode {
        name: "upgrade",
        about: Text::new("426: a newer protocol is required.", "426: より新しいプロトコルが必要です。"),
        effect: Effect::Instead(|_| {
            Answer::error(426, "upgrade_required", "Use TLS 1.2 or newer.").with("upgrade", "TLS/1.2").into()
        }),
    },
    Mode {
        name: "legal",
        about: Text::new("451: blocked for legal reasons.", "451: 法的な理由で遮断されています。"),
        effect: Effect::Instead(|_| {
            Answer::error(451, "legal", "Not available in your country.")
                .with("link", "<https://sandbox.invalid/legal>; rel=\"blocked-by\"")
                .into()
        }),
    },
    Mode {
        name: "error-in-200",
        about: Text::new("200 whose body says no.", "200 ですが、本文はエラーを示しています。"),
        effect: Effect::Instead(|_| {
            let message = "This API key is not known.";
            let error = json!({ "ok": false, "error": { "code": "key_unknown", "message": message } });
            Answer::json(200, &error).into()
        }),
    },
    Mode {
        name: "echo",
        about: Text::new(
            "401 that repeats the credential in its body and headers.",
            "401: 受け取った認証情報を本文とヘッダーにそのまま返します。",
        ),
        effect: Effect::Instead(|ask| echo(ask).into()),
    },
    Mode {
        name: "control-characters",
        about: Text::new(
            "401 whose message holds escapes, direction marks and CI commands.",
            "401: メッセージに端末制御文字、書字方向文字、CIコマンドが含まれます。",
        ),
        effect: Effect::Instead(|_| {
            let message = "\u{1b}[2J\u{1b}[31mAll is well\u{1b}[0m \u{202e}detcejer\u{202c}\r\n::error file=app.rs::\
                           injected\n##vso[task.complete result=Succeeded]\u{7}\u{200b}";
            Answer::error(401, "key_unknown", message).with("x-note", "\u{202e}desrever").into()
        }),
    },
];

/// The refusal of a body with wrong fields.
pub(in super::super) fn invalid_fields() -> Answer {
    let fields = json!([
        { "field": "name", "code": "required", "message": "A name is required." },
        { "field": "email", "code": "format", "message": "This is not an email address." }
    ]);
    let message = "Some fields are not valid.";
    Answer::json(422, &json!({ "error": { "code": "fields_invalid", "message": message, "fields": fields } }))
}

fn missing_permission() -> Answer {
    Answer::error(403, "right_missing", "This key may not read accounts. Its role lacks accounts.read.")
}

fn echo(ask: &Ask<'_>) -> Answer {
    let request = ask.request;
    let headers: Vec<String> =
        request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let credential = ["x-api-key", "authorization"].iter().find_map(|name| request.header(name));
    let credential = credential.map_or_else(|| request.target(), str::to_owned);
    let body = String::from_utf8_lossy(&request.body);
    let message = format!("The key {credential} is not known. You sent {}.", request.target());
    let seen = json!({ "headers": headers, "body": body });
    let error = json!({ "code": "key_unknown", "message": message, "request": seen });
    Answer::json(401, &json!({ "error": error })).with("x-echo", credential)
}
