//! The main screens, as people see them.

use super::sample::{self, page};
use super::{find, github};
use crate::base::Language;
use crate::diagnosis::Report;

fn screen(name: &str, report: &Report, language: Language) -> String {
    find(name).unwrap().render(report, &page(language))
}

#[test]
fn a_healthy_connection_is_told_in_four_lines() {
    let report = sample::report("test", vec![sample::healthy("freshsales-main")]);
    insta::assert_snapshot!(screen("human", &report, Language::En), @r#"
✓ freshsales-main  ok · Freshsales · API key · fingerprint 8c1f
  address     https://acme.myfreshworks.com/crm/sales/api
  whoami      Aiko Sato · Acme KK
  access      Contacts ✓   Deals ✓   Accounts ✓
  quota       412 of 1,000 calls left · resets 21:00 +09
"#);
    insta::assert_snapshot!(screen("human", &report, Language::Ja), @r#"
✓ freshsales-main  正常 · Freshsales · APIキー · 指紋 8c1f
  接続先      https://acme.myfreshworks.com/crm/sales/api
  ユーザー    Aiko Sato · Acme KK
  権限        連絡先 ✓   商談 ✓   取引先 ✓
  残り回数    残り 412 回（上限 1,000 回） · 21:00 +09 にリセット
"#);
}

#[test]
fn a_failure_ends_in_steps() {
    let report = sample::report("test", vec![sample::rotated("freshsales-main")]);
    insta::assert_snapshot!(screen("human", &report, Language::En), @r#"
✗ freshsales-main  rejected · Freshsales · API key · fingerprint 8c1f
  address     https://acme.myfreshworks.com/crm/sales/api

✗ CONN-AUTH-KEY-ROTATED (5004)  certain
  The key used to work and now Freshsales no longer knows it; somebody probably
  made a new one.
  Evidence    · the same key worked until 2026-11-20 14:02 JST (fingerprint 8c1f
                has not changed)
              · HTTP 401 since 09:31; a made-up key gets the same answer
  Freshsales says
              “Login failed”
              request id req-77 (quote it to support)
  Do this     1. Find the current key in Freshsales: Settings > API settings.
              2. Enter the new key. The old one is kept until the new one is
                 proven.
                   conn reconnect freshsales-main
  Who         your Freshsales administrator, or you
  Retry       when fixed
  Exit        4 · new credential needed
  More        conn explain 5004
              https://developers.freshworks.com/crm/api/#authentication
"#);
    insta::assert_snapshot!(screen("human", &report, Language::Ja), @r#"
✗ freshsales-main  認証拒否 · Freshsales · APIキー · 指紋 8c1f
  接続先      https://acme.myfreshworks.com/crm/sales/api

✗ CONN-AUTH-KEY-ROTATED (5004)  確定
  APIキーが無効になりました。Freshsales で再生成された可能性が高いです。
  根拠        · 11月20日 14:02 までは同じキーで成功していました（指紋 8c1f は変
                わっていません）
              · 本日 09:31 以降 HTTP 401。架空のキーを送った場合と同じ応答です
  Freshsales の応答
              「Login failed」
              リクエストID req-77（問い合わせ時にお伝えください）
  対処        1. Freshsales の「設定 > API設定」で現在のキーを確認してください。
              2. 次のコマンドを実行し、新しいキーを入力してください。確認が済む
                 まで以前のキーは残ります。
                   conn reconnect freshsales-main
  対応者      Freshsales の管理者、またはあなた
  再試行      対処後
  終了コード  4 · 認証情報の更新が必要
  詳しく      conn explain 5004
              https://developers.freshworks.com/crm/api/#authentication
"#);
}

#[test]
fn diagnose_shows_the_ladder_of_layers() {
    let report = sample::report("diagnose", vec![sample::rotated("freshsales-main")]);
    insta::assert_snapshot!(screen("human", &report, Language::En), @r#"
✗ freshsales-main  rejected · Freshsales · API key · fingerprint 8c1f
  address     https://acme.myfreshworks.com/crm/sales/api
  defined     from connectors.toml:41 · environment production
  secrets     key in keyring, fingerprint 8c1f
  state       needs reconnect
  last good   2026-11-21 18:12 +09 (2 h 19 min ago)

  config    ✓  12 checks
  secrets   ✓  key present, shape ok
  dns       ✓  acme.myfreshworks.com → 192.0.2.10,    |█               |   18 ms
               no IPv6 address
  connect   ✓  192.0.2.10:443                         | ███            |   41 ms
  proxy     ·  not used
  tls       ✓  TLS 1.3, Sectigo, 211 days left        |    ████        |   63 ms
  http      ✓  HTTP/2, the answer is from Freshsales  |        ████████|  122 ms
  auth      ✗  401 Login failed
  access    ·  not reached
  quota     ·  not reached

✗ CONN-AUTH-KEY-ROTATED (5004)  certain
  The key used to work and now Freshsales no longer knows it; somebody probably
  made a new one.
  Evidence    · the same key worked until 2026-11-20 14:02 JST (fingerprint 8c1f
                has not changed)
              · HTTP 401 since 09:31; a made-up key gets the same answer
  Freshsales says
              “Login failed”
              request id req-77 (quote it to support)
  Do this     1. Find the current key in Freshsales: Settings > API settings.
              2. Enter the new key. The old one is kept until the new one is
                 proven.
                   conn reconnect freshsales-main
  Who         your Freshsales administrator, or you
  Retry       when fixed
  More        conn explain 5004
              https://developers.freshworks.com/crm/api/#authentication

  requests sent 4 · 244 ms · exit 4 (new credential needed)
"#);
}

#[test]
fn diagnose_shows_the_ladder_of_layers_in_japanese() {
    let report = sample::report("diagnose", vec![sample::rotated("freshsales-main")]);
    insta::assert_snapshot!(screen("human", &report, Language::Ja), @r#"
✗ freshsales-main  認証拒否 · Freshsales · APIキー · 指紋 8c1f
  接続先      https://acme.myfreshworks.com/crm/sales/api
  定義        connectors.toml:41 で定義 · 環境 production
  認証情報    key（keyring）、指紋 8c1f
  状態        再接続が必要
  最終成功    2026-11-21 18:12 +09（2時間19分前）

  設定      ✓  12項目を確認
  認証情報  ✓  キーあり、形式は正常
  名前解決  ✓  acme.myfreshworks.com → 192.0.2.10     |█               |   18 ms
               （IPv6アドレスなし）
  TCP接続   ✓  192.0.2.10:443                         | ███            |   41 ms
  プロキシ  ·  使用なし
  TLS       ✓  TLS 1.3、Sectigo、残り211日            |    ████        |   63 ms
  HTTP      ✓  HTTP/2、Freshsales からの応答です      |        ████████|  122 ms
  認証      ✗  401 Login failed
  権限      ·  未到達
  残り回数  ·  未到達

✗ CONN-AUTH-KEY-ROTATED (5004)  確定
  APIキーが無効になりました。Freshsales で再生成された可能性が高いです。
  根拠        · 11月20日 14:02 までは同じキーで成功していました（指紋 8c1f は変
                わっていません）
              · 本日 09:31 以降 HTTP 401。架空のキーを送った場合と同じ応答です
  Freshsales の応答
              「Login failed」
              リクエストID req-77（問い合わせ時にお伝えください）
  対処        1. Freshsales の「設定 > API設定」で現在のキーを確認してください。
              2. 次のコマンドを実行し、新しいキーを入力してください。確認が済む
                 まで以前のキーは残ります。
                   conn reconnect freshsales-main
  対応者      Freshsales の管理者、またはあなた
  再試行      対処後
  詳しく      conn explain 5004
              https://developers.freshworks.com/crm/api/#authentication

  送信したリクエスト 4 件 · 244 ms · 終了コード 4（認証情報の更新が必要）
"#);
}

#[test]
fn a_reconnect_shows_its_checks() {
    let report = sample::report("reconnect", vec![sample::reconnected()]);
    insta::assert_snapshot!(screen("human", &report, Language::En), @r#"
✓ freshsales-main  ok · Freshsales · API key · fingerprint 8c1f
  address     https://acme.myfreshworks.com/crm/sales/api
  whoami      Aiko Sato · Acme KK
  access      Contacts ✓   Deals ✓   Accounts ✓
  quota       412 of 1,000 calls left · resets 21:00 +09

  Checks after reconnecting (before: needs reconnect → now: connected)
  V1 ✓  identity unchanged: Acme KK
  V2 ✓  data can be read: contacts, deals, accounts
  V3 ·  not applicable: the connector declares no safe write
  V4 ✓  settings took effect; the key changed
  V5 ✗  failed: the answer carries a warning
"#);
    insta::assert_snapshot!(screen("human", &report, Language::Ja), @r#"
✓ freshsales-main  正常 · Freshsales · APIキー · 指紋 8c1f
  接続先      https://acme.myfreshworks.com/crm/sales/api
  ユーザー    Aiko Sato · Acme KK
  権限        連絡先 ✓   商談 ✓   取引先 ✓
  残り回数    残り 412 回（上限 1,000 回） · 21:00 +09 にリセット

  再接続後の確認（前: 再接続が必要 → 現在: 接続済み）
  V1 ✓  接続先の組織は以前と同じです: Acme KK
  V2 ✓  データを取得できます: 連絡先、商談、取引先
  V3 ·  対象外: 安全な書き込みテストの定義がありません
  V4 ✓  設定が反映されました（キーは変更済み）
  V5 ✗  失敗: 応答に警告が含まれています
"#);
}

#[test]
fn many_connections_are_grouped_by_cause() {
    let report = sample::fleet();
    insta::assert_snapshot!(screen("human", &report, Language::En), @r#"
7 connections · 6.4 s · 2026-11-21 20:30 +09
✓ 1 ok  ! 1 with warnings  ✗ 3 failed (2 causes)  ? 1 unverified  · 1 not tested

✗ CONN-PXY-AUTH (2203)  likely · 2 connections
  acme.myfreshworks.com cannot be used from here.
  kintone-sales, backlog-dev
  → conn doctor
  who: you, or your network administrator · retry: when fixed

✗ CONN-AUTH-KEY-ROTATED (5004)  certain
  The key used to work and now Freshsales no longer knows it; somebody probably
  made a new one.
  freshsales-main
  → Find the current key in Freshsales: Settings > API settings.
  who: your Freshsales administrator, or you · retry: when fixed

! CONN-API-DEPRECATED (7017) paypal-jp: This version of the API ends on
  2026-12-31.

? sms-reach: unverified

slowest: freshsales-main 244 ms · not tested: sansan-old (disabled)
exit 6 (path to the service) · look at one: conn diagnose LINK_NAME
"#);
    insta::assert_snapshot!(screen("human", &report, Language::Ja), @r#"
接続 7 件 · 6.4秒 · 2026-11-21 20:30 +09
✓ 正常 1 件
! 警告 1 件
✗ 失敗 3 件（原因は 2 種類）
? 未確認 1 件
· 未実施 1 件

✗ CONN-PXY-AUTH (2203)  可能性が高い · 2 件
  acme.myfreshworks.com に接続できません。
  kintone-sales, backlog-dev
  → conn doctor
  対応者: あなた、またはネットワーク管理者 · 再試行: 対処後

✗ CONN-AUTH-KEY-ROTATED (5004)  確定
  APIキーが無効になりました。Freshsales で再生成された可能性が高いです。
  freshsales-main
  → Freshsales の「設定 > API設定」で現在のキーを確認してください。
  対応者: Freshsales の管理者、またはあなた · 再試行: 対処後

! CONN-API-DEPRECATED (7017) paypal-jp: このAPIバージョンは 2026-12-31 に終了し
  ます。

? sms-reach: 未確認

最も遅い接続: freshsales-main 244 ms · 未実施: sansan-old（無効）
終了コード 6（通信経路） · 1件ずつ調べる: conn diagnose リンク名
"#);
}

#[test]
fn a_screen_reader_hears_one_fact_per_line() {
    let report = sample::report("test", vec![sample::rotated("freshsales-main")]);
    insta::assert_snapshot!(screen("plain", &report, Language::En), @r#"
Connection: freshsales-main
Result: rejected
State: needs reconnect
Service: Freshsales
Address: https://acme.myfreshworks.com/crm/sales/api
Authentication: API key
Fingerprint: key 8c1f
Layer config: ok, 12 checks
Layer secrets: ok, key present, shape ok
Layer dns: ok, acme.myfreshworks.com → 192.0.2.10, no IPv6 address, 18 ms
Layer connect: ok, 192.0.2.10:443, 41 ms
Layer proxy: not used
Layer tls: ok, TLS 1.3, Sectigo, 211 days left, 63 ms
Layer http: ok, HTTP/2, the answer is from Freshsales, 122 ms
Layer auth: failed, 401 Login failed
Layer access: not reached
Layer quota: not reached
Cause: CONN-AUTH-KEY-ROTATED (5004), certain
What is wrong: The key used to work and now Freshsales no longer knows it; somebody probably made a new one.
Evidence 1: the same key worked until 2026-11-20 14:02 JST (fingerprint 8c1f has not changed)
Evidence 2: HTTP 401 since 09:31; a made-up key gets the same answer
The service says: Login failed
Request id for its support: req-77
Step 1: Find the current key in Freshsales: Settings > API settings.
Step 2: Enter the new key. The old one is kept until the new one is proven.
Command: conn reconnect freshsales-main
Who can fix it: your Freshsales administrator, or you
Try again: when fixed
Read more: conn explain 5004
Link: https://developers.freshworks.com/crm/api/#authentication
Exit code: 4, new credential needed
"#);
}

#[test]
fn a_screen_reader_hears_one_fact_per_line_in_japanese() {
    let report = sample::report("test", vec![sample::rotated("freshsales-main")]);
    insta::assert_snapshot!(screen("plain", &report, Language::Ja), @r#"
接続: freshsales-main
結果: 認証拒否
状態: 再接続が必要
サービス: Freshsales
接続先: https://acme.myfreshworks.com/crm/sales/api
認証の種類: APIキー
指紋: key 8c1f
階層 設定: 正常、12項目を確認
階層 認証情報: 正常、キーあり、形式は正常
階層 名前解決: 正常、acme.myfreshworks.com → 192.0.2.10（IPv6アドレスなし）、18 ms
階層 TCP接続: 正常、192.0.2.10:443、41 ms
階層 プロキシ: 使用なし
階層 TLS: 正常、TLS 1.3、Sectigo、残り211日、63 ms
階層 HTTP: 正常、HTTP/2、Freshsales からの応答です、122 ms
階層 認証: 失敗、401 Login failed
階層 権限: 未到達
階層 残り回数: 未到達
原因: CONN-AUTH-KEY-ROTATED (5004)、確定
内容: APIキーが無効になりました。Freshsales で再生成された可能性が高いです。
根拠 1: 11月20日 14:02 までは同じキーで成功していました（指紋 8c1f は変わっていません）
根拠 2: 本日 09:31 以降 HTTP 401。架空のキーを送った場合と同じ応答です
サービスの応答: Login failed
問い合わせ用リクエストID: req-77
手順 1: Freshsales の「設定 > API設定」で現在のキーを確認してください。
手順 2: 次のコマンドを実行し、新しいキーを入力してください。確認が済むまで以前のキーは残ります。
コマンド: conn reconnect freshsales-main
対応者: Freshsales の管理者、またはあなた
再試行: 対処後
詳しく: conn explain 5004
リンク: https://developers.freshworks.com/crm/api/#authentication
終了コード: 4, 認証情報の更新が必要
"#);
}

#[test]
fn github_gets_one_annotation_per_finding() {
    let report = sample::fleet();
    insta::assert_snapshot!(screen("github", &report, Language::En), @r#"
::error file=connectors.toml,line=41,title=CONN-AUTH-KEY-ROTATED freshsales-main::The key used to work and now Freshsales no longer knows it; somebody probably made a new one.%0A- the same key worked until 2026-11-20 14:02 JST (fingerprint 8c1f has not changed)%0A- HTTP 401 since 09:31; a made-up key gets the same answer%0A> Login failed%0A→ Find the current key in Freshsales: Settings > API settings.%0Aconn explain 5004
::notice file=connectors.toml,line=41,title=CONN-PERM-RESOURCE freshsales-main::acme.myfreshworks.com cannot be used from here.%0A→ conn doctor%0Aconn explain 6003
::error file=connectors.toml,line=41,title=CONN-PXY-AUTH kintone-sales::acme.myfreshworks.com cannot be used from here.%0A- what was seen%0A→ conn doctor%0Aconn explain 2203
::error file=connectors.toml,line=41,title=CONN-PXY-AUTH backlog-dev::acme.myfreshworks.com cannot be used from here.%0A- what was seen%0A→ conn doctor%0Aconn explain 2203
::warning file=connectors.toml,line=41,title=CONN-API-DEPRECATED paypal-jp::This version of the API ends on 2026-12-31.%0A→ Plan the move to the next version.%0Aconn explain 7017
conn test: 1 ok, 1 with warnings, 3 failed, 2 not proved
"#);
}

#[test]
fn a_step_summary_is_a_markdown_table() {
    insta::assert_snapshot!(github::summary(&sample::fleet(), &page(Language::En)), @r###"
### conn test

conn test: 1 ok, 1 with warnings, 3 failed, 2 not proved

| Connection | Result | Cause | Next step |
|---|---|---|---|
| zoho-crm-eu | ✓ ok |  |  |
| freshsales-main | ✗ rejected | CONN-AUTH-KEY-ROTATED The key used to work and now Freshsales no longer knows it; somebody probably made a new one. | Find the current key in Freshsales: Settings &gt; API settings. |
| kintone-sales | ✗ unreachable | CONN-PXY-AUTH acme.myfreshworks.com cannot be used from here. | conn doctor |
| backlog-dev | ✗ unreachable | CONN-PXY-AUTH acme.myfreshworks.com cannot be used from here. | conn doctor |
| paypal-jp | ! warning | CONN-API-DEPRECATED This version of the API ends on 2026-12-31. | Plan the move to the next version. |
| sms-reach | ? unverified |  |  |
| sansan-old | · skipped |  |  |
"###);
}
