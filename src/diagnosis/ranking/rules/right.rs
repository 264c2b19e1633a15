//! Rights and limits: what the credential may not do, and who else uses up its calls.

use super::{Against, Excludes, Is, No, Rule, Strong, Weak, Yes, rule};

const RESOURCE: &str = "CONN-PERM-RESOURCE";

pub(super) static RULES: &[Rule] = &[
    rule(
        RESOURCE,
        Strong,
        &[("http.status", Is(&["403"])), ("d3.granted", Yes)],
        "another request ({d3.right}) works with the same credential (HTTP {d3.status})",
        "同じ認証情報で別の要求（{d3.right}）は成功します（HTTP {d3.status}）",
    ),
    rule(
        RESOURCE,
        Against,
        &[("d3.granted", No)],
        "another request ({d3.right}) is refused as well (HTTP {d3.status})",
        "別の要求（{d3.right}）も拒否されます（HTTP {d3.status}）",
    ),
    rule(
        "CONN-AUTH-KEY-UNKNOWN",
        Excludes,
        &[("http.status", Is(&["403"])), ("d3.granted", Yes)],
        "another request ({d3.right}) works with the same credential",
        "同じ認証情報で別の要求（{d3.right}）は成功します",
    ),
    rule(
        "CONN-AUTH-KEY-ROTATED",
        Excludes,
        &[("http.status", Is(&["403"])), ("d3.granted", Yes)],
        "another request ({d3.right}) works with the same credential",
        "同じ認証情報で別の要求（{d3.right}）は成功します",
    ),
    rule(
        "CONN-AUTH-USER-DISABLED",
        Excludes,
        &[("http.status", Is(&["403"])), ("d3.granted", Yes)],
        "another request ({d3.right}) works with the same credential",
        "同じ認証情報で別の要求（{d3.right}）は成功します",
    ),
    rule(
        "CONN-AUTH-IP",
        Excludes,
        &[("http.status", Is(&["403"])), ("d3.granted", Yes)],
        "another request ({d3.right}) works with the same credential",
        "同じ認証情報で別の要求（{d3.right}）は成功します",
    ),
    rule(
        "CONN-PERM-SCOPE",
        Strong,
        &[("grant.lacks", Yes)],
        "not granted at consent: {grant.lacking}",
        "同意の際に許可されなかったスコープ: {grant.lacking}",
    ),
    rule(
        "CONN-PERM-PLAN",
        Weak,
        &[("says.plan", Yes)],
        "the service's words speak of the plan",
        "サービスの文言は、契約プランに触れています",
    ),
    rule(
        "CONN-PERM-API-DISABLED",
        Weak,
        &[("says.api_off", Yes)],
        "the service's words say that its API is switched off",
        "サービスの文言は、API が無効であることを示唆しています",
    ),
    rule(
        "CONN-AUTH-IP",
        Strong,
        &[("d1.same", Yes), ("d2.same", Yes), ("says.address", Yes)],
        "the refusal is the same with the key, with a made-up one and with none",
        "正しいキー、架空のキー、キーなしのいずれでも同じ拒否です",
    ),
];
