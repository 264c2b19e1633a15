//! What people know when they begin: what a service is for, the address in their browser, a word on a screen.

use conn::sandbox::Credentials;

use super::transcript;
use crate::support::site::Site;

fn site() -> Site {
    Site::with(Credentials::generate())
}

#[test]
fn a_service_is_found_by_what_it_is_for() {
    let site = site();
    insta::assert_snapshot!(transcript(&site, "connectors search グループウェア --lang ja"), @r#"
    exit 0
    ID               名前                   分類                            認証              定義元
    garoon           Garoon（クラウド版）   業務効率化 (productivity)       APIキー, OAuth 2  組み込み *
    kintone          kintone（サイボウズ）  業務効率化 (productivity)       APIキー, OAuth 2  組み込み
    cybozu-user-api  cybozu.com User API    ID・認証 (identity)             APIキー           組み込み *
    line-works       LINE WORKS             チャット・メッセージ (messagi…  OAuth 2           組み込み *
    google           Google（共通定義）     業務効率化 (productivity)       OAuth 2           組み込み
    microsoft-graph  Microsoft Graph        業務効率化 (productivity)       OAuth 2           組み込み
    zoho             Zoho（共通定義）       業務効率化 (productivity)       OAuth 2           組み込み
    outlook          Outlook                メール配信 (email)              OAuth 2           組み込み
    ---
    * 情報源が1つだけの定義です
    "#);
    insta::assert_snapshot!(transcript(&site, "connectors search groupware --lang en"), @r#"
    exit 0
    ID               Name             Category      Auth              Origin
    google           Google (family)  productivity  OAuth 2           built in
    kintone          kintone          productivity  API key, OAuth 2  built in
    microsoft-graph  Microsoft Graph  productivity  OAuth 2           built in
    zoho             Zoho (family)    productivity  OAuth 2           built in
    outlook          Outlook          email         OAuth 2           built in
    cybozu-user-api  Cybozu User API  identity      API key           built in *
    garoon           Garoon (cloud)   productivity  API key, OAuth 2  built in *
    line-works       LINE WORKS       messaging     OAuth 2           built in *
    ---
    * rests on a single source
    "#);
    insta::assert_snapshot!(transcript(&site, "connectors search zzzzq 会計 --lang ja"), @r#"
    exit 2
    ---
    エラー: 「zzzzq 会計」に合うコネクターはありません。
      → 一覧は conn connectors list、新しく作成するには conn connectors new をお使いください。
    "#);
}

#[test]
fn the_part_that_is_asked_for_is_taken_out_of_a_pasted_address() {
    let site = site();
    let add = |rest: &str| format!("add {rest} --no-test --secret api_key=env:X");
    let line =
        add("work --connector backlog --method key --set space=https://acme.backlog.jp/dashboard --lang ja");
    insta::assert_snapshot!(transcript(&site, &line), @r#"
    exit 0
    ---
    アドレスから取り出した値: space=acme, domain=backlog.jp
    work を [root]/home/config/connectors.toml に保存しました。状態: 未接続
    次の手順: conn connect work
    "#);
    let shown = site.must("show work --format json").stdout;
    assert!(shown.contains("https://acme.backlog.jp/api/v2"), "{shown}");
    let other = "people --connector smarthr --set tenant=https://acme.example.com/";
    insta::assert_snapshot!(transcript(&site, &add(&format!("{other} --lang en"))), @r#"
    exit 2
    ---
    error: Subdomain: this is no address of the form https://acme.smarthr.jp.
      → give such an address, or its part alone: acme
    "#);
    insta::assert_snapshot!(transcript(&site, &add(&format!("{other} --lang ja"))), @r#"
    exit 2
    ---
    エラー: サブドメイン: https://acme.smarthr.jp の形式のアドレスではありません。
      → この形式のアドレスか、その一部（acme）を指定してください
    "#);
    // What is said twice has to agree.
    let line =
        add("two --connector backlog --method key --set space=acme.backlog.jp --set domain=backlog.com");
    insta::assert_snapshot!(transcript(&site, &line), @r#"
    exit 2
    ---
    error: Space ID: this is no address of the form https://acme.backlog.com.
      → give such an address, or its part alone: acme
    "#);
}

#[test]
fn an_address_answers_for_what_is_asked_before_it_as_well() {
    let site = site();
    let given = "--method key --set domain=https://acme.backlog.jp/";
    let line = format!("add work --connector backlog {given} --no-test --secret api_key=env:X --lang en");
    insta::assert_snapshot!(transcript(&site, &line), @r#"
    exit 0
    ---
    Taken from the address: space=acme, domain=backlog.jp
    Saved work in [root]/home/config/connectors.toml; state: pending.
    Next: conn connect work
    "#);
    let other = "reconnect work --set domain=https://other.backlog.com/ --lang en";
    let run = site.run(other);
    assert!(
        run.stderr.starts_with("Taken from the address: space=other, domain=backlog.com\n"),
        "{}",
        run.all()
    );
    assert!(!run.stderr.contains("asks for no"), "{}", run.all());
    // A part that has a default and is asked for first.
    site.must(
        "add shop --connector amazon-selling-partner --no-test --set domain=amazon.com \
         --set region=https://sandbox.sellingpartnerapi-eu.amazon.com/ --set application_id=amzn1.sp.solution.x \
         --set client_id=amzn1.application-oa2-client.x --secret client_secret=env:X",
    );
    let shown = site.must("show shop --format json").stdout;
    assert!(shown.contains("https://sandbox.sellingpartnerapi-eu.amazon.com"), "{shown}");
}

#[cfg(unix)]
#[test]
fn an_address_that_is_refused_answers_nothing_else() {
    let mut site = site();
    site.set("TERM", "xterm");
    let mut command =
        site.command("add work --connector backlog --method key --no-test --secret api_key=env:X --lang en");
    command.stdin(std::process::Stdio::inherit()).env_remove("CONN_NO_INPUT");
    let mut terminal = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
    for (asked, typed) in [
        ("Space ID", "https://your-space.backlog.jp/\r"),
        ("Space ID still holds sample text.", "https://acme.backlog.com/\r"),
    ] {
        terminal.exp_string(asked).unwrap();
        terminal.send(typed).unwrap();
        terminal.flush().unwrap();
    }
    terminal.exp_string("Taken from the address: space=acme, domain=backlog.com").unwrap();
    terminal.exp_eof().unwrap();
}

#[test]
fn a_word_on_a_screen_is_explained_with_the_next_command() {
    let site = site();
    insta::assert_snapshot!(transcript(&site, "explain pending --lang en"), @r#"
    exit 0
    pending (state of a connection)
    The connection is saved, and nobody has proven it yet. It carries no traffic.

    Next: Prove it.
      $ conn connect NAME
    ---
    "#);
    insta::assert_snapshot!(transcript(&site, "explain 再接続が必要 --lang ja"), @r#"
    exit 0
    再接続が必要（接続の状態、needs_reconnect）
    サービスが認証情報を拒否しました。タイムアウト、回数制限、サービスの停止ではこの状態になりません。新
    しい認証情報を確認するまで、通信には使えません。

    次の手順: 新しい認証情報を登録します。拒否された理由は conn diagnose NAME で確認できます。
      $ conn reconnect NAME
    ---
    "#);
    insta::assert_snapshot!(transcript(&site, "explain fingerprint --format json --lang en"), @r#"
    exit 0
    {
      "schema": "conn.word/1",
      "word": "fingerprint",
      "group": "word",
      "lang": "en",
      "name": "fingerprint",
      "meaning": "Four digits by which two secrets are told apart on this machine; no part of the secret.",
      "step": {
        "text": "See it.",
        "command": "conn show {name}"
      }
    }
    ---
    "#);
    insta::assert_snapshot!(transcript(&site, "explain pendng --lang ja"), @r#"
    exit 2
    ---
    エラー: pendng というコード・番号・分野・用語はありません。
      → pending のことですか。
    "#);
    insta::assert_snapshot!(transcript(&site, "explain 未接族 --lang ja"), @r#"
    exit 2
    ---
    エラー: 未接族 というコード・番号・分野・用語はありません。
      → 未接続 のことですか。
    "#);
}

#[test]
fn a_parameter_that_nothing_would_send_and_a_key_that_cannot_be_one_are_refused() {
    let site = site();
    let new =
        |rest: &str| format!("connectors new --name Acme --base https://x.test --test /me --print {rest}");
    insta::assert_snapshot!(transcript(&site, &new("--auth none --param x --lang en")), @r#"
    exit 2
    ---
    error: The auth kind none has no place for the parameter x.
      → Leave --param out, or choose --auth api_key, which sends any number of parameters.
    "#);
    insta::assert_snapshot!(transcript(&site, &new("--auth basic --param a --param b --param c --lang ja")), @r#"
    exit 2
    ---
    エラー: 認証の種類「basic」では、パラメーター「c」を送信する場所がありません。
      → --param を省略するか、任意の数のパラメーターを送信できる --auth api_key を指定してください。
    "#);
    let key = "--auth api_key --placement header --param APIキー=x";
    insta::assert_snapshot!(transcript(&site, &new(&format!("{key} --lang en"))), @r#"
    exit 2
    ---
    error: A parameter's key is ASCII, without blanks, quotes, colons or semicolons: APIキー
      → Write the key as the service does, and its words as the label, for example X-Api-Key='API key'.
    "#);
    insta::assert_snapshot!(transcript(&site, &new(&format!("{key} --lang ja"))), @r#"
    exit 2
    ---
    エラー: パラメーターのキーは、空白・引用符・コロン・セミコロンを除く ASCII 文字です: APIキー
      → キーはサービスが指定する名前で、表示名は自由に指定できます（例: X-Api-Key='APIキー'）。
    "#);
}

#[test]
fn what_is_no_secret_is_given_as_it_is() {
    let site = site();
    let line = "add shop --connector paypal --no-test --secret client_id=env:X --secret client_secret=env:X";
    insta::assert_snapshot!(transcript(&site, &format!("{line} --lang en")), @r#"
    exit 2
    ---
    error: client_id is no secret.
      → Give the value itself: --set client_id=VALUE
    "#);
    insta::assert_snapshot!(transcript(&site, &format!("{line} --lang ja")), @r#"
    exit 2
    ---
    エラー: client_id は秘密の値ではありません。
      → 値をそのまま指定してください: --set client_id=値
    "#);
}

#[test]
fn a_file_that_is_not_there_is_not_called_wrong_toml() {
    let site = site();
    insta::assert_snapshot!(transcript(&site, "list --config absent.toml --lang en"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-FILE (1026)  The file [root]/work/absent.toml cannot be read.
      - [root]/work/absent.toml:1:1: there is no such file → --config or CONN_CONFIG
        names it: correct the path, or make the file
      1. Correct the path where [root]/work/absent.toml is named, give this user the
         right to read it, or shorten it to 1 MiB.
      2. See which files conn reads, and who can reach them.  $ conn doctor
    "#);
    insta::assert_snapshot!(transcript(&site, "list --config absent.toml --lang ja"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-FILE (1026)  ファイル [root]/work/absent.toml を読み取れません。
      - [root]/work/absent.toml:1:1: ファイルがありません → --config または CONN_CONFIG
        で指定されています。パスを直すか、ファイルを作成してください
      1. [root]/work/absent.toml を指定している箇所のパスを直すか、このユーザーに読み取り
         権限を与えるか、ファイルを 1 MiB 以下にしてください。
      2. conn が読み込むファイルとアクセス権を確認できます。  $ conn doctor
    "#);
}

#[test]
fn a_file_that_is_too_large_is_told_to_be_shortened() {
    let site = site();
    std::fs::write(site.path("work/large.toml"), "#\n".repeat(1024 * 1024)).unwrap();
    insta::assert_snapshot!(transcript(&site, "list --config large.toml --lang en"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-FILE (1026)  The file [root]/work/large.toml cannot be read.
      - [root]/work/large.toml:1:1: the file is larger than 1 MiB
      1. Correct the path where [root]/work/large.toml is named, give this user the right
         to read it, or shorten it to 1 MiB.
      2. See which files conn reads, and who can reach them.  $ conn doctor
    "#);
    insta::assert_snapshot!(transcript(&site, "list --config large.toml --lang ja"), @r#"
    exit 5
    ---
    ✗ CONN-CFG-FILE (1026)  ファイル [root]/work/large.toml を読み取れません。
      - [root]/work/large.toml:1:1: ファイルが 1 MiB を超えています
      1. [root]/work/large.toml を指定している箇所のパスを直すか、このユーザーに読み取り
         権限を与えるか、ファイルを 1 MiB 以下にしてください。
      2. conn が読み込むファイルとアクセス権を確認できます。  $ conn doctor
    "#);
}

#[cfg(unix)]
#[test]
fn what_the_system_refuses_is_said_in_the_language_of_the_run() {
    let mut site = site();
    site.add_crm();
    std::fs::write(site.path("work/file"), "").unwrap();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    site.set("SSL_CERT_FILE", "/nowhere/roots.pem");
    for (line, en, ja) in [
        ("doctor", "no such file", "ファイルがありません"),
        (
            "diagnose --from file/facts.json",
            "a part of the path is no folder",
            "パスの途中がフォルダーではありません",
        ),
        ("import nowhere.env", "no such file", "ファイルがありません"),
        (&format!("proxy crm --port {port}"), "another program uses it", "別のプログラムが使用中です"),
        ("reconnect crm --secret api_key=file:nowhere", "no such file", "ファイルがありません"),
        ("lint .", "not a regular file", "通常のファイルではありません"),
    ] {
        for (language, words) in [("en", en), ("ja", ja)] {
            let said = site.run(&format!("{line} --lang {language}")).all();
            assert!(said.contains(words) && !said.contains("os error"), "{line}: {said}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_list_says_that_nothing_matches_and_an_address_may_be_pasted_at_the_prompt() {
    // The terminal's output comes byte by byte.
    let letters = |text: &str| text.bytes().map(char::from).collect::<String>();
    for (language, nothing, word, service, link_name, taken) in [
        (
            "en",
            "Nothing matches; delete what you typed",
            "spreadsheets",
            "Microsoft Excel",
            "Link name",
            "Taken from the address: tenant=acme",
        ),
        (
            "ja",
            "一致する候補がありません",
            "勤怠",
            "KING OF TIME",
            "リンク名",
            "アドレスから取り出した値: tenant=acme",
        ),
    ] {
        let mut site = site();
        site.set("TERM", "xterm");
        let line = format!("add --no-test --secret access_token=env:X --lang {language}");
        let mut command = site.command(&line);
        command.stdin(std::process::Stdio::inherit()).env_remove("CONN_NO_INPUT");
        let mut terminal = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
        terminal.exp_string("1password-users").unwrap();
        terminal.send("zzzzq").unwrap();
        terminal.flush().unwrap();
        terminal.exp_string(&letters(nothing)).unwrap();
        // Who takes that line is asked again.
        terminal.send("\r").unwrap();
        terminal.flush().unwrap();
        terminal.exp_string("1password-users").unwrap();
        terminal.send(word).unwrap();
        terminal.flush().unwrap();
        terminal.exp_string(service).unwrap();
        terminal.send(&"\u{7f}".repeat(word.chars().count())).unwrap();
        terminal.send("smarthr\r").unwrap();
        terminal.flush().unwrap();
        terminal.exp_string(&letters(link_name)).unwrap();
        terminal.send("\r").unwrap();
        terminal.flush().unwrap();
        terminal.exp_string("acme").unwrap();
        terminal.send("https://acme.smarthr.jp/crews\r").unwrap();
        terminal.flush().unwrap();
        terminal.exp_string(&letters(taken)).unwrap();
        terminal.send_control('c').unwrap();
        terminal.exp_eof().unwrap();
    }
}
