//! The account of a verdict, as people see it and as a screen reader hears it.

use super::find;
use super::page::Page;
use super::sample::{self, moment, page};
use crate::base::{Language, Text};
use crate::cause;
use crate::diagnosis::experiment::{Controls, Question, Skipped};
use crate::diagnosis::ranking::{Candidate, Lacking, Line, WhyNot};
use crate::diagnosis::report::{Account, ShownRequest};
use crate::diagnosis::{Confidence, Entry, Report};
use crate::model::Strength;

fn line(strength: Strength, en: &'static str, ja: &'static str) -> Line {
    Line { strength, sentence: Text::new(en, ja).into() }
}

fn report() -> Report {
    let same = line(Strength::Strong, "a made-up key gets the same answer", "架空のキーでも同じ応答です");
    let worked = line(Strength::Proves, "the same key worked yesterday", "昨日は同じキーで成功していました");
    let mistyped = line(Strength::Against, "the key has not changed", "キーは変わっていません");
    let account = Account {
        candidates: vec![
            Candidate {
                cause: cause::get("CONN-AUTH-KEY-ROTATED"),
                lines: vec![same.clone(), worked],
                confidence: Some(Confidence::Certain),
                is_root: true,
            },
            Candidate {
                cause: cause::get("CONN-AUTH-KEY-UNKNOWN"),
                lines: vec![same, mistyped.clone()],
                confidence: Some(Confidence::Possible),
                is_root: false,
            },
            Candidate {
                cause: cause::get("CONN-AUTH-REJECTED"),
                lines: vec![line(Strength::Strong, "the answer is HTTP 401", "応答は HTTP 401 です")],
                confidence: Some(Confidence::Certain),
                is_root: false,
            },
            Candidate {
                cause: cause::get("CONN-AUTH-IP"),
                lines: vec![mistyped.clone()],
                confidence: Some(Confidence::Unknown),
                is_root: false,
            },
        ],
        controls: Controls {
            asked: vec![(Question::NoCredential, Some(401)), (Question::OlderProtocol, None)],
            remembered: vec![(Question::MadeUpKey, moment("2026-11-21T02:00:00Z"), Some(401))],
            skipped: vec![(Question::Repeat(1), Skipped::Budget)],
        },
        why_not: Some(WhyNot {
            cause: cause::get("CONN-AUTH-USER-DISABLED"),
            is_root: false,
            lines: vec![mistyped],
            lacking: vec![Lacking {
                strength: Strength::Strong,
                facts: vec![(
                    Text::new("another answer to a made-up key", "架空のキーへの別の応答").into(),
                    None,
                )],
            }],
            rules: Vec::new(),
        }),
        request: Some(ShownRequest {
            method: "GET".to_owned(),
            url: "https://acme.myfreshworks.com/crm/sales/api/selector/owners".to_owned(),
            headers: vec![("Authorization".to_owned(), "Token token=***".to_owned())],
            body: None,
        }),
        ..Account::default()
    };
    let entry = Entry { account, ..sample::rotated("freshsales-main") };
    sample::report("diagnose", vec![entry])
}

/// What follows the finding: the account alone.
fn screen(name: &str, language: Language) -> String {
    let page = Page { why: true, ..page(language) };
    let text = find(name).unwrap().render(&report(), &page);
    let link = "https://developers.freshworks.com/crm/api/#authentication\n";
    text.split_once(link).map(|(_, account)| account.trim_start().to_owned()).unwrap()
}

#[test]
fn a_person_reads_what_was_weighed_and_compared() {
    insta::assert_snapshot!(screen("human", Language::En), @r#"
The test request
  GET https://acme.myfreshworks.com/crm/sales/api/selector/owners
  Authorization: Token token=***

What was weighed
  CONN-AUTH-KEY-ROTATED (5004) certain, 5 points: named
    +  a made-up key gets the same answer
    =  the same key worked yesterday
  CONN-AUTH-KEY-UNKNOWN (5003) possible, 3 points
    +  a made-up key gets the same answer
    -  the key has not changed
  CONN-AUTH-REJECTED (5001) certain: the named cause is why
    +  the answer is HTTP 401
  CONN-AUTH-IP (5012) nothing speaks for it
    -  the key has not changed

Why not CONN-AUTH-USER-DISABLED (5007)?
  Needed      The service names an inactive user, or it answers differently to
              this key than to a made-up one.
    -  the key has not changed
  Not seen    · another answer to a made-up key (not known)

  compared with: the same request without a credential (D1): HTTP 401; the
    same request over HTTP/1.1 (D13): no answer
  known from 2026-11-21 11:00 +09: the same request with a made-up key (D2):
    HTTP 401
  not asked: the same request, repeated (D12): the requests of this run are
    used up
  requests sent 4 · 244 ms · exit 4 (new credential needed)
"#);
}

#[test]
fn a_screen_reader_hears_it_one_fact_per_line() {
    insta::assert_snapshot!(screen("plain", Language::En), @r#"
The test request: GET https://acme.myfreshworks.com/crm/sales/api/selector/owners
Header: Authorization: Token token=***
Weighed: CONN-AUTH-KEY-ROTATED, certain, 5 points: named
Speaks for it: a made-up key gets the same answer
Speaks for it: the same key worked yesterday
Weighed: CONN-AUTH-KEY-UNKNOWN, possible, 3 points
Speaks for it: a made-up key gets the same answer
Speaks against it: the key has not changed
Weighed: CONN-AUTH-REJECTED, certain: the named cause is why
Speaks for it: the answer is HTTP 401
Weighed: CONN-AUTH-IP, nothing speaks for it
Speaks against it: the key has not changed
Not named: CONN-AUTH-USER-DISABLED
Needed: The service names an inactive user, or it answers differently to this key than to a made-up one.
Speaks against it: the key has not changed
Not seen: another answer to a made-up key (not known)
Control experiments: compared with: the same request without a credential (D1): HTTP 401; the same request over HTTP/1.1 (D13): no answer
Control experiments: known from 2026-11-21 11:00 +09: the same request with a made-up key (D2): HTTP 401
Control experiments: not asked: the same request, repeated (D12): the requests of this run are used up
Requests sent: 4
Time: 244 ms
Exit code: 4, new credential needed
"#);
}

#[test]
fn a_person_reads_what_was_weighed_and_compared_in_japanese() {
    insta::assert_snapshot!(screen("human", Language::Ja), @r#"
テスト要求
  GET https://acme.myfreshworks.com/crm/sales/api/selector/owners
  Authorization: Token token=***

検討した原因
  CONN-AUTH-KEY-ROTATED (5004) 確定、5 点: 判定結果
    +  架空のキーでも同じ応答です
    =  昨日は同じキーで成功していました
  CONN-AUTH-KEY-UNKNOWN (5003) 可能性あり、3 点
    +  架空のキーでも同じ応答です
    -  キーは変わっていません
  CONN-AUTH-REJECTED (5001) 確定（判定結果の原因によるもの）
    +  応答は HTTP 401 です
  CONN-AUTH-IP (5012) 該当する根拠なし
    -  キーは変わっていません

CONN-AUTH-USER-DISABLED（5007）でない理由
  判定の条件  外部サービスがユーザーの無効化を示しているか、架空のキーとは異なる
              応答を返しています。
    -  キーは変わっていません
  不足        · 架空のキーへの別の応答（不明）

  比較した要求: 認証情報なしの同じ要求（D1）: HTTP 401、HTTP/1.1 での同じ要求
    （D13）: 応答なし
  2026-11-21 11:00 +09 の結果を使用: 架空のキーでの同じ要求（D2）: HTTP 401
  実施せず: 同じ要求の繰り返し（D12）: 要求数の上限に達したため
  送信したリクエスト 4 件 · 244 ms · 終了コード 4（認証情報の更新が必要）
"#);
}

#[test]
fn a_screen_reader_hears_it_one_fact_per_line_in_japanese() {
    insta::assert_snapshot!(screen("plain", Language::Ja), @r#"
テスト要求: GET https://acme.myfreshworks.com/crm/sales/api/selector/owners
ヘッダー: Authorization: Token token=***
検討した原因: CONN-AUTH-KEY-ROTATED、確定、5 点: 判定結果
裏付け: 架空のキーでも同じ応答です
裏付け: 昨日は同じキーで成功していました
検討した原因: CONN-AUTH-KEY-UNKNOWN、可能性あり、3 点
裏付け: 架空のキーでも同じ応答です
反証: キーは変わっていません
検討した原因: CONN-AUTH-REJECTED、確定（判定結果の原因によるもの）
裏付け: 応答は HTTP 401 です
検討した原因: CONN-AUTH-IP、該当する根拠なし
反証: キーは変わっていません
判定されなかった原因: CONN-AUTH-USER-DISABLED
判定の条件: 外部サービスがユーザーの無効化を示しているか、架空のキーとは異なる応答を返しています。
反証: キーは変わっていません
不足: 架空のキーへの別の応答（不明）
比較確認: 比較した要求: 認証情報なしの同じ要求（D1）: HTTP 401、HTTP/1.1 での同じ要求（D13）: 応答なし
比較確認: 2026-11-21 11:00 +09 の結果を使用: 架空のキーでの同じ要求（D2）: HTTP 401
比較確認: 実施せず: 同じ要求の繰り返し（D12）: 要求数の上限に達したため
送信したリクエスト: 4
所要時間: 244 ms
終了コード: 4, 認証情報の更新が必要
"#);
}
