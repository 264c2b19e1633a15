//! The way to services as this machine is set up: proxy, trust store, clock. Sends nothing.

use super::Check;
use crate::base::{Text, Timestamp, Variables, safe_text};
use crate::diagnosis::fact::Roots;
use crate::operation::World;

/// Variables that some programs read in capitals and some in small letters.
const TWINS: [(&str, &str); 3] =
    [("HTTPS_PROXY", "https_proxy"), ("ALL_PROXY", "all_proxy"), ("NO_PROXY", "no_proxy")];
/// A moment before which no clock is right.
const EARLIEST: &str = "2026-01-01T00:00:00Z";

pub(super) fn checks(world: &dyn World) -> Vec<Check> {
    let variables = &world.process().variables;
    let mut checks = vec![proxy(world)];
    checks.extend(twins(variables));
    checks.extend(exceptions(variables));
    checks.push(trust(world));
    checks.extend(clock(world));
    checks
}

fn proxy(world: &dyn World) -> Check {
    const ID: &str = "network.proxy";
    let variables = &world.process().variables;
    match world.surroundings().proxy() {
        Ok(Some(proxy)) => {
            let text =
                Text::new("Proxy: {address} (from {source})", "プロキシ: {address}（{source} で指定）");
            Check::fine(ID, text.fill(&[("address", &proxy.address), ("source", proxy.source)]))
        }
        Ok(None) => {
            let plain = ["HTTP_PROXY", "http_proxy"].into_iter().find(|name| variables.get(name).is_some());
            match plain {
                None => Check::fine(ID, Text::new("Proxy: none", "プロキシ: なし")),
                Some(name) => Check::warning(
                    ID,
                    Text::new(
                        "Proxy: none. {name} is set, but it is for plain http, which conn does not send",
                        "プロキシ: なし。{name} が設定されていますが、conn は平文の http を使わないため無視します",
                    )
                    .fill(&[("name", name)]),
                )
                .then(Text::new(
                    "If your network needs a proxy, set HTTPS_PROXY or use --proxy.",
                    "プロキシが必要なネットワークでは、HTTPS_PROXY か --proxy で指定してください。",
                )),
            }
        }
        Err(source) => {
            let text = Text::new(
                "Proxy: the value of {source} is no proxy address",
                "プロキシ: {source} の値はプロキシのアドレスではありません",
            );
            Check::failed(ID, text.fill(&[("source", source)])).then(Text::new(
                "Write it as http://HOST:PORT; socks5h://HOST:PORT works too.",
                "http://HOST:PORT の形式で指定してください（socks5h://HOST:PORT も使えます）。",
            ))
        }
    }
}

/// The same variable in capitals and small letters with different values.
fn twins(variables: &Variables) -> Vec<Check> {
    let differ = TWINS.into_iter().filter(|(upper, lower)| {
        matches!((variables.get(upper), variables.get(lower)), (Some(one), Some(other)) if one != other)
    });
    let check = |(upper, lower): (&str, &str)| {
        let values = [("upper", upper), ("lower", lower)];
        Check::warning(
            "network.variables",
            Text::new(
                "{upper} and {lower} say different things; conn takes {upper}",
                "{upper} と {lower} の値が異なります。conn は {upper} を使います",
            )
            .fill(&values),
        )
        .then(
            Text::new(
                "Give both the same value, or unset {lower}.",
                "両方を同じ値にするか、{lower} を削除してください。",
            )
            .fill(&values),
        )
    };
    differ.map(check).collect()
}

fn exceptions(variables: &Variables) -> Option<Check> {
    let (name, list) =
        ["NO_PROXY", "no_proxy"].into_iter().find_map(|name| variables.get(name).map(|list| (name, list)))?;
    let shown = safe_text::line(list, 120);
    let text = Text::new(
        "Hosts without proxy: {list} (from {name})",
        "プロキシを使わないホスト: {list}（{name} で指定）",
    );
    // An address with a user in it has no place in this list, but people put it there.
    let shown = if shown.contains('@') { "…".to_owned() } else { shown };
    Some(Check::fine("network.no_proxy", text.fill(&[("list", &shown), ("name", name)])))
}

fn trust(world: &dyn World) -> Check {
    const ID: &str = "network.trust";
    let seen = match world.surroundings().trust() {
        Ok(seen) => seen,
        Err(reason) => {
            let text = Text::new(
                "Certificate authorities cannot be loaded: {reason}",
                "認証局の証明書を読み込めません: {reason}",
            );
            return Check::failed(ID, text.fill_phrases(&[("reason", reason)])).then(Text::new(
                "Correct or unset SSL_CERT_FILE; it names one file of certificates in PEM form.",
                "SSL_CERT_FILE を修正するか削除してください。PEM 形式の証明書ファイルを指定する変数です。",
            ));
        }
    };
    let count = seen.count.map(|count| count.to_string()).unwrap_or_default();
    let text = match &seen.roots {
        Roots::System => {
            Text::new("Certificate authorities: those of the system", "認証局: システムの設定を使います")
        }
        Roots::File(_) => Text::new(
            "Certificate authorities: {count} from {file} (SSL_CERT_FILE), no others",
            "認証局: {file}（SSL_CERT_FILE）の{count}件のみ",
        ),
        Roots::Bundled => Text::new(
            "Certificate authorities: {count} that come with conn; the system has none",
            "認証局: conn に付属の{count}件（システムに証明書がないため）",
        ),
    };
    let file = if let Roots::File(file) = &seen.roots { file.as_str() } else { "" };
    let what = text.fill(&[("count", &count), ("file", file)]);
    if seen.roots == Roots::Bundled {
        return Check::warning(ID, what).then(Text::new(
            "Install the system's list, for example the package ca-certificates.",
            "ca-certificates などのパッケージで、システムの証明書をインストールしてください。",
        ));
    }
    Check::fine(ID, what)
}

fn clock(world: &dyn World) -> Vec<Check> {
    let (now, zone) = (world.clock().now(), world.clock().zone());
    let shown = crate::base::time::local(now, &zone);
    let name = zone.iana_name().unwrap_or("UTC").to_owned();
    let values = [("now", &*shown), ("zone", &*name)];
    let text = Text::new("Clock: {now} ({zone})", "時計: {now}（{zone}）");
    let early = EARLIEST.parse::<Timestamp>().is_ok_and(|earliest| now < earliest);
    let clock = if early {
        Check::warning("clock.now", text.fill(&values)).then(Text::new(
            "This lies before conn was made. Set the clock; certificates and signed requests depend on it.",
            "conn の作成より前の時刻です。時計を合わせてください（証明書の検証や署名に影響します）。",
        ))
    } else {
        Check::fine("clock.now", text.fill(&values))
    };
    let mut checks = vec![clock];
    let variables = &world.process().variables;
    if let Some(wish) = variables.get("CONN_NOW") {
        checks.push(fixed(wish));
    }
    if let Some(wish) = variables.get("TZ").filter(|wish| !is_zone(wish)) {
        let text = Text::new(
            "TZ names no time zone that is known here ({zone})",
            "TZ の値は不明なタイムゾーンです（{zone}）",
        );
        let what = text.fill(&[("zone", &safe_text::line(wish, 40))]);
        checks.push(Check::warning("clock.zone", what).then(Text::new(
            "Use a name such as Asia/Tokyo.",
            "Asia/Tokyo のような名前を指定してください。",
        )));
    }
    checks
}

fn is_zone(wish: &str) -> bool {
    jiff::tz::TimeZone::get(wish.trim_start_matches(':')).is_ok()
}

fn fixed(wish: &str) -> Check {
    let text = if wish.parse::<Timestamp>().is_ok() {
        Text::new(
            "CONN_NOW holds the clock still; ages and expiry dates follow it",
            "CONN_NOW で時刻が固定されています（経過時間や期限の計算にも使われます）",
        )
    } else {
        Text::new("CONN_NOW is no moment and is ignored", "CONN_NOW の値は日時ではないため無視します")
    };
    Check::warning("clock.fixed", text)
        .then(Text::new("Unset CONN_NOW outside of tests.", "テスト以外では CONN_NOW を削除してください。"))
}

#[cfg(test)]
mod tests {
    use super::{Check, exceptions, fixed, twins};
    use crate::base::{Language, Variables};

    fn variables(pairs: &[(&str, &str)]) -> Variables {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn two_spellings_of_a_variable_are_compared_and_no_value_of_a_proxy_is_shown() {
        let found = twins(&variables(&[
            ("HTTPS_PROXY", "http://u:hunter2@a.test"),
            ("https_proxy", "http://b.test"),
            ("NO_PROXY", "x"),
            ("no_proxy", "x"),
            ("ALL_PROXY", "http://c.test"),
        ]));
        // Windows has one variable for both spellings.
        assert_eq!(found.len(), usize::from(cfg!(not(windows))));
        let starts = |check: &Check| check.what.get(Language::En).starts_with("HTTPS_PROXY and https_proxy");
        assert!(found.iter().all(starts));
        assert!(!format!("{found:?}").contains("hunter2"));
        let list = exceptions(&variables(&[("no_proxy", "u:hunter2@host")])).unwrap();
        assert!(!format!("{list:?}").contains("hunter2"));
    }

    #[test]
    fn a_clock_held_still_is_told() {
        assert!(fixed("2026-11-21T00:00:00Z").what.en.contains("still"));
        assert!(fixed("noon").what.en.contains("ignored"));
    }
}
