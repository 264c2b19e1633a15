//! The whole program, run as people and pipelines run it, against the sandbox.

mod accounts;
mod asking;
#[cfg(target_os = "linux")]
mod crash;
#[cfg(unix)]
mod credential;
mod damage;
mod declared;
mod environments;
mod evidence;
#[cfg(unix)]
mod exec;
mod gaps;
mod mistakes;
mod pages;
mod played;
#[cfg(unix)]
mod proxy;
mod redirects;
mod refusals;
mod request;
#[cfg(unix)]
mod snippet;
mod sources;
mod swaps;
mod system;
mod transcripts;
mod usable;
mod verdicts;

use crate::support::site::Site;

/// What a command says and how it ends, with what differs from run to run taken out.
fn transcript(site: &Site, line: &str) -> String {
    let outcome = site.run(line);
    let text = format!("exit {}\n{}---\n{}", outcome.exit, outcome.stdout, outcome.stderr);
    let text = text.replace(&site.root().display().to_string(), "[root]");
    let text = text.replace(&site.sandbox.address().port().to_string(), "[port]");
    let rules = [
        (r"(\d{4}-\d\d-\d\d )?\d\d:\d\d(:\d\d)?( UTC)?", "[time]"),
        (r"\[time\] +", "[time] "),
        (r"\|[ █]+\| +<?[0-9.]+ ms", "[bar] [ms]"),
        (r"\b[0-9]+(\.[0-9]+)? ms\b", "[ms]"),
        (r"[0-9]+( s ago|秒前)", "[n]$1"),
        (r"(in |あと)[0-9]+( min|分)", "$1[n]$2"),
        (r"[0-9]+ ミリ秒", "[ms]"),
        (r"(fingerprint|指紋) [0-9a-f]{4}", "$1 [print]"),
        (r"sbx-[0-9]+", "[request]"),
        // Permissions are asked at once; which answer is counted last differs.
        (r"\b99[0-9]\b", "[left]"),
        (r" +\n", "\n"),
    ];
    rules.iter().fold(text, |text, (pattern, with)| {
        regex_lite::Regex::new(pattern).unwrap().replace_all(&text, *with).into_owned()
    })
}
