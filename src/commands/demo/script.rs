//! The script of the walk: what happens, what a person types, what conn must answer, what to notice.

use super::stage::Stage;
use crate::base::Text;
use crate::cause::ExitClass;

/// One step of the walk.
pub(super) struct Step {
    /// What happens.
    pub(super) title: Text,
    /// Makes it happen.
    pub(super) prepare: fn(&mut Stage),
    /// What a person types; `{url}` is the sandbox's address.
    pub(super) command: &'static str,
    /// What conn must answer.
    pub(super) promise: Promise,
    /// What to look at.
    pub(super) notice: Text,
}

/// What conn must answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Promise {
    /// Exit 0.
    Healthy,
    /// This cause is named, and the exit code is its own.
    Cause(&'static str),
}

impl Promise {
    /// Whether an exit code and an output keep it.
    pub(super) fn is_kept(self, exit: u8, output: &str) -> bool {
        match self {
            Self::Healthy => exit == ExitClass::Healthy.code(),
            Self::Cause(code) => exit == crate::cause::get(code).exit.code() && output.contains(code),
        }
    }
}

pub(super) static SCRIPT: &[Step] = &[
    Step {
        title: Text::new(
            "You have a key for a CRM, in the variable CRM_KEY. You add the connection.",
            "CRM の APIキーが環境変数 CRM_KEY に入っています。接続を登録します。",
        ),
        prepare: |_| {},
        command: "conn add crm --connector sandbox --set address={url} --secret api_key=env:CRM_KEY",
        promise: Promise::Healthy,
        notice: Text::new(
            "The key is not on the command line: env:CRM_KEY is kept as a reference. It is tested before anything is saved.",
            "キーはコマンドラインに現れません。env:CRM_KEY は参照として保存され、保存の前に必ずテストします。",
        ),
    },
    Step {
        title: Text::new("Does it work?", "接続できるでしょうか。"),
        prepare: |_| {},
        command: "conn test crm",
        promise: Promise::Healthy,
        notice: Text::new(
            "One request proves who you are, and one more each of your rights.",
            "1 回のリクエストで本人を確認し、権限ごとにもう 1 回ずつ確認します。",
        ),
    },
    Step {
        title: Text::new("The service goes into maintenance.", "サービスがメンテナンスに入ります。"),
        prepare: |stage| stage.fail("maintenance"),
        command: "conn test crm",
        promise: Promise::Cause("CONN-VEND-MAINTENANCE"),
        notice: Text::new(
            "Nobody blames the key. The service says when it is back, and so does conn.",
            "キーのせいにはしません。サービスが示した再開時刻をそのまま伝えます。",
        ),
    },
    Step {
        title: Text::new("Too many requests.", "リクエストが多すぎました。"),
        prepare: |stage| stage.fail("rate-limit"),
        command: "conn test crm",
        promise: Promise::Cause("CONN-RATE-BURST"),
        notice: Text::new(
            "The moment to try again is given; a script can wait for it.",
            "再試行できる時刻を示すので、スクリプトはそれまで待てます。",
        ),
    },
    Step {
        title: Text::new("A login page comes instead of data.", "データの代わりにログインページが返ります。"),
        prepare: |stage| stage.fail("html-login"),
        command: "conn test crm",
        promise: Promise::Cause("CONN-BODY-HTML"),
        notice: Text::new(
            "Status 200 alone does not count as healthy.",
            "ステータス 200 だけでは正常とみなしません。",
        ),
    },
    Step {
        title: Text::new("The path is wrong.", "パスが間違っています。"),
        prepare: |stage| stage.fail("wrong-path-json"),
        command: "conn test crm",
        promise: Promise::Cause("CONN-API-PATH"),
        notice: Text::new(
            "An address is wrong, not a credential: the exit code says who has to act.",
            "誤りは認証情報ではなくアドレスにあります。終了コードで対応すべき人が分かります。",
        ),
    },
    Step {
        title: Text::new(
            "The service accepts the request and never answers.",
            "サービスがリクエストを受け取ったまま応答しません。",
        ),
        prepare: |stage| stage.fail("silent"),
        command: "conn test crm --timeout 1",
        promise: Promise::Cause("CONN-NET-READ-TIMEOUT"),
        notice: Text::new(
            "conn does not hang: every wait has an end.",
            "conn は固まりません。どの待機にも制限時間があります。",
        ),
    },
    Step {
        title: Text::new("Something else answers on this port.", "このポートで別のものが応答します。"),
        prepare: |stage| stage.fail("garbage"),
        command: "conn test crm",
        promise: Promise::Cause("CONN-HTTP-NOT-HTTP"),
        notice: Text::new(
            "What is not HTTP is called so, and shown harmlessly.",
            "HTTP でない応答はそのとおりに伝え、安全な形で表示します。",
        ),
    },
    Step {
        title: Text::new("The server stops.", "サーバーが停止します。"),
        prepare: Stage::stop,
        command: "conn diagnose crm",
        promise: Promise::Cause("CONN-NET-REFUSED"),
        notice: Text::new(
            "Look at the stages: what lies above the broken one is not reached, not guessed.",
            "各段階を見てください。壊れた段階より先は推測せず、未到達と表示します。",
        ),
    },
    Step {
        title: Text::new(
            "The server is back, but an administrator took a right from you.",
            "サーバーは復旧しましたが、管理者が権限を一つ外しました。",
        ),
        prepare: |stage| {
            stage.restart();
            stage.fail("missing-permission");
        },
        command: "conn test crm",
        promise: Promise::Cause("CONN-PERM-RESOURCE"),
        notice: Text::new(
            "The key is good; one right is missing, and it is named.",
            "キーは有効です。不足している権限だけを名指しします。",
        ),
    },
    Step {
        title: Text::new("All of that is over.", "これまでの障害が解消しました。"),
        prepare: Stage::heal,
        command: "conn test crm",
        promise: Promise::Healthy,
        notice: Text::new(
            "None of it cost you the connection: only a verdict on the credential does.",
            "どの障害でも接続は失われません。再接続が要るのは、認証情報が拒否されたときだけです。",
        ),
    },
    Step {
        title: Text::new("An administrator revokes your key.", "管理者があなたのキーを失効させます。"),
        prepare: Stage::revoke,
        command: "conn diagnose crm",
        promise: Promise::Cause("CONN-AUTH-KEY-ROTATED"),
        notice: Text::new(
            "It worked until now with the same key, and the service itself refuses it.",
            "同じキーで直前まで動作しており、サービス自身がキーを拒否しています。",
        ),
    },
    Step {
        title: Text::new(
            "You mistype the new key, in the variable WRONG_KEY.",
            "新しいキーを入力し間違えました（環境変数 WRONG_KEY）。",
        ),
        prepare: |_| {},
        command: "conn reconnect crm --secret api_key=env:WRONG_KEY",
        promise: Promise::Cause("CONN-AUTH-REJECTED"),
        notice: Text::new(
            "The new key is not proven, so nothing was replaced.",
            "新しいキーを確認できなかったため、何も置き換えていません。",
        ),
    },
    Step {
        title: Text::new("Now the right one, in NEW_KEY.", "今度は正しいキーです（環境変数 NEW_KEY）。"),
        prepare: |_| {},
        command: "conn reconnect crm --secret api_key=env:NEW_KEY",
        promise: Promise::Healthy,
        notice: Text::new(
            "It is proven beside the old one, then swapped; --rollback brings the old one back.",
            "古いキーと並べて確認してから切り替えます。--rollback で元に戻せます。",
        ),
    },
    Step {
        title: Text::new("Green again?", "元どおりでしょうか。"),
        prepare: |_| {},
        command: "conn test crm",
        promise: Promise::Healthy,
        notice: Text::new("The connection carries traffic again.", "接続は再び利用できます。"),
    },
];
