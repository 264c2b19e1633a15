//! A text that can be sent to the support of a service as it stands: what was asked, what came, what was ruled out.

use std::fmt::Write as _;

use super::Page;
use super::words::{self, safe};
use crate::base::{Text, time};
use crate::diagnosis::{Entry, Finding, Report, Stage, StageStatus};

/// The text for the first connection that failed; nothing where none did.
#[must_use]
pub fn render(report: &Report, page: &Page) -> String {
    let failed = report.entries.iter().find_map(|entry| Some((entry, entry.root()?)));
    failed.map_or_else(String::new, |(entry, finding)| page.finish(text(report, entry, finding, page)))
}

fn text(report: &Report, entry: &Entry, finding: &Finding, page: &Page) -> String {
    let service = safe(entry.subject.service.get(page.language));
    let mut text = String::from("\n");
    let line = |text: &mut String, label: Text, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "- {}: {value}", page.say(label));
        }
    };
    let greeting = Text::new(
        "Subject: {service} API: {title}\n\nHello,\n\na call of ours to your API fails. What we see:\n",
        "件名: {service} API について: {title}\n\nお世話になっております。\n貴社 API の呼び出しが失敗しています。状況は次のとおりです。\n",
    );
    let title = words::title(entry, finding, page.language);
    text += &page.fill(greeting, &[("service", &service), ("title", &title)]);
    text += "\n";
    line(&mut text, Text::new("Time (UTC)", "発生日時（UTC）"), &time::iso(report.started_at));
    let address =
        Some(safe(&entry.subject.base)).filter(|base| !base.contains(".invalid") && !base.contains('{'));
    line(&mut text, Text::new("Address", "接続先"), &address.unwrap_or_default());
    line(&mut text, Text::new("Authentication", "認証の種類"), page.say(entry.subject.kind.text()));
    for evidence in words::supporting(finding) {
        line(&mut text, Text::new("Seen", "確認した事実"), &words::seen(&evidence.sentence, page));
    }
    let said = [
        (Text::new("Your error code", "貴社のエラーコード"), &finding.vendor.code),
        (Text::new("Your message", "貴社のエラーメッセージ"), &finding.vendor.message),
        (Text::new("Your request id", "貴社のリクエストID"), &finding.vendor.request_id),
    ];
    for (label, value) in said {
        line(&mut text, label, &value.as_deref().map(words::foreign).unwrap_or_default());
    }
    // That a credential is there says nothing of whether it is right.
    let fine: Vec<&str> = entry
        .stages
        .iter()
        .filter(|stage| stage.status == StageStatus::Ok && stage.stage != Stage::Secrets)
        .map(|stage| page.say(words::stage(stage.stage)))
        .collect();
    line(&mut text, Text::new("In order on our side", "当方で正常を確認した項目"), &fine.join(", "));
    if let Some(moment) = entry.last_ok {
        line(&mut text, Text::new("Last success (UTC)", "最後に成功した日時（UTC）"), &time::iso(moment));
    }
    let named = finding.vendor.request_id.is_some();
    text += page.say(if named { BY_ID } else { ASK });
    text
}

const BY_ID: Text = Text::new(
    "\nCould you tell us, by the request id, why the call was refused, and what we should change?\n\nThank you.\n",
    "\nリクエストIDをもとに、失敗の理由と必要な対応をご教示いただけますでしょうか。\n\nよろしくお願いいたします。\n",
);

const ASK: Text = Text::new(
    "\nCould you tell us why the call was refused, and what we should change?\n\nThank you.\n",
    "\n失敗の理由と必要な対応をご教示いただけますでしょうか。\n\nよろしくお願いいたします。\n",
);
