//! Each verb once in English and once in Japanese: all that it says, and how it ends.

use conn::sandbox::Credentials;

use super::transcript;
use crate::support::site::Site;

const ADD: &str = "add crm --connector sandbox --method key --set address={url} --secret api_key=env:KEY";

fn added() -> Site {
    let site = Site::with(Credentials::generate());
    site.must(ADD);
    site
}

#[test]
fn add() {
    let site = Site::with(Credentials::generate());
    insta::assert_snapshot!(transcript(&site, "add crm --connector sandbox --method key --set address={url} --secret api_key=env:KEY --lang en"), @r#"
    exit 0
    ✓ crm  ok · conn sandbox · API key · fingerprint [print]
      address     http://127.0.0.1:[port]
      whoami      hanako@example.test · Example K.K.
      access      Contacts ✓   Deals ✓   Accounts ✓
      quota       [left] of 1,000 calls left · resets [time]
    ---
    Saved crm in [root]/home/config/connectors.toml; state: connected.
    Next: conn test crm
    "#);
    let site = Site::with(Credentials::generate());
    insta::assert_snapshot!(transcript(&site, "add crm --connector sandbox --method key --set address={url} --secret api_key=env:KEY --lang ja"), @r#"
    exit 0
    ✓ crm  正常 · conn サンドボックス · APIキー · 指紋 [print]
      接続先      http://127.0.0.1:[port]
      ユーザー    hanako@example.test · Example K.K.
      権限        連絡先 ✓   商談 ✓   取引先 ✓
      残り回数    残り [left] 回（上限 1,000 回） · [time] にリセット
    ---
    crm を [root]/home/config/connectors.toml に保存しました。状態: 接続済み
    次の手順: conn test crm
    "#);
}

#[test]
fn test() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "test crm --lang en"), @r#"
    exit 0
    ✓ crm  ok · conn sandbox · API key · fingerprint [print]
      address     http://127.0.0.1:[port]
      whoami      hanako@example.test · Example K.K.
      access      Contacts ✓   Deals ✓   Accounts ✓
      quota       [left] of 1,000 calls left · resets [time]
    ---
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "test crm --lang ja"), @r#"
    exit 0
    ✓ crm  正常 · conn サンドボックス · APIキー · 指紋 [print]
      接続先      http://127.0.0.1:[port]
      ユーザー    hanako@example.test · Example K.K.
      権限        連絡先 ✓   商談 ✓   取引先 ✓
      残り回数    残り [left] 回（上限 1,000 回） · [time] にリセット
    ---
    "#);
}

#[test]
fn test_all() {
    let site = added();
    site.sandbox.control().fail("maintenance").unwrap();
    insta::assert_snapshot!(transcript(&site, "test --all --lang en"), @r#"
    exit 3
    ✗ crm  provider down · conn sandbox · API key · fingerprint [print]
      address     http://127.0.0.1:[port]
      access      Contacts · not reached   Deals · not reached   Accounts · not reached
      quota       [left] of 1,000 calls left · resets [time]

    ✗ CONN-VEND-MAINTENANCE (8003)  certain
      conn sandbox is in maintenance.
      Evidence    · the answer matches the rule sandbox/maintenance
      conn sandbox says
                  “Planned maintenance. The service is back soon.”
                  error code maintenance
                  request id [request] (quote it to support)
      Do this     1. Wait until the time shown, then test again.
                       conn test crm --retry-until 60m
                  2. Look at the status page of conn sandbox for how long it takes.
      Who         nobody: wait
      Retry       after [time] (in [n] min)
      Exit        3 · temporary
      More        conn explain 8003
                  conn demo --help
    ---
    "#);
}

#[test]
fn test_all_in_japanese() {
    let site = added();
    site.sandbox.control().fail("maintenance").unwrap();
    insta::assert_snapshot!(transcript(&site, "test --all --lang ja"), @r#"
    exit 3
    ✗ crm  サービス停止 · conn サンドボックス · APIキー · 指紋 [print]
      接続先      http://127.0.0.1:[port]
      権限        連絡先 · 未到達   商談 · 未到達   取引先 · 未到達
      残り回数    残り [left] 回（上限 1,000 回） · [time] にリセット

    ✗ CONN-VEND-MAINTENANCE (8003)  確定
      conn サンドボックス はメンテナンス中です。
      根拠        · 応答が規則 sandbox/maintenance に一致しました
      conn サンドボックス の応答
                  「Planned maintenance. The service is back soon.」
                  エラーコード maintenance
                  リクエストID [request]（問い合わせ時にお伝えください）
      対処        1. 表示された時刻まで待ってから、再度テストしてください。
                       conn test crm --retry-until 60m
                  2. conn サンドボックス の稼働状況で、終了予定を確認してください。
      対応者      対応不要（待つ）
      再試行      [time] 以降（あと[n]分）
      終了コード  3 · 一時的
      詳しく      conn explain 8003
                  conn demo --help
    ---
    "#);
}

#[test]
fn diagnose() {
    let site = added();
    site.sandbox.control().fail("missing-permission").unwrap();
    insta::assert_snapshot!(transcript(&site, "diagnose crm --lang en"), @r#"
    exit 1
    ✗ crm  forbidden · conn sandbox · API key · fingerprint [print]
      address     http://127.0.0.1:[port]
      defined     from [root]/home/config/connectors.toml:2 · environment production
      secrets     api_key in env:KEY, fingerprint [print]
      state       connected
      last good   [time] ([n] s ago)
      whoami      hanako@example.test · Example K.K.
      access      Contacts ✓   Deals ✓   Accounts ✗ denied
      quota       [left] of 1,000 calls left · resets [time]

      config    ✓  [root]/home/config/connectors.toml:2
      secrets   ✓  1 value present
      dns       ✓  127.0.0.1                                                  [bar] [ms]
      connect   ✓  127.0.0.1:[port]                                            [bar] [ms]
      proxy     ·  not used
      tls       ·  not used
      http      ✓  200 over HTTP/1.1                                          [bar] [ms]
      auth      ✓  hanako@example.test
      access    ✗  2 of 3
      quota     ✓  [left] of 1000 left

    ✗ CONN-PERM-RESOURCE (6003)  certain
      The credential of crm works, but some data cannot be read: Accounts.
      Evidence    · 2 of 3 rights are there; missing: Accounts
      conn sandbox says
                  “This key may not read accounts. Its role lacks accounts.read.”
                  error code right_missing
                  request id [request] (quote it to support)
      Do this     1. Ask the conn sandbox administrator to give the key's owner read access to:
                     Accounts.
                  2. Then test again; no new key is needed.
                       conn test crm
      Who         your conn sandbox administrator
      Retry       when fixed
      More        conn explain 6003
                  conn demo --help

      requests sent 4 · [ms] · exit 1 (right, plan or address at the service)
    ---
    "#);
}

#[test]
fn diagnose_in_japanese() {
    let site = added();
    site.sandbox.control().fail("missing-permission").unwrap();
    insta::assert_snapshot!(transcript(&site, "diagnose crm --lang ja"), @r#"
    exit 1
    ✗ crm  権限不足 · conn サンドボックス · APIキー · 指紋 [print]
      接続先      http://127.0.0.1:[port]
      定義        [root]/home/config/connectors.toml:2 で定義 · 環境 production
      認証情報    api_key（env:KEY）、指紋 [print]
      状態        接続済み
      最終成功    [time]（[n]秒前）
      ユーザー    hanako@example.test · Example K.K.
      権限        連絡先 ✓   商談 ✓   取引先 ✗ 拒否
      残り回数    残り [left] 回（上限 1,000 回） · [time] にリセット

      設定      ✓  [root]/home/config/connectors.toml:2
      認証情報  ✓  1 件の値があります
      名前解決  ✓  127.0.0.1                                                  [bar] [ms]
      TCP接続   ✓  127.0.0.1:[port]                                            [bar] [ms]
      プロキシ  ·  使用なし
      TLS       ·  使用なし
      HTTP      ✓  200（HTTP/1.1）                                            [bar] [ms]
      認証      ✓  hanako@example.test
      権限      ✗  3 件中 2 件
      残り回数  ✓  残り [left] / 1000

    ✗ CONN-PERM-RESOURCE (6003)  確定
      接続 crm の認証情報は有効ですが、一部のデータを読み取れません（取引先）。
      根拠        · 3 件中 2 件の権限を確認できました。不足: 取引先
      conn サンドボックス の応答
                  「This key may not read accounts. Its role lacks accounts.read.」
                  エラーコード right_missing
                  リクエストID [request]（問い合わせ時にお伝えください）
      対処        1. 次のデータの閲覧権限をキー所有者に付与するよう、conn サンドボックス の管理者に依頼
                     してください: 取引先
                  2. 付与後に再度テストしてください。キーの再発行は不要です。
                       conn test crm
      対応者      conn サンドボックス の管理者
      再試行      対処後
      詳しく      conn explain 6003
                  conn demo --help

      送信したリクエスト 4 件 · [ms] · 終了コード 1（サービスの権限・契約・アドレス）
    ---
    "#);
}

#[test]
fn diagnose_a_refusal() {
    let site = added();
    site.sandbox.control().fail("revoked-key").unwrap();
    insta::assert_snapshot!(transcript(&site, "diagnose crm --lang en"), @r#"
    exit 4
    ✗ crm  rejected · conn sandbox · API key · fingerprint [print]
      address     http://127.0.0.1:[port]
      defined     from [root]/home/config/connectors.toml:2 · environment production
      secrets     api_key in env:KEY, fingerprint [print]
      state       needs reconnect
      last good   [time] ([n] s ago)
      access      Contacts · not reached   Deals · not reached   Accounts · not reached
      quota       [left] of 1,000 calls left · resets [time]

      config    ✓  [root]/home/config/connectors.toml:2
      secrets   ✓  1 value present
      dns       ✓  127.0.0.1                                                  [bar] [ms]
      connect   ✓  127.0.0.1:[port]                                            [bar] [ms]
      proxy     ·  not used
      tls       ·  not used
      http      ✓  401 over HTTP/1.1                                          [bar] [ms]
      auth      ✗  failed
      access    ·  not reached
      quota     ·  not reached

    ✗ CONN-AUTH-KEY-ROTATED (5004)  certain
      The key of crm used to work, and now conn sandbox no longer knows it.
      Evidence    · the answer matches the rule sandbox/key-revoked
      conn sandbox says
                  “This API key was revoked by an administrator.”
                  error code key_revoked
                  request id [request] (quote it to support)
      Do this     1. Enter the key that conn sandbox shows now (printed by `conn demo --serve`). The
                     value comes from env:KEY: change it there, then test again.
                       conn test crm
                  2. Ask who regenerated the key and why: if it had leaked, other places that use it
                     must change too.
      Who         your conn sandbox administrator, or you
      Retry       when fixed
      More        conn explain 5004
                  conn demo --help

      requests sent 1 · [ms] · exit 4 (new credential needed)
    ---
    "#);
}

#[test]
fn diagnose_a_refusal_in_japanese() {
    let site = added();
    site.sandbox.control().fail("revoked-key").unwrap();
    insta::assert_snapshot!(transcript(&site, "diagnose crm --lang ja"), @r#"
    exit 4
    ✗ crm  認証拒否 · conn サンドボックス · APIキー · 指紋 [print]
      接続先      http://127.0.0.1:[port]
      定義        [root]/home/config/connectors.toml:2 で定義 · 環境 production
      認証情報    api_key（env:KEY）、指紋 [print]
      状態        再接続が必要
      最終成功    [time]（[n]秒前）
      権限        連絡先 · 未到達   商談 · 未到達   取引先 · 未到達
      残り回数    残り [left] 回（上限 1,000 回） · [time] にリセット

      設定      ✓  [root]/home/config/connectors.toml:2
      認証情報  ✓  1 件の値があります
      名前解決  ✓  127.0.0.1                                                  [bar] [ms]
      TCP接続   ✓  127.0.0.1:[port]                                            [bar] [ms]
      プロキシ  ·  使用なし
      TLS       ·  使用なし
      HTTP      ✓  401（HTTP/1.1）                                            [bar] [ms]
      認証      ✗  失敗
      権限      ·  未到達
      残り回数  ·  未到達

    ✗ CONN-AUTH-KEY-ROTATED (5004)  確定
      接続 crm のキーは以前は有効でしたが、現在 conn サンドボックス では無効になっています。
      根拠        · 応答が規則 sandbox/key-revoked に一致しました
      conn サンドボックス の応答
                  「This API key was revoked by an administrator.」
                  エラーコード key_revoked
                  リクエストID [request]（問い合わせ時にお伝えください）
      対処        1. conn サンドボックス の管理画面（`conn demo --serve` の出力に表示されます）に現在表
                     示されているキーを入力してください。値の取得元は env:KEY です。取得元の値を変更して
                     から、再度テストしてください。
                       conn test crm
                  2. 誰がなぜ再生成したのかを確認してください。漏えいが理由であれば、同じキーを使う他の
                     場所も変更が必要です。
      対応者      conn サンドボックス の管理者、またはあなた
      再試行      対処後
      詳しく      conn explain 5004
                  conn demo --help

      送信したリクエスト 1 件 · [ms] · 終了コード 4（認証情報の更新が必要）
    ---
    "#);
}

#[test]
fn connect() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "connect crm --lang en"), @r#"
    exit 0
    ✓ crm  ok · conn sandbox · API key · fingerprint [print]
      address     http://127.0.0.1:[port]
      whoami      hanako@example.test · Example K.K.
      access      Contacts ✓   Deals ✓   Accounts ✓
      quota       [left] of 1,000 calls left · resets [time]
    ---
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "connect crm --lang ja"), @r#"
    exit 0
    ✓ crm  正常 · conn サンドボックス · APIキー · 指紋 [print]
      接続先      http://127.0.0.1:[port]
      ユーザー    hanako@example.test · Example K.K.
      権限        連絡先 ✓   商談 ✓   取引先 ✓
      残り回数    残り [left] 回（上限 1,000 回） · [time] にリセット
    ---
    "#);
}

#[test]
fn reconnect() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "reconnect crm --secret api_key=env:KEY --lang en"), @r#"
    exit 0
    ✓ crm  ok · conn sandbox · API key · fingerprint [print]
      address     http://127.0.0.1:[port]
      whoami      hanako@example.test · Example K.K.
      access      Contacts ✓   Deals ✓   Accounts ✓
      quota       [left] of 1,000 calls left · resets [time]

      Checks after reconnecting (before: connected → now: connected)
      V1 ✓  same account as before: hanako@example.test
      V2 ✓  data can be read: 3 of 3
      V3 ·  not applicable: no harmless write is declared
      V4 ✓  the value is the same as at the last success
      V5 ✓  no warning in the answers
      V6 ✓  conn 0.1.0, connector sandbox (built in)
      V7 ·  not applicable: one authorisation serves everybody
      V8 ✓  the path was walked 3 times without a fault, in [ms] at most; as at the last success
    ---
    crm uses the new credential.
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "reconnect crm --secret api_key=env:KEY --lang ja"), @r#"
    exit 0
    ✓ crm  正常 · conn サンドボックス · APIキー · 指紋 [print]
      接続先      http://127.0.0.1:[port]
      ユーザー    hanako@example.test · Example K.K.
      権限        連絡先 ✓   商談 ✓   取引先 ✓
      残り回数    残り [left] 回（上限 1,000 回） · [time] にリセット

      再接続後の確認（前: 接続済み → 現在: 接続済み）
      V1 ✓  以前と同じアカウントです: hanako@example.test
      V2 ✓  データの取得: 3 件中 3 件
      V3 ·  対象外: 無害な書き込みの定義がありません
      V4 ✓  値は前回成功時と同じです
      V5 ✓  応答に警告はありません
      V6 ✓  conn 0.1.0、コネクター sandbox（組み込み）
      V7 ·  対象外: 全員で 1 つの認証情報を使う接続です
      V8 ✓  経路を 3 回確認し、すべて正常です（最長 [ms]）。前回の成功時から変化はありません
    ---
    crm は新しい認証情報を使います。
    "#);
}

#[test]
fn reconnect_refused() {
    let site = added();
    site.sandbox.control().fail("wrong-key").unwrap();
    insta::assert_snapshot!(transcript(&site, "reconnect crm --secret api_key=env:KEY --lang en"), @r#"
    exit 4
    ✗ crm  rejected · conn sandbox · API key · fingerprint [print]
      address     http://127.0.0.1:[port]
      access      Contacts · not reached   Deals · not reached   Accounts · not reached
      quota       [left] of 1,000 calls left · resets [time]

    ✗ CONN-AUTH-REJECTED (5001)  certain
      conn sandbox does not accept the credential of crm.
      Evidence    · the answer matches the rule sandbox/key-unknown
      conn sandbox says
                  “This API key is not known.”
                  error code key_unknown
                  request id [request] (quote it to support)
      Do this     1. Check at conn sandbox (printed by `conn demo --serve`) that the credential is still
                     valid (API key), then enter it again; the old value is kept until the new one
                     works. The value comes from env:KEY: change it there first.
                       conn reconnect crm --secret api_key=env:KEY
                  2. If it is valid, ask the conn sandbox administrator whether the user to whom it
                     belongs is still active.
      Who         you, or your conn sandbox administrator
      Retry       when fixed
      Exit        4 · new credential needed
      More        conn explain 5001
                  conn demo --help
    ---
    The new credential was not proven, so crm keeps the one it had.
    "#);
}

#[test]
fn reconnect_refused_in_japanese() {
    let site = added();
    site.sandbox.control().fail("wrong-key").unwrap();
    insta::assert_snapshot!(transcript(&site, "reconnect crm --secret api_key=env:KEY --lang ja"), @r#"
    exit 4
    ✗ crm  認証拒否 · conn サンドボックス · APIキー · 指紋 [print]
      接続先      http://127.0.0.1:[port]
      権限        連絡先 · 未到達   商談 · 未到達   取引先 · 未到達
      残り回数    残り [left] 回（上限 1,000 回） · [time] にリセット

    ✗ CONN-AUTH-REJECTED (5001)  確定
      conn サンドボックス が接続 crm の認証情報を受け付けていません。
      根拠        · 応答が規則 sandbox/key-unknown に一致しました
      conn サンドボックス の応答
                  「This API key is not known.」
                  エラーコード key_unknown
                  リクエストID [request]（問い合わせ時にお伝えください）
      対処        1. APIキー が正しいかどうかを conn サンドボックス の管理画面（`conn demo --serve` の出
                     力に表示されます）で確認し、入力し直してください。新しい値の動作が確認できるまで、
                     以前の値は残ります。値の取得元は env:KEY です。先に取得元の値を変更してください。
                       conn reconnect crm --secret api_key=env:KEY
                  2. 値が正しい場合は、その所有者であるユーザーが有効かどうかを conn サンドボックス の管
                     理者に確認してください。
      対応者      あなた、または conn サンドボックス の管理者
      再試行      対処後
      終了コード  4 · 認証情報の更新が必要
      詳しく      conn explain 5001
                  conn demo --help
    ---
    新しい認証情報を確認できなかったため、crm は以前の認証情報のままです。
    "#);
}

#[test]
fn request() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "request crm GET /api/me --lang en"), @r#"
    exit 0
    {"user":{"id":"u-1001","name":"山田 花子","email":"hanako@example.test"},"organisation":{"id":"org-7","name":"Example K.K."}}
    ---
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "request crm GET /api/me --lang ja"), @r#"
    exit 0
    {"user":{"id":"u-1001","name":"山田 花子","email":"hanako@example.test"},"organisation":{"id":"org-7","name":"Example K.K."}}
    ---
    "#);
}

#[test]
fn show() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "show crm --lang en"), @r#"
    exit 0
    crm  connected
      service       conn sandbox (sandbox) · built in
      state         connected
      defined       [root]/home/config/connectors.toml:2 · your own file
      environment   production
      kind          admin
      method        API key (key)
      address       http://127.0.0.1:[port]
      hosts         127.0.0.1
      permissions   Contacts, Deals, Accounts
      account       hanako@example.test · Example K.K.
      last good     [time]
      last result   ok · [time]
      in scripts    conn snippet crm

      Parameters
      API key (api_key)  kept in env:KEY · fingerprint [print]

      Variables
      Address (address)  http://127.0.0.1:[port] · [root]/home/config/connectors.toml:2

      Test it: conn test crm
      Use it:  conn request crm GET /api/me
    ---
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "show crm --lang ja"), @r#"
    exit 0
    crm  接続済み
      サービス      conn サンドボックス (sandbox) · 組み込み
      状態          接続済み
      定義          [root]/home/config/connectors.toml:2 · ユーザーのファイル
      環境          production
      種別          管理者
      認証の種類    APIキー (key)
      接続先        http://127.0.0.1:[port]
      許可ホスト    127.0.0.1
      権限          連絡先, 商談, 取引先
      ユーザー      hanako@example.test · Example K.K.
      最終成功      [time]
      最新の結果    正常 · [time]
      スクリプト    conn snippet crm

      パラメーター
      APIキー (api_key)  保管場所 env:KEY · 指紋 [print]

      変数
      アドレス (address)  http://127.0.0.1:[port] · [root]/home/config/connectors.toml:2

      テスト: conn test crm
      利用:   conn request crm GET /api/me
    ---
    "#);
}

#[test]
fn list() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "list --lang en"), @r#"
    exit 0
    LINK NAME  SERVICE       KIND   ENVIRONMENT  STATE      LAST OK
    crm        conn sandbox  admin  production   connected  [time]
    ---
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "list --lang ja"), @r#"
    exit 0
    リンク名  サービス             種別    環境        状態      最終成功
    crm       conn サンドボックス  管理者  production  接続済み  [time]
    ---
    "#);
}

#[test]
fn history() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "history crm --lang en"), @r#"
    exit 0
    FIRST SEEN            LAST SEEN  COUNT  RESULT  CODE
    [time] 1      ✓ ok
    ---
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "history crm --lang ja"), @r#"
    exit 0
    最初                  最後  回数  判定    コード
    [time] 1     ✓ 正常
    ---
    "#);
}

#[test]
fn history_says_that_there_is_more() {
    let site = added();
    site.sandbox.control().fail("method").unwrap();
    site.run("test crm");
    insta::assert_snapshot!(transcript(&site, "history crm --limit 1 --lang en"), @r#"
    exit 0
    FIRST SEEN            LAST SEEN  COUNT  RESULT      CODE
    [time] 1      ✗ mismatch  CONN-API-METHOD
    There are older ones: --limit N shows more than 1.
    ---
    "#);
    insta::assert_snapshot!(transcript(&site, "history crm --limit 1 --lang ja"), @r#"
    exit 0
    最初                  最後  回数  判定            コード
    [time] 1     ✗ 形式の不一致  CONN-API-METHOD
    これより古い結果もあります。1 件より多く表示するには --limit N を指定してください。
    ---
    "#);
}

#[test]
fn disable() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "disable crm --lang en"), @r#"
    exit 0
    ---
    crm: disabled
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "disable crm --lang ja"), @r#"
    exit 0
    ---
    crm: 無効
    "#);
}

#[test]
fn enable() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "enable crm --lang en"), @r#"
    exit 0
    ---
    crm: connected
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "enable crm --lang ja"), @r#"
    exit 0
    ---
    crm: 接続済み
    "#);
}

#[test]
fn rename() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "rename crm sales --lang en"), @r#"
    exit 0
    ---
    crm is now called sales.
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "rename crm sales --lang ja"), @r#"
    exit 0
    ---
    crm の名前を sales に変更しました。
    "#);
}

#[test]
fn remove() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "remove crm --yes --lang en"), @r#"
    exit 0
    ---
    crm is removed.
    "#);
    let site = added();
    insta::assert_snapshot!(transcript(&site, "remove crm --yes --lang ja"), @r#"
    exit 0
    ---
    crm を削除しました。
    "#);
}
