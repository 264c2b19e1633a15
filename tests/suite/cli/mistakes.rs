//! Wrong input: what conn says to it, and how it ends. It never guesses and never panics.

use conn::base::safe_text;
use conn::sandbox::Credentials;

use super::transcript;
use crate::support::cli::{Home, finish};
use crate::support::scripted::{Script, Scripted, answer};
use crate::support::site::Site;

fn added() -> Site {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    site
}

#[test]
fn an_unknown_connection_is_answered_with_the_nearest_name() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "test crn --lang en"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-CONNECTION-UNKNOWN (1019)  There is no connection named crn.
      - did you mean crm?
      1. See which connections there are.  $ conn list
      2. Or add it.  $ conn add crn
    "#);
    insta::assert_snapshot!(transcript(&site, "test crn --lang ja"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-CONNECTION-UNKNOWN (1019)  crn という接続はありません。
      - 「crm」のことですか。
      1. 登録済みの接続を確認してください。  $ conn list
      2. または、新しく追加してください。  $ conn add crn
    "#);
}

#[test]
fn a_name_typed_in_full_width_is_recognised_and_one_that_nobody_can_give_is_not_offered() {
    let site = added();
    for (language, nearest) in [("en", "did you mean crm?"), ("ja", "「crm」のことですか。")] {
        let said = site.run(&format!("test ＣＲＭ --lang {language}")).stderr;
        assert!(said.contains(nearest), "{said}");
        for name in ["ＣＲＭ", "顧客"] {
            let said = site.run(&format!("test {name} --lang {language}")).stderr;
            assert!(said.lines().any(|line| line.ends_with("$ conn add")), "{said}");
        }
    }
    let wide = site.must("explain ６００３ --lang ja");
    assert_eq!(wide.stdout, site.must("explain 6003 --lang ja").stdout);
    for (language, words) in [("en", "is a status of HTTP"), ("ja", "は HTTP のステータスで")] {
        for asked in ["401", "４０１"] {
            let said = site.run(&format!("explain {asked} --lang {language}")).stderr;
            assert!(said.contains(words) && said.contains("--status 401"), "{said}");
        }
    }
}

#[test]
fn an_unknown_connector_is_answered_with_the_nearest_name() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbx --lang en"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-CONNECTOR-UNKNOWN (1020)  There is no connector named sandbx.
      - did you mean sandbox?
      1. Look for the service under another name.  $ conn connectors search sandbx
      2. Or define the service yourself.  $ conn connectors new
    "#);
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbx --lang ja"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-CONNECTOR-UNKNOWN (1020)  sandbx というコネクターはありません。
      - 「sandbox」のことですか。
      1. 別の名前でサービスを検索してください。  $ conn connectors search sandbx
      2. または、サービスをご自身で定義してください。  $ conn connectors new
    "#);
}

#[test]
fn a_link_name_is_taken_once() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "add crm --connector sandbox --method key --set address={url} --secret api_key=env:KEY --lang en"), @r#"
    exit 2
    ---
    error: There is a connection crm already.
      → conn reconnect crm gives it a new credential; conn remove crm removes it
    "#);
    insta::assert_snapshot!(transcript(&site, "add crm --connector sandbox --method key --set address={url} --secret api_key=env:KEY --lang ja"), @r#"
    exit 2
    ---
    エラー: 接続 crm はすでにあります。
      → 新しい認証情報は conn reconnect crm、削除は conn remove crm です
    "#);
}

#[test]
fn what_is_missing_is_listed_as_flags() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbox --method basic --lang en"), @r#"
    exit 2
    ---
    error: Nobody can be asked here, and these answers are missing:
        --set user=…  (User)
        --secret password=-|env:VAR|file:PATH|command:…  (Password)
    "#);
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbox --method basic --lang ja"), @r#"
    exit 2
    ---
    エラー: 対話による入力ができない環境で、次の項目が指定されていません:
        --set user=…  (ユーザー)
        --secret password=-|env:VAR|file:PATH|command:…  (パスワード)
    "#);
}

#[test]
fn a_mistyped_name_is_told_before_what_it_leaves_unanswered() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "add x --connector chatwork --secret token=env:KEY --lang en"), @r#"
    exit 2
    ---
    error: chatwork asks for no token.
      → It asks for: api_token
    "#);
    insta::assert_snapshot!(transcript(&site, "add x --connector chatwork --secret token=env:KEY --lang ja"), @r#"
    exit 2
    ---
    エラー: chatwork に token という項目はありません。
      → 指定できる項目: api_token
    "#);
}

#[test]
fn a_set_without_a_value_is_refused() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbox --method key --set address --lang en"), @r#"
    exit 2
    ---
    error: --set takes NAME=VALUE.
    "#);
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbox --method key --set address --lang ja"), @r#"
    exit 2
    ---
    エラー: --set は 名前=値 の形式で指定します。
    "#);
}

#[test]
fn an_address_that_is_none_is_refused() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbox --method key --set address=ftp://x --secret api_key=env:KEY --lang en"), @r#"
    exit 5
    ✗ x  local setup · conn sandbox · API key · fingerprint [print]
      access      Contacts · not reached   Deals · not reached   Accounts · not reached

    ✗ CONN-CFG-HOST-FORM (1004)  certain
      The host of x is not written as a host: ftp://x
      Do this     1. Add it again with the right value; nothing was saved.
                       conn add x --connector sandbox --method key --set address=… --secret api_key=env:KEY
      Who         you
      Retry       when fixed
      Exit        5 · local setup
      More        conn explain 1004
    ---
    Nothing was saved. Correct the value and run conn add again; --no-test saves without testing.
    "#);
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbox --method key --set address=ftp://x --secret api_key=env:KEY --lang ja"), @r#"
    exit 5
    ✗ x  設定の問題 · conn サンドボックス · APIキー · 指紋 [print]
      権限        連絡先 · 未到達   商談 · 未到達   取引先 · 未到達

    ✗ CONN-CFG-HOST-FORM (1004)  確定
      接続 x のホストの書き方が正しくありません: ftp://x
      対処        1. 正しい値を指定して、もう一度追加してください。まだ何も保存していません。
                       conn add x --connector sandbox --method key --set address=… --secret api_key=env:KEY
      対応者      あなた
      再試行      対処後
      終了コード  5 · 手元の設定
      詳しく      conn explain 1004
    ---
    保存していません。値を直して conn add をもう一度実行してください（--no-test でテストせずに保存できます）。
    "#);
}

#[test]
fn what_was_not_saved_leads_to_adding_it_again_and_to_nothing_that_needs_it() {
    let mut site = added();
    site.set("COLUMNS", "250");
    let (port, url) = (site.sandbox.address().port(), site.sandbox.url());
    let add = "add x --connector sandbox --method key --store vault";
    for (given, again) in [
        (
            format!("--set address=127.0.0.1:{port} --secret api_key=env:KEY"),
            format!("--set address={url} --secret api_key=env:KEY --store vault"),
        ),
        (
            "--set address=https://１２７.0.0.1:18501 --secret api_key=env:KEY".to_owned(),
            "--set address=https://127.0.0.1:18501 --secret api_key=env:KEY --store vault".to_owned(),
        ),
        // What is not there the next time either is asked for.
        (
            format!("--set address=127.0.0.1:{port} --secret api_key=env:NO_SUCH"),
            format!("--set address={url} --store vault"),
        ),
        (
            format!("--set address={url} --secret api_key=file:../nofile"),
            format!("--set address={url} --secret api_key=file:../nofile --store vault"),
        ),
    ] {
        for language in ["en", "ja"] {
            let said = site.run(&format!("{add} {given} --lang {language}")).all();
            let again = format!("conn add x --connector sandbox --method key {again}");
            assert!(said.lines().any(|line| line.ends_with(&again)), "{again}: {said}");
            for none in ["--fix", "toml:0", "reconnect", "KEY=file:PATH"] {
                assert!(!said.contains(none), "{none}: {said}");
            }
        }
    }
    let said = site.run(&format!("reconnect crm --set address=127.0.0.1:{port} --lang en")).all();
    assert!(said.contains(&format!("conn reconnect crm --set address={url}\n")), "{said}");
    assert!(!said.contains("--fix"), "{said}");
}

#[test]
fn a_reconnect_that_could_not_begin_is_offered_again_as_it_was_given() {
    let mut site = added();
    site.set("COLUMNS", "250");
    site.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    site.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    let key = site.sandbox.credentials().key.clone();
    std::fs::write(site.path("work/key"), key).unwrap();
    for (given, again) in [
        ("--secret api_key=file:nofile", "--secret api_key=file:nofile"),
        (
            "--secret api_key=file:key --other-account",
            "--store vault --secret api_key=file:key --other-account",
        ),
    ] {
        for language in ["en", "ja"] {
            let said = site.run(&format!("reconnect crm {given} --lang {language}")).all();
            let line = said.lines().find(|line| line.ends_with(&format!("$ conn reconnect crm {again}")));
            assert!(line.is_some(), "{again}: {said}");
        }
    }
    site.must("reconnect crm --store vault --secret api_key=file:key --other-account");
    assert!(site.definitions().contains("\"vault\""), "{}", site.definitions());
    site.must("test crm");
}

#[test]
fn what_stands_inside_a_value_is_named_with_its_place_and_is_not_promised_to_come_off() {
    let without_blanks = |text: &str| text.split_whitespace().collect::<String>();
    let mut site = added();
    site.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    let good = site.sandbox.credentials().key.clone();
    let cases = [
        (
            format!("APIキー: {good}"),
            "the value has Japanese letters, first at character 4",
            "値に日本語の文字が含まれています（最初の箇所は 4 文字目）",
        ),
        (
            good.replace('-', "\u{2010}"),
            "the value has a character that cannot be sent, first at character 4: U+2010, which is not the hyphen of a keyboard",
            "値に送信できない文字が含まれています（最初の箇所は 4 文字目の U+2010。半角の「-」とは別の文字です）",
        ),
        (
            "sbx\nother".to_owned(),
            "the value has a line break inside it, first at character 4",
            "値に途中の改行が含まれています（最初の箇所は 4 文字目）",
        ),
    ];
    site.set("COLUMNS", "250");
    for (value, en, ja) in cases {
        std::fs::write(site.path("work/key"), &value).unwrap();
        site.set("WRONG", &value);
        let kept = "conn reconnect crm --secret api_key=file:key --store vault";
        let file = "reconnect crm --secret api_key=file:key --store vault";
        let referred = "reconnect crm --secret api_key=env:WRONG";
        for (line, next) in [(file, kept), (referred, "conn reconnect crm --secret api_key=env:WRONG")] {
            for (language, evidence, alone) in [
                ("en", en, "Copy API key alone again from"),
                ("ja", ja, "この文字は conn では取り除けません"),
            ] {
                let shown = site.run(&format!("{line} --lang {language}")).all();
                let said = without_blanks(&shown);
                assert!(
                    said.contains("CONN-SEC-WHITESPACE") && said.contains(&without_blanks(evidence)),
                    "{evidence}: {said}"
                );
                assert!(said.contains(&without_blanks(alone)), "{shown}");
                let next = next.strip_suffix(" --store vault").unwrap_or(next);
                assert!(shown.lines().any(|line| line.trim() == next), "{next}: {shown}");
                for none in ["unknown", "不明", "--fix", "as it is entered", "入力時に", good.as_str()]
                {
                    assert!(!said.contains(&without_blanks(none)), "{none}: {shown}");
                }
            }
        }
        // Whichever verb meets it.
        site.set("KEY", &value);
        let said =
            site.run("request crm /api/me --lang en").all().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(en) && said.contains("of API key") && said.contains("alone again"), "{said}");
    }
}

#[test]
fn what_conn_takes_off_where_it_is_entered_is_changed_where_others_keep_it() {
    let mut site = added();
    let good = site.sandbox.credentials().key.clone();
    site.set("COLUMNS", "250");
    site.set("KEY", &format!("\"{good}\""));
    for (language, change) in [
        ("en", "The value comes from env:KEY: change it there, then test again."),
        ("ja", "値の取得元は env:KEY です。取得元の値を変更してから、再度テストしてください。"),
    ] {
        let said = site.run(&format!("test crm --lang {language}")).all();
        assert!(said.contains(change), "{said}");
        assert!(!said.contains("as it is entered") && !said.contains("入力時に"), "{said}");
    }
}

#[test]
fn an_unknown_method_of_a_service_is_answered_with_its_methods() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbox --method kye --secret api_key=env:KEY --lang en"), @r#"
    exit 2
    ---
    error: sandbox has no auth method kye.
      → It has: key, query, form, basic, bearer, digest
    "#);
    insta::assert_snapshot!(transcript(&site, "add x --connector sandbox --method kye --secret api_key=env:KEY --lang ja"), @r#"
    exit 2
    ---
    エラー: sandbox に kye という認証の種類はありません。
      → 使える認証の種類: key, query, form, basic, bearer, digest
    "#);
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "reconnect crm --secret api_key=env:NO_SUCH --lang en"), @r#"
    exit 5
    ✗ crm  local setup · conn sandbox · API key
      address     http://127.0.0.1:[port]
      access      Contacts · not reached   Deals · not reached   Accounts · not reached

    ✗ CONN-SEC-ENV-MISSING (1118)  certain
      The environment variable NO_SUCH that holds a secret of crm is not set.
      Evidence    · the environment variable NO_SUCH is not set, or it is empty
      Do this     1. Export NO_SUCH in the shell, or add it to the secrets of the CI job.
                  2. Or name another source: -, file:PATH, env:VAR or command:PROGRAM.
                       conn reconnect crm --secret api_key=-
      Who         you
      Retry       when fixed
      Exit        5 · local setup
      More        conn explain 1118
    ---
    The new credential was not proven, so crm keeps the one it had.
    "#);
    insta::assert_snapshot!(transcript(&site, "reconnect crm --secret api_key=env:NO_SUCH --lang ja"), @r#"
    exit 5
    ✗ crm  設定の問題 · conn サンドボックス · APIキー
      接続先      http://127.0.0.1:[port]
      権限        連絡先 · 未到達   商談 · 未到達   取引先 · 未到達

    ✗ CONN-SEC-ENV-MISSING (1118)  確定
      接続 crm の秘密情報を持つ環境変数 NO_SUCH が設定されていません。
      根拠        · 環境変数 NO_SUCH が未設定か、空です
      対処        1. シェルで NO_SUCH を設定するか、CI のシークレットに追加してください。
                  2. または、別の取得元（-、file:パス、env:変数、command:プログラム）を指定してくださ
                     い。
                       conn reconnect crm --secret api_key=-
      対応者      あなた
      再試行      対処後
      終了コード  5 · 手元の設定
      詳しく      conn explain 1118
    ---
    新しい認証情報を確認できなかったため、crm は以前の認証情報のままです。
    "#);
}

#[test]
fn a_variable_that_is_not_set_is_left_out_of_the_line_that_adds_it_again_and_named_where_it_is_kept() {
    let mut site = added();
    let add = "add pay --connector sandbox --method key --set address={url} --secret api_key=env:NO_SUCH";
    let add = site.run(add).stdout;
    let again = add.lines().find(|line| line.contains("conn add pay")).unwrap_or_default();
    assert!(again.contains("--method key --set address=") && !again.contains("--secret"), "{add}");
    site.set("KEY", "");
    // The same way out whichever verb meets it, and it works.
    for line in ["test crm", "request crm /api/me", "token crm"] {
        let said = site.run(line).all();
        assert!(said.contains("CONN-SEC-ENV-MISSING"), "{said}");
        assert!(said.contains("conn reconnect crm --secret api_key=-\n"), "{line}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn at_a_terminal_what_standard_input_would_give_is_asked_for_hidden() {
    let mut site = Site::with(Credentials::generate());
    site.set("CONN_VAULT_PASSPHRASE", "correct-horse-battery");
    std::fs::write(site.path("work/key.txt"), &site.sandbox.credentials().limited_key).unwrap();
    site.run("add crm --connector sandbox --method key --store vault --set address={url} --secret api_key=file:key.txt");
    let key = site.sandbox.credentials().key.clone();
    let mut command = site.command("reconnect crm --secret api_key=-");
    command.stdin(std::process::Stdio::inherit()).env_remove("CONN_NO_INPUT");
    let mut terminal = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
    terminal.exp_string("API key").unwrap();
    terminal.send(&format!("{key}\r")).unwrap();
    terminal.flush().unwrap();
    let shown = terminal.exp_eof().unwrap();
    assert!(shown.contains("crm uses the new credential") && !shown.contains(&key), "{shown}");
}

#[test]
fn a_secret_as_plain_value_is_refused() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "reconnect crm --set api_key=plain-value --lang en"), @r#"
    exit 2
    ---
    error: A secret is given as NAME=-, NAME=env:VARIABLE, NAME=file:PATH or NAME=command:PROGRAM; never
    as a value.
      → Arguments can be read by every program on this machine and stay in the shell's history.
    "#);
    insta::assert_snapshot!(transcript(&site, "reconnect crm --set api_key=plain-value --lang ja"), @r#"
    exit 2
    ---
    エラー: 秘密の値は 名前=-、名前=env:変数、名前=file:パス、名前=command:プログラム のいずれかで指定し
    ます。値そのものは指定できません。
      → 引数は同じ端末の他のプログラムから見え、シェルの履歴にも残るためです。
    "#);
}

#[test]
fn an_unknown_code_is_answered_with_the_nearest() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "explain AUTH-REJECTD --lang en"), @r#"
    exit 2
    ---
    error: conn knows no code, number, area or word AUTH-REJECTD.
      → Did you mean AUTH-REJECTED?
    "#);
    insta::assert_snapshot!(transcript(&site, "explain AUTH-REJECTD --lang ja"), @r#"
    exit 2
    ---
    エラー: AUTH-REJECTD というコード・番号・分野・用語はありません。
      → AUTH-REJECTED のことですか。
    "#);
}

#[test]
fn an_unknown_verb_is_answered_with_the_nearest() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "tset crm --lang en"), @r#"
    exit 2
    ---
    error: unrecognized subcommand 'tset'

      tip: a similar subcommand exists: 'test'

    Usage: conn [OPTIONS] <COMMAND>

    For more information, try '--help'.
    "#);
    insta::assert_snapshot!(transcript(&site, "tset crm --lang ja"), @r#"
    exit 2
    ---
    エラー: コマンド「tset」はありません。「test」のことですか。

    使い方: conn [OPTIONS] <COMMAND>

    詳しくは conn --help をご覧ください。
    "#);
}

#[test]
fn nothing_named_to_test_says_how() {
    let site = added();
    insta::assert_snapshot!(transcript(&site, "test --lang en"), @r#"
    exit 2
    ---
    error: Which connection should be tested?
      → conn test LINK_NAME, conn test --tag TAG, or conn test --all; conn list shows the names
    "#);
    insta::assert_snapshot!(transcript(&site, "test --lang ja"), @r#"
    exit 2
    ---
    エラー: どの接続をテストするか指定してください。
      → conn test リンク名、conn test --tag タグ、conn test --all のいずれかです。リンク名は conn list
        で確認できます。
    "#);
}

#[test]
fn a_disabled_connection_carries_no_traffic() {
    let site = added();
    site.must("disable crm");
    let before = site.sandbox.requests().len();
    insta::assert_snapshot!(transcript(&site, "request crm /api/me --lang en"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-DISABLED (1015)  crm is disabled.
      - the state of crm is: disabled
      1. Switch it on again, if the reason is gone.  $ conn enable crm
    "#);
    insta::assert_snapshot!(transcript(&site, "request crm /api/me --lang ja"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-DISABLED (1015)  接続 crm は無効になっています。
      - crm の状態は「無効」です
      1. 理由が解消していれば、有効に戻してください。  $ conn enable crm
    "#);
    assert_eq!(site.sandbox.requests().len(), before);
}

#[cfg(unix)]
#[test]
fn an_answer_ends_its_line_on_a_terminal_and_comes_as_it_is_everywhere_else() {
    let json = "Content-Type: application/json\r\n";
    let server = Scripted::start(Script::says(answer("200 OK", json, b"{\"id\":1}")));
    let definition = format!(
        "[connectors.mine]\nbase = \"http://{}\"\ntest.request = \"GET /me\"\n\
         auth.key = {{ kind = \"bearer\", params.key = \"Token\", header.Authorization = \"Bearer {{key}}\" }}\n\
         [connections.mine]\nconnector = \"mine\"\nsecrets.key = \"env:KEY\"\n",
        server.address,
    );
    let home = Home::with(&definition).knowing("KEY", "the-value-0123456789");
    assert_eq!(home.run(&["test", "mine"]).code, 0);
    let line = ["request", "mine", "/me"];
    assert_eq!(home.run(&line).out, "{\"id\":1}");
    let mut command = home.command(&line);
    command.stdin(std::process::Stdio::inherit()).env("TERM", "xterm");
    let shown = rexpect::session::spawn_command(command, Some(30_000)).unwrap().exp_eof().unwrap();
    assert_eq!(shown, "{\"id\":1}\r\n");
}

#[test]
fn a_request_ends_as_its_answer_is_judged_and_its_body_is_handed_on() {
    let site = added();
    for (mode, exit, body) in [
        ("error-in-200", 4, "key_unknown"),
        ("bare-401", 4, ""),
        ("forbidden", 1, "right_missing"),
        ("rate-limit", 3, "rate_limited"),
        ("maintenance", 3, ""),
    ] {
        site.sandbox.control().fail(mode).unwrap();
        let outcome = site.run("request crm /api/contacts --query page[size]=1 --lang en");
        assert_eq!(outcome.exit, exit, "{mode}: {}", outcome.all());
        assert!(outcome.stdout.contains(body), "{mode}: {}", outcome.all());
        assert!(outcome.stderr.contains("CONN-"), "{mode}: {}", outcome.all());
    }
    // A call of a person's own moves no state.
    assert!(site.must("show crm --lang en").stdout.contains("connected"));
}

#[test]
fn an_environment_that_nobody_knows_is_refused_by_every_verb_and_nothing_is_sent() {
    let site = added();
    let before = site.sandbox.requests().len();
    for line in [
        "test crm",
        "test --all",
        "diagnose crm",
        "connect crm",
        "reconnect crm --secret api_key=env:KEY",
        "request crm /api/me",
        "show crm",
        "list",
        "disable crm",
        "enable crm",
        "add x --connector sandbox --method key --set address={url} --secret api_key=env:KEY",
    ] {
        let refused = site.run(&format!("{line} --environment prodution --lang en"));
        assert_eq!(refused.exit, 5, "{line}: {}", refused.all());
        assert!(refused.all().contains("CONN-CFG-ENVIRONMENT-UNKNOWN"), "{line}: {}", refused.all());
        assert!(refused.all().contains("did you mean production?"), "{line}: {}", refused.all());
    }
    assert_eq!(site.sandbox.requests().len(), before);
    site.must("test crm --environment production");
}

#[cfg(unix)]
#[test]
fn no_program_gives_a_secret_to_a_run_that_a_mistake_further_down_ends() {
    let site = Site::with(Credentials::generate());
    let marker = site.path("marker");
    let first = format!(
        "[connections.first]\nconnector = \"sandbox\"\nmethod = \"key\"\nvars.address = \"{}\"\n\
        secrets.api_key = \"command:touch {}\"\n",
        site.words("{url}")[0],
        marker.display()
    );
    std::fs::create_dir_all(site.definition_file().parent().unwrap()).unwrap();
    let run = |line: &str, last: &str| {
        std::fs::write(site.definition_file(), format!("{first}{last}")).unwrap();
        site.run(line)
    };
    for (line, last, code) in [
        ("test --all", "[connections.last]\nconnector = \"sandbx\"\n", "CONN-CFG-CONNECTOR-UNKNOWN"),
        ("test --all", "[connections.last]\nconnector = \"sandbox\"\nmethod = \"x\"\n", "CONN-CFG-SCHEMA"),
        ("test --all", "[connections.last]\nconnector = 7\n", "CONN-CFG-SCHEMA"),
        ("test first last", "", "CONN-CFG-CONNECTION-UNKNOWN"),
    ] {
        let ended = run(line, last);
        assert_eq!(ended.exit, 5, "{line} {last}: {}", ended.all());
        assert!(ended.stderr.contains(code), "{line} {last}: {}", ended.all());
        assert!(!marker.exists(), "{line} {last}: {}", ended.all());
    }
    let empty = run("test --all", "");
    assert!(empty.stdout.contains("CONN-SEC-COMMAND-FAILED"), "{}", empty.all());
    assert!(marker.exists(), "{}", empty.all());
}

#[test]
fn testing_all_of_no_connections_is_a_mistake_and_says_where_they_were_looked_for() {
    let site = Site::with(Credentials::generate());
    for format in ["human", "json", "jsonl", "junit"] {
        let outcome = site.run(&format!("test --all --lang en --format {format}"));
        assert_eq!(outcome.exit, 2, "{format}: {}", outcome.all());
        assert!(outcome.all().contains("none was found"), "{format}: {}", outcome.all());
    }
    let outcome = site.run("test --all --lang en");
    assert!(outcome.all().contains(&site.definition_file().display().to_string()), "{}", outcome.all());
}

#[cfg(unix)]
#[test]
fn saved_facts_are_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let site = added();
    let path = site.path("work/facts.json");
    for _ in 0..2 {
        site.must("diagnose crm --save facts.json");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    site.must("diagnose --from facts.json");
}

#[test]
fn help_is_a_word_too() {
    let home = Home::with("");
    for language in ["en", "ja"] {
        for (word, flag) in [
            (&["help"][..], &["--help"][..]),
            (&["help", "connect"], &["connect", "--help"]),
            (&["help", "connectors", "new"], &["connectors", "new", "--help"]),
        ] {
            let run = |line: &[&str]| home.run(&[line, &["--lang", language]].concat());
            let (said, expected) = (run(word), run(flag));
            assert_eq!((said.code, &said.out), (0, &expected.out), "{word:?}");
            assert!(!said.out.is_empty(), "{word:?}");
        }
    }
    assert_eq!(home.run(&["help", "nonsense"]).code, 2);
}

#[test]
fn japanese_help_is_broken_where_japanese_may_be_broken() {
    let home = Home::with("");
    for verb in [&["add"][..], &["reconnect"], &["connectors", "new"], &["request"], &[]] {
        let mut command = home.command(&[verb, &["--help", "--lang", "ja"]].concat());
        command.env("COLUMNS", "72");
        let run = finish(command, b"");
        assert_eq!(run.code, 0, "{run:#?}");
        let options = run.out.lines().skip_while(|line| !line.ends_with(':'));
        for line in options.filter(|line| line.starts_with(' ')) {
            assert!(safe_text::width(line) <= 72, "{verb:?}: {line}");
            let told = line.trim_start();
            assert!(!told.starts_with(['、', '。', '）', '」']), "{verb:?}: {line}");
        }
    }
}

#[test]
fn a_connection_that_names_what_its_service_lacks_is_told_with_its_place() {
    let site = added();
    let file = site.path("home/config/connectors.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    let lines = good.lines().count();
    for (wrong, code, place, en, ja) in [
        (
            "[connections.odd]\nconnector = \"sandbox\"\nmethod = \"kye\"\n",
            "CONN-CFG-SCHEMA",
            lines + 3,
            "odd uses the auth method kye, which its connector does not have",
            "odd の認証方式 kye はコネクターにありません",
        ),
        (
            "[connections.odd]\nconnector = \"sandbx\"\n",
            "CONN-CFG-CONNECTOR-UNKNOWN",
            lines + 2,
            "odd uses the connector sandbx, which does not exist",
            "odd が使うコネクター sandbx は存在しません",
        ),
        (
            "[connections.odd]\nconnector = \"qqqqqq\"\n",
            "CONN-CFG-CONNECTOR-UNKNOWN",
            lines + 2,
            "odd uses the connector qqqqqq, which does not exist → conn connectors list shows them",
            "odd が使うコネクター qqqqqq は存在しません → 一覧は conn connectors list で確認できます",
        ),
    ] {
        std::fs::write(&file, format!("{good}{wrong}")).unwrap();
        for verb in ["test --all", "test odd", "diagnose odd"] {
            let run = site.run(&format!("{verb} --lang en"));
            let said = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(run.exit == 5 && said.contains(code) && said.contains(en), "{verb}: {}", run.all());
            assert!(said.contains(&format!("connectors.toml:{place}:1: ")), "{verb}: {}", run.all());
        }
        let run = site.run("test --all --lang ja");
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        assert!(run.exit == 5 && bare(&run.stderr).contains(&bare(ja)), "{}", run.all());
    }
}

#[test]
fn a_refused_reconnect_offers_what_was_given_and_never_what_is_stored() {
    let site = added();
    for (line, offered) in [
        ("reconnect crm --set address=ftp://x", "conn reconnect crm --set address=…"),
        (
            "reconnect crm --set address=ftp://x --flow paste --scope read",
            "conn reconnect crm --set address=… --flow paste --scope read",
        ),
    ] {
        let run = site.run(&format!("{line} --lang en"));
        assert!(run.exit == 5 && run.stdout.contains("CONN-CFG-HOST-FORM"), "{line}: {}", run.all());
        assert!(run.stdout.contains(&format!("{offered}\n")), "{line}: {}", run.all());
        assert!(
            run.stdout.contains("Give it again with the right value; nothing was changed."),
            "{}",
            run.all()
        );
        assert!(!run.stdout.contains("conn show"), "{line}: {}", run.all());
        let run = site.run(&format!("{line} --lang ja"));
        assert!(run.stdout.contains("まだ何も変更していません。"), "{line}: {}", run.all());
    }
    site.must("test crm");
}

#[test]
fn what_cannot_be_written_or_read_names_the_path_that_was_asked_for() {
    let site = added();
    for (line, en, ja) in [
        (
            "request crm /api/me --output /no-such-folder/x",
            "/no-such-folder/x: there is no folder /no-such-folder.",
            "/no-such-folder/x: フォルダー /no-such-folder がありません。",
        ),
        (
            "import no-such-file.env",
            "no-such-file.env: there is no such file.",
            "no-such-file.env: ファイルがありません。",
        ),
        (
            "history crm --limit x",
            "write a whole number from 1 to 1000000",
            "1 から 1000000 までの整数を指定",
        ),
        ("test crm --jobs 0", "write a whole number from 1 to 256", "1 から 256 までの整数を指定"),
        (
            "request crm api/me",
            "write /api/me; conn puts the base URL at 127.0.0.1:",
            "/api/me と指定してください",
        ),
        ("request crm {url}/api/me?a=1", "write /api/me?a=1; conn puts", "/api/me?a=1 と指定してください"),
        (
            "request crm https://other.test",
            "write /; conn puts the base URL at 127.0.0.1:",
            "/ と指定してください",
        ),
    ] {
        for (language, said) in [("en", en), ("ja", ja)] {
            let run = site.run(&format!("{line} --lang {language}"));
            assert!(run.exit == 2 && run.stderr.contains(said), "{line}: {}", run.all());
            assert!(!run.stderr.contains(".conn-"), "{line}: {}", run.all());
        }
    }
}

/// A service that checks a key; the form of its app's number and of its shop is declared.
const SHOP: &str = r#"
[connectors.shop]
extends = "sandbox"
vars.shop = { label = "Shop", pattern = "[a-z]+" }
[connectors.shop.auth.key]
kind = "api_key"
header.X-Api-Key = "{api_key}"
header.X-App = "{app}"
[connectors.shop.auth.key.params.api_key]
label = "API key"
[connectors.shop.auth.key.params.app]
label = { en = "App number", ja = "アプリ番号" }
secret = false
pattern = "[0-9]{8}"
"#;

#[test]
fn the_form_of_a_value_is_judged_alike_where_it_is_typed_and_where_it_is_written() {
    let site = added();
    let file = site.path("home/config/connectors.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}{SHOP}")).unwrap();
    let add = |name: &str, app: &str, shop: &str| {
        let values = format!("--set address={url} --set app={app} --set shop={shop}", url = "{url}");
        format!("add {name} --connector shop --method key {values} --secret api_key=env:KEY")
    };
    // A part of the credential is doubted: services change what they issue.
    let run = site.must(&add("short", "12", "tea"));
    for said in
        ["CONN-SEC-SHAPE", "does not have the form of \"App number\"", "conn reconnect short --set app=…"]
    {
        assert!(run.stdout.contains(said), "{said}: {}", run.all());
    }
    assert!(site.must("test short --lang ja").stdout.contains("「アプリ番号」の形式と異なります"));
    let lint = site.must("lint");
    assert!(
        lint.stdout.contains("advice: app of short does not have the form of \"App number\""),
        "{}",
        lint.all()
    );
    assert!(lint.stdout.contains("[value-form]"), "{}", lint.all());
    assert!(site.must("lint --lang ja").stdout.contains("サービスの「アプリ番号」の形式と異なります"));
    let right = site.must(&add("right", "12345678", "tea"));
    assert!(!right.stdout.contains("CONN-SEC-SHAPE"), "{}", right.all());
    // A part of the address is refused.
    let refused = site.run(&add("wrong", "12345678", "TEA"));
    assert!(
        refused.exit == 2 && refused.stderr.contains("This does not look like a value for Shop."),
        "{}",
        refused.all()
    );
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("\"tea\"", "\"TEA\"", 1)).unwrap();
    let lint = site.run("lint");
    assert!(
        lint.exit == 5 && lint.stdout.contains("shop of short does not have the right form"),
        "{}",
        lint.all()
    );
}

/// Whatever asks says the same as `conn lint`: it is no secret that is missing.
#[test]
fn a_setting_that_nobody_gave_is_no_missing_secret() {
    let site = Site::with(Credentials::generate());
    let file = site.definition_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let definition = "[connectors.inv]\nbase = 'https://inv.test'\ntest.request = 'GET /me'\n\
         [connectors.inv.auth.basic]\nkind = 'basic'\nuser = '{user}'\npassword = '{password}'\n\
         [connectors.inv.auth.basic.params]\npassword = 'Password'\n\
         user = { label = { en = 'User name', ja = 'ユーザー名' }, secret = false }\n\
         [connections.bad]\nconnector = 'inv'\nsecrets.password = 'env:PASSWORD'\n";
    std::fs::write(&file, definition).unwrap();
    for line in ["lint", "test bad", "diagnose bad --offline", "request bad /me --dry-run"] {
        let run = site.run(line);
        assert!(run.all().contains("PARAM-MISSING") && run.exit == 5, "{line}: {}", run.all());
        assert!(!run.all().contains("SEC-MISSING"), "{line}: {}", run.all());
    }
    for (language, said) in
        [("en", "bad lacks a value for User name."), ("ja", "「ユーザー名」の値がありません")]
    {
        let run = site.run(&format!("test bad --lang {language}"));
        assert!(run.all().contains(said), "{}", run.all());
        assert!(run.all().contains("conn reconnect bad --set user=…"), "{}", run.all());
    }
    let whole = definition.replace("[connections.bad]", "[connections.bad]\nvars.user = 'u'");
    std::fs::write(&file, whole.replace("base = 'https://inv.test'\n", "")).unwrap();
    for (language, said) in [("en", "inv has no base"), ("ja", "サービスのアドレス（base）がありません")]
    {
        for line in ["lint", "test bad"] {
            let run = site.run(&format!("{line} --lang {language}"));
            assert!(run.exit == 5 && run.all().contains(said), "{line}: {}", run.all());
        }
    }
}
