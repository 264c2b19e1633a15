//! `conn request --all-pages`: a list as a whole, and never a part that looks like one.

use crate::support::cli::{Home, Run};
use crate::support::pages::{Pages, Style};

fn home(pages: &Pages) -> Home {
    let home = Home::with(&format!(
        "[connectors.lists]\nname = 'Lists'\nbase = '{}'\ntest.request = 'GET /me'\n\
         [connectors.lists.auth.key]\nkind = 'api_key'\nquery.key = '{{api_key}}'\nparams.api_key = {{ label = 'Key' }}\n\
         [connections.lists]\nconnector = 'lists'\nsecrets.api_key = 'env:KEY'\n",
        pages.url()
    ))
    .knowing("KEY", "key-0123456789");
    let tested = home.run(&["test", "lists"]);
    assert_eq!(tested.code, 0, "{tested:#?}");
    home
}

fn read(home: &Home, further: &[&str]) -> Run {
    home.run(&[&["request", "lists", "--all-pages"], further].concat())
}

#[test]
fn each_kind_of_paging_gives_every_item_once_and_in_order() {
    let all: Vec<u64> = (1..=7).collect();
    for (style, further) in [
        (Style::Link, vec![]),
        (Style::Address, vec!["--items", "/data", "--next", "/links/next"]),
        (Style::Cursor, vec!["--items", "/data", "--next", "/after", "--cursor", "after"]),
        (Style::Page, vec!["--page", "page"]),
        (Style::Offset, vec!["--offset", "offset"]),
    ] {
        let pages = Pages::start(style, 7);
        let home = home(&pages);
        let run = read(&home, &[&["/items?limit=3"], further.as_slice()].concat());
        assert_eq!(run.code, 0, "{style:?} {run:#?}");
        assert_eq!(serde_json::from_str::<Vec<u64>>(&run.out).unwrap(), all, "{style:?}");
        assert!(run.err.contains("items: 7."), "{}", run.err);
        let lines = read(&home, &[&["/items?limit=3", "--format", "jsonl"], further.as_slice()].concat());
        let lines: Vec<u64> = lines.out.lines().map(|line| line.parse().unwrap()).collect();
        assert_eq!(lines, all, "{style:?}");
        // The key that the service repeats in its addresses is sent once and shown nowhere.
        let heard = pages.heard();
        assert!(heard.iter().all(|line| line.matches("key-0123456789").count() == 1), "{heard:#?}");
        assert!(heard.iter().skip(1).all(|line| line.contains("limit=3")), "{heard:#?}");
    }
}

#[test]
fn a_next_page_at_another_host_gets_no_credential() {
    let (pages, stranger) = (Pages::start(Style::Link, 7), Pages::start(Style::Link, 7));
    let home = home(&pages);
    pages.lead_to(&stranger.url());
    let run = read(&home, &["/items"]);
    assert_eq!((run.code, run.out.as_str()), (5, ""), "{run:#?}");
    assert!(
        run.err.contains("CONN-CFG-HOST-CHANGED") && run.err.contains("for the next page"),
        "{}",
        run.err
    );
    assert_eq!(stranger.heard(), [] as [String; 0]);
}

#[test]
fn a_list_that_is_not_whole_is_never_given_out_as_one() {
    let pages = Pages::start(Style::Link, 7);
    let home = home(&pages);
    let few = read(&home, &["/items?limit=3", "--max-pages", "2"]);
    assert!(few.code == 2 && few.out.is_empty() && few.err.contains("more than 2 pages"), "{few:#?}");
    let enough = read(&home, &["/items?limit=3", "--max-pages", "3"]);
    assert_eq!(enough.code, 0, "{enough:#?}");
    pages.fail(2, "403 Forbidden", 9);
    let refused = read(&home, &["/items?limit=3"]);
    assert!(refused.code != 0 && refused.out.is_empty(), "{refused:#?}");
    assert!(refused.err.contains("Page 2 was refused"), "{}", refused.err);
    pages.fail(2, "503 Service Unavailable", 1);
    let again = read(&home, &["/items?limit=3", "--retry", "1"]);
    assert!(again.code == 0 && again.err.contains("Trying again"), "{again:#?}");
    let circle = read(&home, &["/circle"]);
    assert!(circle.code == 2 && circle.err.contains("leads in a circle"), "{circle:#?}");
}

#[test]
fn items_come_out_as_the_service_wrote_them() {
    let pages = Pages::start(Style::Link, 0);
    let home = home(&pages);
    let run = read(&home, &["/exact"]);
    assert_eq!(run.out, "[{\"z\":12345678901234567890123,\"a\":1.10,\"b\":\"\\u00e9\"}]\n", "{run:#?}");
}

#[test]
fn what_cannot_be_asked_for_is_refused_before_anything_is_sent() {
    let pages = Pages::start(Style::Link, 7);
    let home = home(&pages);
    let before = pages.heard().len();
    for (further, said) in [
        (vec!["POST", "/items"], "with GET only"),
        (vec!["/items", "--items", "data"], "begins with /"),
        (vec!["/items", "--cursor", "after"], "--next"),
        (vec!["/items", "--page", "p", "--offset", "o"], "cannot be used with"),
        (vec!["/items", "--max-pages", "0"], "--max-pages"),
    ] {
        let run = read(&home, &further);
        assert!(run.code == 2 && run.err.contains(said), "{further:?} {run:#?}");
        let japanese = read(&home, &[further.as_slice(), &["--lang", "ja"]].concat());
        assert_eq!(japanese.code, 2);
    }
    assert_eq!(pages.heard().len(), before);
}
