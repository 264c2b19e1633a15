//! The control experiments by their numbers, as they stand below a verdict: what each changes, and what the difference
//! tells.

use super::Step;
use super::term::{Group, Term};
use crate::base::Text;

const fn control(code: &'static str, meaning: Text) -> Term {
    let step = Step::run(
        "conn diagnose {name} --why",
        "See what came back, and how much it counted.",
        "結果と、判定への影響を確認できます。",
    );
    Term { group: Group::Control, code, name: Text::new(code, code), meaning, step }
}

/// All of them.
pub(super) static CONTROLS: &[Term] = &[
    control(
        "D1",
        Text::new(
            "The same request without any credential. Where the answer is the same, the credential does not arrive, or \
             the service does not look at it.",
            "同じ要求を認証情報なしで送ります。応答が同じであれば、認証情報が届いていないか、サービスが参照していません。",
        ),
    ),
    control(
        "D2",
        Text::new(
            "The same request with a made-up key of the same form. Where the answer is the same, the service does not \
             know the key; where it is another one, it knows the key and refuses it.",
            "同じ要求を、同じ形式の架空のキーで送ります。応答が同じであれば、サービスはキーを知りません。異なれば、キー\
             を知っていて拒否しています。",
        ),
    ),
    control(
        "D3",
        Text::new(
            "Another request with the same credential. Where it succeeds, the credential is good and only a right is \
             missing.",
            "同じ認証情報で別の要求を送ります。成功すれば、認証情報は有効で、権限だけが不足しています。",
        ),
    ),
    control(
        "D4",
        Text::new(
            "The request to another host of the same service, without a credential. It shows whether that host is the \
             right one.",
            "同じサービスの別のホストに、認証情報なしで要求を送ります。正しいホストかどうかを確認できます。",
        ),
    ),
    control(
        "D11",
        Text::new(
            "The same request once more. It shows how the number of calls that are left falls.",
            "同じ要求をもう一度送ります。残り回数の減り方を確認できます。",
        ),
    ),
    control(
        "D12",
        Text::new(
            "The same request, repeated. It tells a line that breaks now and then from a service that never answers.",
            "同じ要求を繰り返します。ときどき切れる回線と、まったく応答しないサービスを見分けられます。",
        ),
    ),
    control(
        "D13",
        Text::new(
            "The same request over HTTP/1.1. It shows whether only HTTP/2 breaks.",
            "同じ要求を HTTP/1.1 で送ります。HTTP/2 だけの問題かどうかを確認できます。",
        ),
    ),
    control(
        "D14",
        Text::new(
            "An address that cannot exist, and the root of the API. They tell a wrong path from a wrong host.",
            "存在しないはずのアドレスと API の最上位に要求を送ります。パスの誤りとホストの誤りを見分けられます。",
        ),
    ),
    control(
        "D16",
        Text::new(
            "The credential at another place that the connector declares, such as the query in place of a header.",
            "コネクターが定める別の場所（ヘッダーの代わりにクエリなど）で認証情報を送ります。",
        ),
    ),
];
