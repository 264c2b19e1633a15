//! `conn explain`: what a code or a word on a screen means and what to do about it, offline.

use clap::Args;
use jiff::tz::TimeZone;

use super::help::say;
use super::{Context, vendor};
use crate::base::typed::narrow;
use crate::base::{Text, Timestamp, safe_text, suggest};
use crate::cause::term::{self, Term};
use crate::cause::{self, Cause, ExitClass};
use crate::config::Format;
use crate::operation::Failure;
use crate::output::{self, Page, explanation};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The code or number.
    #[arg(value_name = "CODE|NUMBER", required_unless_present_any = ["list", "area"], help = say("Code or number from a finding, for example AUTH-DC or 5009, a code of a service: twilio:20003, or a word on a screen: pending", "表示されたコードまたは番号（例: AUTH-DC、5009）、サービスのエラーコード（例: twilio:20003）、画面の用語（例: 未接続）"))]
    code: Option<String>,
    /// All codes.
    #[arg(long, conflicts_with = "code", help = say("List all codes", "すべてのコードを一覧表示します"))]
    list: bool,
    /// One area.
    #[arg(long, value_name = "AREA", conflicts_with = "code", help = say("List the codes of one area, for example AUTH", "1 つの分野（例: AUTH）のコードだけを一覧表示します"))]
    area: Option<String>,
    /// As Markdown.
    #[arg(long, help = say("Write Markdown", "Markdown で出力します"))]
    markdown: bool,
}

/// Shows a word, one cause or the list of causes.
///
/// # Errors
/// When nothing has this code; names the nearest one.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let language = context.language();
    let code = arguments.code.as_ref().map(|code| code.chars().map(narrow).collect::<String>());
    let named = code.as_deref().filter(|code| is_area(code));
    let area = arguments.area.as_deref().or(named);
    let asked = code.as_deref().filter(|_| area.is_none());
    if let Some(term) = asked.and_then(term::find) {
        context.print(&word(term, arguments.markdown, context));
        return Ok(ExitClass::Healthy);
    }
    let meaning = asked.and_then(|asked| vendor::look_up(context, asked)).transpose()?;
    let single = match (&meaning, asked) {
        (Some(meaning), _) => Some(meaning.cause),
        (None, Some(asked)) => Some(one(asked)?),
        (None, None) => None,
    };
    let causes = match single {
        Some(cause) => vec![cause],
        None => several(area)?,
    };
    let object = |cause| match &meaning {
        Some(meaning) => meaning.object(language),
        None => explanation::object(cause, language),
    };
    let text = match (context.settings.format, single) {
        (Format::Md, _) => explanation::markdown(&causes, language),
        _ if arguments.markdown => explanation::markdown(&causes, language),
        (Format::Json, Some(cause)) => format!("{:#}\n", object(cause)),
        (Format::Json, None) => format!("{:#}\n", explanation::objects(&causes, language)),
        (Format::Jsonl, _) => causes.iter().map(|cause| object(cause).to_string() + "\n").collect(),
        (_, Some(cause)) => {
            let beside = meaning.as_ref().map_or_else(|| vendor::beside(cause), vendor::Meaning::beside);
            explanation::human(cause, &beside, &page(context))
        }
        (_, None) => explanation::list(&causes, &page(context)),
    };
    context.print(&text);
    Ok(ExitClass::Healthy)
}

fn word(term: &Term, markdown: bool, context: &Context) -> String {
    let language = context.language();
    match context.settings.format {
        Format::Md => output::term::markdown(term, language),
        _ if markdown => output::term::markdown(term, language),
        Format::Json => format!("{:#}\n", output::term::object(term, language)),
        Format::Jsonl => format!("{}\n", output::term::object(term, language)),
        _ => output::term::human(term, &page(context)),
    }
}

/// No time is shown, so none is asked for.
fn page(context: &Context) -> Page {
    Page {
        language: context.language(),
        zone: TimeZone::UTC,
        width: context.settings.width,
        colour: context.settings.colour,
        ascii: context.settings.ascii,
        ..Page::plain(Timestamp::UNIX_EPOCH)
    }
}

fn one(asked: &str) -> Result<&'static Cause, Failure> {
    cause::find(asked).ok_or_else(|| {
        let word = asked.trim().to_ascii_uppercase();
        let short = word.strip_prefix("CONN-").unwrap_or(&word);
        let codes = cause::all().map(|cause| cause.code.trim_start_matches("CONN-"));
        let nearest = suggest::nearest(short, codes);
        unknown(asked, nearest.or_else(|| suggest::nearest(&asked.trim().to_lowercase(), term::names())))
    })
}

fn is_area(asked: &str) -> bool {
    cause::all().any(|cause| cause::area(cause.code).eq_ignore_ascii_case(asked.trim()))
}

fn several(area: Option<&str>) -> Result<Vec<&'static Cause>, Failure> {
    let Some(asked) = area else { return Ok(cause::all().collect()) };
    let found: Vec<_> =
        cause::all().filter(|cause| cause::area(cause.code).eq_ignore_ascii_case(asked.trim())).collect();
    if found.is_empty() {
        return Err(unknown(
            asked,
            suggest::nearest(asked, cause::all().map(|cause| cause::area(cause.code))),
        ));
    }
    Ok(found)
}

fn unknown(asked: &str, nearest: Option<&str>) -> Failure {
    const WRONG: Text = Text::new(
        "conn knows no code, number, area or word {asked}.",
        "{asked} というコード・番号・分野・用語はありません。",
    );
    const NEAREST: Text = Text::new("Did you mean {nearest}?", "{nearest} のことですか。");
    const LIST: Text = Text::new(
        "conn explain --list shows all codes.",
        "conn explain --list ですべてのコードを確認できます。",
    );
    const STATUS: Text = Text::new(
        "{asked} is a status of HTTP, which has many causes; conn judges the whole answer: conn diagnose NAME --status {asked}",
        "{asked} は HTTP のステータスで、原因は 1 つではありません。応答を判断するには: conn diagnose NAME --status {asked}",
    );
    let asked = safe_text::line(asked, 60);
    let is_status = asked.len() == 3 && asked.parse::<u16>().is_ok_and(|status| (100..600).contains(&status));
    let hint = match nearest {
        _ if is_status => STATUS.fill(&[("asked", &asked)]),
        Some(nearest) => NEAREST.fill(&[("nearest", nearest)]),
        None => LIST.into(),
    };
    Failure::usage(WRONG.fill(&[("asked", &asked)]), Some(hint))
}

#[cfg(test)]
mod tests {
    use super::{one, several};
    use crate::base::Language;
    use crate::cause::term::{self, Group};
    use crate::diagnosis::experiment::Question;

    #[test]
    fn each_control_experiment_is_explained_by_its_number() {
        let of = String::new;
        for question in [
            Question::NoCredential,
            Question::UnknownPath,
            Question::Root,
            Question::SecondCall,
            Question::Right(of()),
            Question::Sibling(of()),
            Question::OtherPlace(of()),
            Question::MadeUpKey,
            Question::Repeat(1),
            Question::OlderProtocol,
        ] {
            let term = term::find(&question.id().to_lowercase()).unwrap();
            assert_eq!((term.code, term.group), (question.id(), Group::Control));
        }
    }

    #[test]
    fn an_unknown_code_is_answered_with_the_nearest_one() {
        let cases = [
            ("AUTH-KEY-ROTATE", "AUTH-KEY-ROTATED"),
            ("conn-dns-nxdomian", "DNS-NXDOMAIN"),
            ("pendng", "pending"),
        ];
        for (asked, nearest) in cases {
            let failure = one(asked).unwrap_err();
            assert_eq!(failure.exit().code(), 2);
            assert!(failure.describe(Language::En).contains(nearest), "{asked}");
            assert!(failure.describe(Language::Ja).contains(nearest), "{asked}");
        }
        assert!(one("quite-something-else").unwrap_err().describe(Language::En).contains("--list"));
    }

    #[test]
    fn an_area_is_named_in_any_case() {
        assert!(several(Some("auth")).unwrap().iter().all(|cause| cause.code.starts_with("CONN-AUTH-")));
        assert!(several(Some("AUHT")).unwrap_err().describe(Language::En).contains("AUTH"));
    }
}
