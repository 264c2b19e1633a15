//! `conn diagnose --bundle`: everything that somebody else needs to judge a failure, and nothing that is nobody's
//! business. Allowed things only, then scrubbed, then read again: an archive in which a known secret is found is
//! never written.

mod archive;
mod parts;
mod reduce;
mod scrub;

pub use archive::{FACTS, replay};
pub use reduce::Bodies;

use crate::base::{Text, Timestamp};
use crate::diagnosis::{Entry, Facts, Report};
use crate::model::Connector;
use crate::model::connection::ConnectionKind;
use crate::operation::prepare::prepare;
use crate::operation::{Failure, World, check, conclude};
use scrub::Scrub;

/// One file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name in the archive.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What a bundle is made of, before the report is written into it.
pub struct Gathered {
    /// What the facts as handed on are judged to be.
    pub report: Report,
    /// The files, scrubbed.
    parts: Vec<Part>,
    scrub: Scrub,
    bodies: Bodies,
    same: bool,
    at: Timestamp,
}

/// The files of a bundle that are not the report: facts and what surrounds them.
///
/// # Errors
/// When the connection does not exist, or a store fails.
pub fn gather(
    world: &dyn World,
    link_name: &str,
    environment: Option<&str>,
    report: &Report,
    facts: &Facts,
    whole: bool,
) -> Result<Gathered, Failure> {
    let prepared = prepare(world, link_name, environment)?;
    let loaded = check::load(world, prepared)?;
    let connector = &loaded.prepared.connector;
    let before = report.entries.first();
    let scrub = Scrub::new(world.process(), &people(facts, before, connector));
    let wanted = if whole { vec![Bodies::Whole] } else { vec![Bodies::Shape, Bodies::Words] };
    let mut made = None;
    for bodies in wanted {
        let (text, reduced) = handed_on(facts, connector, bodies, &scrub)?;
        let entry = judged(connector, &reduced, before);
        let same = before.is_none_or(|before| codes(before) == codes(&entry));
        made = Some((text, reduced, entry, bodies, same));
        if same {
            break;
        }
    }
    let Some((text, reduced, entry, bodies, same)) = made else {
        return Err(Failure::cause("CONN-SELF-BUG", &[]));
    };
    let mut parts = vec![Part { name: FACTS.to_owned(), text }];
    let further = parts::all(world, &loaded, facts, &reduced)?;
    parts.extend(further.into_iter().map(|part| scrubbed(part, &scrub)));
    let report = Report { entries: vec![entry], ..report.clone() };
    Ok(Gathered { report, parts, scrub, bodies, same, at: facts.at })
}

/// The names that the service gave, with what stands for each.
fn people(facts: &Facts, before: Option<&Entry>, connector: &Connector) -> Vec<(String, String)> {
    let now = before.and_then(|entry| entry.identity.as_ref());
    let known = [
        (facts.history.account.as_ref(), "<account>"),
        (now.and_then(|identity| identity.account.as_ref()), "<account>"),
        (facts.history.organisation.as_ref(), "<organisation>"),
        (now.and_then(|identity| identity.organisation.as_ref()), "<organisation>"),
    ];
    let mut people: Vec<(String, String)> = Vec::new();
    for (name, word) in known {
        let Some(name) = name.filter(|name| people.iter().all(|(known, _)| known != *name)) else { continue };
        let again = people.iter().any(|(_, used)| used == word);
        let word = if again { word.replace('>', " 2>") } else { word.to_owned() };
        people.push((name.clone(), word));
    }
    for name in reduce::names(facts, connector) {
        if people.iter().all(|(known, _)| *known != name) {
            people.push((name, "<account>".to_owned()));
        }
    }
    people
}

/// The facts as one line of text, and what a reader makes of that line.
fn handed_on(
    facts: &Facts,
    connector: &Connector,
    bodies: Bodies,
    scrub: &Scrub,
) -> Result<(String, Facts), Failure> {
    let mut reduced = reduce::reduced(facts, connector, bodies, scrub);
    let pem = reduce::take_certificates(&mut reduced);
    let text = serde_json::to_string(&reduced).unwrap_or_default();
    let text = scrub.text(&text);
    let mut again: Facts = serde_json::from_str(&text)
        .map_err(|_| Failure::cause("CONN-SELF-BUG", &[]).because(UNREADABLE.into()))?;
    reduce::put_certificates(&mut again, &pem, |pem| scrub.certificates(pem));
    let text = serde_json::to_string(&again).unwrap_or_default() + "\n";
    Ok((text, again))
}

const UNREADABLE: Text = Text::new(
    "after what is secret was taken out, the facts could not be read any more; nothing was written",
    "秘密の値を取り除いた後の観測データが読み取れなくなったため、何も書き込んでいません",
);

/// The facts of a run as they may be written down.
///
/// # Errors
/// When they could not be read any more without what is secret.
pub fn handed_on_of(
    world: &dyn World,
    facts: &Facts,
    connector: &Connector,
    bodies: Bodies,
    entry: Option<&Entry>,
) -> Result<Facts, Failure> {
    let scrub = Scrub::new(world.process(), &people(facts, entry, connector));
    handed_on(facts, connector, bodies, &scrub).map(|(_, reduced)| reduced)
}

fn judged(connector: &Connector, facts: &Facts, before: Option<&Entry>) -> Entry {
    let entry =
        conclude::entry(connector, ConnectionKind::default(), facts, before.map_or(0.0, |entry| entry.ms));
    match before {
        Some(before) => {
            Entry { state: before.state, verdict: before.verdict, requests: before.requests, ..entry }
        }
        None => entry,
    }
}

fn codes(entry: &Entry) -> Vec<&'static str> {
    entry.findings.iter().map(|finding| finding.cause.code).collect()
}

fn scrubbed(part: Part, scrub: &Scrub) -> Part {
    let text =
        if part.name == parts::CHAIN { scrub.certificates(&part.text) } else { scrub.text(&part.text) };
    Part { text, ..part }
}

impl Gathered {
    /// All files of the bundle, the manifest first; `written` are the reports.
    #[must_use]
    pub fn parts(&self, written: Vec<Part>) -> Vec<Part> {
        let written = written.into_iter().map(|part| scrubbed(part, &self.scrub));
        let mut parts: Vec<Part> = written.chain(self.parts.iter().cloned()).collect();
        parts.insert(0, archive::manifest(&parts, self.at, self.bodies, self.same));
        parts
    }

    /// The archive.
    ///
    /// # Errors
    /// When a known secret is found in the finished archive.
    pub fn archive(&self, parts: &[Part]) -> Result<Vec<u8>, Failure> {
        let bytes = archive::write(parts).map_err(|_| Failure::cause("CONN-SELF-BUG", &[]))?;
        archive::inspect(&bytes, |bytes| self.scrub.finds(bytes))?;
        // Whoever gets it must be able to judge it.
        match replay(&bytes) {
            Some(Ok(_)) => Ok(bytes),
            _ => Err(Failure::cause("CONN-SELF-BUG", &[]).because(UNREADABLE.into())),
        }
    }
}
