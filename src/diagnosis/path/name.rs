//! Names: who said what, and whether the name led astray.

use std::net::IpAddr;

use super::super::fact::{DnsFault, Stage};
use super::super::finding::{Confidence, Finding};
use super::super::stage::{Asked, NameLook, Over};
use super::broken::{SYSTEM, certain, proves};
use crate::base::{Phrase, Text, is_loopback, safe_text};
use crate::cause;
use crate::model::Strength;

/// The cause of a name without an address.
pub(super) fn judge(fault: &DnsFault, host: &str, servers: &[String], look: Option<&NameLook>) -> Finding {
    let asked = look.map(|look| look.asked.as_slice()).unwrap_or_default();
    let finding = if disagree(asked) {
        certain("CONN-DNS-SPLIT")
    } else {
        match (fault, look.and_then(|look| look.alias.as_ref())) {
            (DnsFault::NoSuchName | DnsFault::NoAddress, Some(target)) => dangling(host, target),
            (DnsFault::Timeout, _) => silent(host, servers, asked),
            (DnsFault::Other(_), _) if unreachable(asked) => silent(host, servers, asked),
            _ => plain(fault, host),
        }
    };
    let finding = asked.iter().filter(|asked| asked.over == Over::Udp).fold(finding, |finding, asked| {
        let shown = evidence(asked);
        finding.because(Strength::Strong, shown)
    });
    let finding = look.into_iter().fold(finding, |finding, look| surroundings(finding, fault, host, look));
    finding.value("server", servers.join(", "))
}

/// A name that led to an address where the service is not: a filter, the hosts file, another side of a split
/// horizon, a search domain. Only asked where something broke further up.
pub(super) fn misled(
    host: &str,
    addresses: &[String],
    look: Option<&NameLook>,
    broken: Stage,
) -> Option<Finding> {
    const NOBODY: Text = Text::new(
        "the name leads to {address}, which is nobody's",
        "名前の解決結果が {address}（存在しない宛先）です",
    );
    if !addresses.is_empty() && addresses.iter().all(|address| is_sinkhole(address, host, broken)) {
        let shown = addresses.join(", ");
        return Some(proves(certain("CONN-DNS-SINKHOLE"), NOBODY.fill(&[("address", &shown)])));
    }
    let look = look?;
    overridden(host, look).or_else(|| two_sides(look)).or_else(|| searched(host, addresses, look))
}

const SAYS: Text =
    Text::new("the name server answers {word} for {host}", "ネームサーバーの {host} への応答は {word} です");

fn plain(fault: &DnsFault, host: &str) -> Finding {
    let code = match fault {
        DnsFault::NoSuchName => "CONN-DNS-NXDOMAIN",
        DnsFault::NoAddress => "CONN-DNS-NODATA",
        DnsFault::ServerFailure => "CONN-DNS-SERVFAIL",
        DnsFault::Refused => "CONN-DNS-REFUSED",
        DnsFault::NoServer => return certain("CONN-DNS-NO-RESOLVER"),
        DnsFault::Timeout => "CONN-DNS-TIMEOUT",
        DnsFault::Other(words) => {
            let said = safe_text::line(words, 120);
            let finding = Finding::new(cause::get("CONN-DNS-NXDOMAIN"), Confidence::Likely);
            return finding.because(Strength::Strong, SYSTEM.fill(&[("words", &said)]));
        }
    };
    proves(certain(code), SAYS.fill(&[("word", word(fault)), ("host", host)]))
}

const fn word(fault: &DnsFault) -> &'static str {
    match fault {
        DnsFault::NoSuchName => "NXDOMAIN",
        DnsFault::NoAddress => "NODATA",
        DnsFault::ServerFailure => "SERVFAIL",
        DnsFault::Refused => "REFUSED",
        DnsFault::Timeout => "TIMEOUT",
        DnsFault::NoServer | DnsFault::Other(_) => "ERROR",
    }
}

fn evidence(asked: &Asked) -> Phrase {
    const GAVE: Text = Text::new("{server} answers {word}", "{server} の応答: {word}");
    const SILENT: Text = Text::new("{server} does not answer", "{server} は応答しません");
    let given = asked.addresses.join(", ");
    match &asked.fault {
        Some(DnsFault::Timeout) => SILENT.fill(&[("server", &asked.server)]),
        Some(fault) => GAVE.fill(&[("server", &asked.server), ("word", word(fault))]),
        None => GAVE.fill(&[("server", &asked.server), ("word", &given)]),
    }
}

fn dangling(host: &str, target: &str) -> Finding {
    const POINTS: Text = Text::new(
        "{host} is an alias for {target}, and {target} does not exist",
        "{host} は {target} の別名（CNAME）ですが、{target} は存在しません",
    );
    let target = safe_text::line(target, 120);
    let finding = certain("CONN-DNS-CNAME-DANGLING").value("target", target.clone());
    proves(finding, POINTS.fill(&[("host", host), ("target", &target)]))
}

/// No answer: which servers, and whether they answer over TCP.
fn silent(host: &str, servers: &[String], asked: &[Asked]) -> Finding {
    const NOBODY: Text = Text::new(
        "no name server answered for {host} in time ({servers})",
        "{host} について、時間内に応答したネームサーバーがありません（{servers}）",
    );
    const TCP: Text = Text::new(
        "{server} answers over TCP: UDP port 53 is blocked on the way",
        "{server} は TCP では応答します。経路上で UDP ポート 53 が遮断されています",
    );
    let finding =
        proves(certain("CONN-DNS-TIMEOUT"), NOBODY.fill(&[("host", host), ("servers", &servers.join(", "))]));
    let answers = asked.iter().filter(|asked| asked.over == Over::Tcp && asked.fault.is_none());
    answers.fold(finding, |finding, asked| {
        finding.because(Strength::Strong, TCP.fill(&[("server", &asked.server)]))
    })
}

/// What helps with a name that is not there: a similar one, the domains that were appended.
fn surroundings(finding: Finding, fault: &DnsFault, host: &str, look: &NameLook) -> Finding {
    const NEAR: Text = Text::new(
        "A host that conn knows looks almost the same: {near}",
        "よく似たホスト名があります: {near}",
    );
    const SEARCHED: Text = Text::new(
        "the name has no dot; this machine appends {domains}",
        "名前にドットがないため、この端末は {domains} を補って検索します",
    );
    let mut finding = finding;
    if let (Some(near), DnsFault::NoSuchName | DnsFault::NoAddress) = (&look.near, fault) {
        finding.note = Some(NEAR.fill(&[("near", near)]));
        finding = finding.value("near", near.clone());
    }
    if !host.contains('.') && !look.search.is_empty() {
        finding = finding.because(Strength::Weak, SEARCHED.fill(&[("domains", &look.search.join(", "))]));
    }
    finding
}

/// Whether one server knows the name and another says that it does not exist.
fn disagree(asked: &[Asked]) -> bool {
    let knows = asked.iter().any(|asked| asked.fault.is_none());
    knows && asked.iter().any(|asked| matches!(asked.fault, Some(DnsFault::NoSuchName | DnsFault::NoAddress)))
}

/// Whether no server could be asked at all.
fn unreachable(asked: &[Asked]) -> bool {
    let mut udp = asked.iter().filter(|asked| asked.over == Over::Udp).peekable();
    udp.peek().is_some()
        && udp.all(|asked| matches!(asked.fault, Some(DnsFault::Timeout | DnsFault::Other(_))))
}

/// Addresses at which filters of names let requests end.
const BLOCK_PAGES: [&str; 7] = [
    // Cisco Umbrella.
    "146.112.61.104",
    "146.112.61.105",
    "146.112.61.106",
    "146.112.61.107",
    "146.112.61.108",
    "146.112.61.109",
    "146.112.61.110",
];

fn is_sinkhole(address: &str, host: &str, broken: Stage) -> bool {
    let Ok(ip) = address.parse::<IpAddr>() else { return false };
    // Something of this machine's own may well be meant, where it answers.
    let own = ip.is_loopback() && broken == Stage::Connect && !is_loopback(host);
    ip.is_unspecified() || own || BLOCK_PAGES.contains(&address)
}

fn overridden(host: &str, look: &NameLook) -> Option<Finding> {
    const LINE: Text = Text::new(
        "line {line} of {file} says {host} is {address}; the name servers say {others}",
        "{file} の {line} 行目では {host} は {address} ですが、ネームサーバーの応答は {others} です",
    );
    let line = look.hosts.as_ref()?;
    let others: Vec<&str> =
        look.asked.iter().flat_map(|asked| asked.addresses.iter().map(String::as_str)).collect();
    if others.is_empty() || others.contains(&line.address.as_str()) {
        return None;
    }
    let (number, shown) = (line.line.to_string(), distinct(&others));
    let values = [
        ("line", number.as_str()),
        ("file", &line.file),
        ("host", host),
        ("address", &line.address),
        ("others", &shown),
    ];
    let finding =
        Finding::new(cause::get("CONN-DNS-HOSTS-OVERRIDE"), Confidence::Likely).value("line", number.clone());
    Some(finding.because(Strength::Strong, LINE.fill(&values)))
}

fn distinct(addresses: &[&str]) -> String {
    let mut found: Vec<&str> = Vec::new();
    for address in addresses {
        if !found.contains(address) {
            found.push(address);
        }
    }
    found.join(", ")
}

/// Inside and outside: one server gives a private address, another a public one, or none at all.
fn two_sides(look: &NameLook) -> Option<Finding> {
    let udp: Vec<&Asked> = look.asked.iter().filter(|asked| asked.over == Over::Udp).collect();
    let inside = |asked: &&&Asked| asked.addresses.iter().any(|address| is_private(address));
    let outside = |asked: &&&Asked| !asked.addresses.is_empty() && !inside(asked);
    let split = udp.iter().any(|asked| inside(&asked)) && udp.iter().any(|asked| outside(&asked));
    if !split && !udp.iter().any(|_| disagree(&look.asked)) {
        return None;
    }
    let finding = Finding::new(cause::get("CONN-DNS-SPLIT"), Confidence::Likely);
    Some(udp.iter().fold(finding, |finding, asked| finding.because(Strength::Strong, evidence(asked))))
}

fn is_private(address: &str) -> bool {
    match address.parse() {
        Ok(IpAddr::V4(four)) => four.is_private() || four.is_loopback() || four.is_link_local(),
        Ok(IpAddr::V6(six)) => six.is_unique_local() || six.is_loopback(),
        Err(_) => false,
    }
}

/// The name does not exist as it is written, and a search domain answered in its place.
fn searched(host: &str, addresses: &[String], look: &NameLook) -> Option<Finding> {
    const INSTEAD: Text = Text::new(
        "{host} does not exist; {address} is what a search domain of this machine ({domains}) answers",
        "{host} は存在しません。{address} は、この端末の検索ドメイン（{domains}）による応答です",
    );
    let mut udp = look.asked.iter().filter(|asked| asked.over == Over::Udp).peekable();
    udp.peek()?;
    let nowhere = udp.all(|asked| asked.fault == Some(DnsFault::NoSuchName));
    if !nowhere || look.hosts.is_some() || look.search.is_empty() {
        return None;
    }
    let values = [("host", host), ("address", &addresses.join(", ")), ("domains", &look.search.join(", "))];
    let finding = Finding::new(cause::get("CONN-DNS-NXDOMAIN"), Confidence::Likely);
    Some(finding.because(Strength::Strong, INSTEAD.fill(&values)))
}
