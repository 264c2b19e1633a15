//! States and history: what is written is read, by many processes at once, and a file that is not ours or
//! not whole is named and left alone.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use conn::adapter::ledger::Database;
use conn::base::Timestamp;
use conn::diagnosis::last_good::LastGood;
use conn::diagnosis::notice::Notice;
use conn::diagnosis::share::Counter;
use conn::model::State;
use conn::port::{
    ControlRecord, HistoryRow, ItemKey, Ledger, LedgerFault, PastRecord, RunRecord, StateRecord,
};

type Expected = fn(&LedgerFault) -> bool;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("state").join("state.db")
    }

    fn open(&self) -> Database {
        Database::new(&self.file())
    }

    fn with_content(content: &[u8]) -> Self {
        let place = Self::new();
        fs::create_dir(place.file().parent().unwrap()).unwrap();
        fs::write(place.file(), content).unwrap();
        place
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

fn row(verdict: &str, code: Option<&str>, second: i64) -> HistoryRow {
    HistoryRow {
        link_name: "acme".into(),
        environment: "production".into(),
        account: None,
        verb: "test".into(),
        verdict: verdict.into(),
        code: code.map(Into::into),
        detail: Some("HTTP 401 – 日本語".into()),
        first_seen: at(second),
        last_seen: at(second),
        count: 1,
    }
}

fn record() -> StateRecord {
    StateRecord {
        state: State::Connected,
        since: Some(at(1)),
        last_ok: Some(at(2)),
        fingerprints: [("api_key".to_owned(), "a1b2".to_owned())].into(),
        account: Some("佐藤".into()),
        organisation: Some("Acme".into()),
        last_verdict: Some("ok".into()),
        last_code: None,
        last_run: Some(at(3)),
        hosts: vec!["api.example.test".into()],
        stores: ["vault".to_owned()].into(),
        counter: Some(Counter {
            at: at(3),
            remaining: 90,
            limit: Some(100),
            resets_at: Some(at(60)),
            window: Some(57),
            others: 4,
        }),
        used: None,
    }
}

fn run(of: &ItemKey) -> RunRecord {
    let row = HistoryRow { link_name: of.link_name.clone(), ..row("ok", None, 1) };
    RunRecord {
        of: of.clone(),
        before: State::Connected,
        state: record(),
        good: None,
        notices: Vec::new(),
        row,
    }
}

#[test]
fn what_runs_leave_is_kept_whole_or_not_at_all() {
    let place = Place::new();
    let items = ["acme", "beta"].map(|name| ItemKey::current(name, "production"));
    place.open().remember(&items.each_ref().map(run)).unwrap();
    let ledger = place.open();
    for item in &items {
        assert_eq!(ledger.state(item).unwrap(), record());
        assert_eq!(ledger.history(&item.link_name, 10).unwrap().len(), 1);
    }
    let notice = Notice {
        request: "test".into(),
        header: "sunset".into(),
        value: "soon".into(),
        date: None,
        link: None,
    };
    let other = RunRecord { notices: vec![notice], ..run(&items[1]) };
    let first = RunRecord { row: row("rejected", Some("CONN-AUTH-REJECTED"), 2), ..run(&items[0]) };
    let database = rusqlite::Connection::open(place.file()).unwrap();
    database.execute_batch("DROP TABLE notice").unwrap();
    assert!(place.open().remember(&[first, other]).is_err());
    assert_eq!(place.open().history("acme", 10).unwrap().len(), 1, "the first of them neither");
}

#[test]
fn the_newest_results_are_those_of_services_that_were_asked_and_of_them_the_reached_come_first() {
    let place = Place::new();
    let ledger = place.open();
    assert!(ledger.newest(at(0), 9).unwrap().is_empty(), "before there is a file");
    for (name, verdict, when) in [
        ("early", "ok", 1),
        ("ok", "ok", 20),
        ("refused", "rejected", 10),
        ("down", "unreachable", 30),
        ("local", "local_setup", 30),
        ("left-out", "skipped", 30),
    ] {
        let state = StateRecord { last_verdict: Some(verdict.into()), last_run: Some(at(when)), ..record() };
        ledger.set_state(&ItemKey::current(name, "production"), &state).unwrap();
    }
    ledger.set_state(&ItemKey::current("never", "production"), &StateRecord::default()).unwrap();
    let newest = |most| {
        let found = ledger.newest(at(10), most).unwrap();
        found.into_iter().map(|(of, record)| (of.link_name, record.last_run.unwrap())).collect::<Vec<_>>()
    };
    let named = |names: &[(&str, i64)]| {
        names.iter().map(|(name, when)| ((*name).to_owned(), at(*when))).collect::<Vec<_>>()
    };
    assert_eq!(newest(9), named(&[("ok", 20), ("refused", 10), ("down", 30)]));
    assert_eq!(newest(1), named(&[("ok", 20)]));
}

#[test]
fn what_was_paused_under_way_stays_paused() {
    let (place, item) = (Place::new(), ItemKey::current("acme", "production"));
    let paused = StateRecord { state: State::Disabled, ..record() };
    for (before, expected) in [(State::Connected, State::Disabled), (State::Disabled, State::Connected)] {
        place.open().set_state(&item, &paused).unwrap();
        place.open().remember(&[RunRecord { before, ..run(&item) }]).unwrap();
        assert_eq!(place.open().state(&item).unwrap().state, expected, "{before:?}");
    }
}

#[test]
fn a_use_is_noted_for_its_authorisation_alone_and_outlives_the_results_of_tests() {
    let place = Place::new();
    let ledger = place.open();
    let acme = ItemKey::current("acme", "production");
    let ann = ItemKey { account: Some("ann".into()), ..acme.clone() };
    ledger.note_use(&acme, at(5)).unwrap();
    assert_eq!(ledger.state(&acme).unwrap().used, None, "what is not known is not used");
    for item in [&acme, &ann] {
        ledger.set_state(item, &record()).unwrap();
    }
    ledger.note_use(&ann, at(6)).unwrap();
    ledger.set_state(&ann, &record()).unwrap();
    let used = |item| place.open().state(item).unwrap().used;
    assert_eq!((used(&acme), used(&ann)), (None, Some(at(6))));
    assert_eq!(place.open().accounts("acme").unwrap()[0].record.used, Some(at(6)));
}

#[test]
fn what_stood_at_the_last_success_goes_with_its_connection() {
    let place = Place::new();
    let ledger = place.open();
    let (acme, other) = (ItemKey::current("acme", "production"), ItemKey::current("other", "production"));
    assert_eq!(ledger.last_good(&acme).unwrap(), None);
    let good = LastGood { base: "https://acme.test".into(), ..LastGood::default() };
    ledger.remember(&[RunRecord { good: Some(good.clone()), ..run(&acme) }]).unwrap();
    assert_eq!(place.open().last_good(&acme).unwrap(), Some(good.clone()));
    assert_eq!(ledger.last_good(&ItemKey { account: Some("ann".into()), ..acme.clone() }).unwrap(), None);
    ledger.rename("acme", "other").unwrap();
    assert_eq!((ledger.last_good(&acme).unwrap(), ledger.last_good(&other).unwrap()), (None, Some(good)));
    ledger.forget("other").unwrap();
    assert_eq!(ledger.last_good(&other).unwrap(), None);
}

#[test]
fn the_past_of_an_authorisation_is_its_state_its_last_success_its_results_and_its_control() {
    let place = Place::new();
    let (acme, other) = (ItemKey::current("acme", "production"), ItemKey::current("acme", "sandbox"));
    assert_eq!(place.open().past(&acme, 9).unwrap(), PastRecord::default());
    assert!(!place.file().exists(), "reading makes no file");
    let good = Some(LastGood { base: "https://acme.test".into(), ..LastGood::default() });
    let ran = RunRecord { good: good.clone(), ..run(&acme) };
    place.open().remember(std::slice::from_ref(&ran)).unwrap();
    let control = ControlRecord { asked: ran.row.last_seen, answer: None };
    place.open().note_control(&acme, &control).unwrap();
    let past = PastRecord { state: ran.state, good, results: vec![ran.row], control: Some(control) };
    assert_eq!(place.open().past(&acme, 9).unwrap(), past);
    assert_eq!(place.open().past(&other, 9).unwrap(), PastRecord::default());
    // The look ends with the answer: what is written after it is seen by the next.
    let ledger = place.open();
    assert_eq!(ledger.past(&acme, 9).unwrap(), past);
    place.open().append(&row("unreachable", Some("CONN-NET-REFUSED"), 9)).unwrap();
    assert_eq!(ledger.past(&acme, 9).unwrap().results.len(), 2);
    ledger.set_state(&acme, &record()).unwrap();
}

#[test]
fn a_state_is_read_as_it_was_written_and_unknown_ones_are_pending() {
    let place = Place::new();
    assert_eq!(place.open().state(&ItemKey::current("acme", "production")).unwrap(), StateRecord::default());
    assert!(place.open().states().unwrap().is_empty());
    assert!(!place.file().exists(), "reading makes no file");
    place.open().set_state(&ItemKey::current("acme", "production"), &record()).unwrap();
    assert_eq!(place.open().state(&ItemKey::current("acme", "production")).unwrap(), record());
    assert_eq!(place.open().state(&ItemKey::current("acme", "sandbox")).unwrap(), StateRecord::default());
    assert_eq!(place.open().states().unwrap().len(), 1);
}

#[test]
fn equal_results_in_a_row_are_folded_into_one() {
    let (place, rejected) = (Place::new(), Some("CONN-AUTH-KEY-UNKNOWN"));
    let results = [("ok", None, 1), ("rejected", rejected, 2), ("rejected", rejected, 3), ("ok", None, 4)];
    for (verdict, code, second) in results {
        place.open().append(&row(verdict, code, second)).unwrap();
    }
    let elsewhere = HistoryRow { environment: "sandbox".into(), ..row("ok", None, 5) };
    place.open().append(&elsewhere).unwrap();
    let read = place.open().history("acme", 10).unwrap();
    let seen: Vec<_> = read.iter().map(|row| (row.verdict.as_str(), row.count, row.last_seen)).collect();
    assert_eq!(seen, [("ok", 1, at(5)), ("ok", 1, at(4)), ("rejected", 2, at(3)), ("ok", 1, at(1))]);
    assert_eq!(read[2].first_seen, at(2));
    assert_eq!(read[2].detail, row("", None, 0).detail);
    assert_eq!(place.open().history("acme", 1).unwrap().len(), 1);
}

#[test]
fn results_of_two_accounts_stand_in_the_order_of_time_together_and_each_alone() {
    let (place, unreachable) = (Place::new(), Some("CONN-NET-REFUSED"));
    let half = at(6).checked_add(jiff::SignedDuration::from_millis(500)).unwrap();
    for (account, verdict, code, seen) in [
        ("ann", "ok", None, at(1)),
        ("bob", "ok", None, at(2)),
        ("bob", "unreachable", unreachable, at(3)),
        ("bob", "ok", None, half),
        // Counts the oldest row of all up.
        ("ann", "ok", None, at(6)),
    ] {
        let row = row(verdict, code, 0);
        let row = HistoryRow { account: Some(account.into()), first_seen: seen, last_seen: seen, ..row };
        place.open().append(&row).unwrap();
    }
    let seen = |rows: Vec<HistoryRow>| {
        rows.into_iter().map(|row| (row.account.unwrap(), row.last_seen, row.count)).collect::<Vec<_>>()
    };
    let [ann, bob] = ["ann", "bob"].map(str::to_owned);
    let of_bob = [(bob.clone(), half, 1), (bob.clone(), at(3), 1), (bob.clone(), at(2), 1)];
    let mut all = of_bob.to_vec();
    all.insert(1, (ann.clone(), at(6), 2));
    assert_eq!(seen(place.open().history("acme", 9).unwrap()), all);
    assert_eq!(seen(place.open().history("acme", 2).unwrap()), all[..2]);
    let of = |label: &str| ItemKey { account: Some(label.into()), ..ItemKey::current("acme", "production") };
    let results = |of: &ItemKey, most| place.open().past(of, most).unwrap().results;
    assert_eq!(seen(results(&of("bob"), 9)), of_bob);
    assert_eq!(seen(results(&of("ann"), 1)), [(ann, at(6), 2)]);
    assert_eq!(results(&ItemKey::current("acme", "production"), 9), []);
}

#[test]
fn history_keeps_the_newest_thousand() {
    let place = Place::new();
    let ledger = place.open();
    for second in 0..1010 {
        ledger.append(&row(if second % 2 == 0 { "ok" } else { "throttled" }, None, second)).unwrap();
    }
    let kept = ledger.history("acme", 5000).unwrap();
    assert_eq!((kept.len(), kept[0].last_seen, kept[999].last_seen), (1000, at(1009), at(10)));
}

#[test]
fn renaming_and_forgetting_take_states_and_history_along() {
    let place = Place::new();
    let ledger = place.open();
    ledger.set_state(&ItemKey::current("acme", "production"), &record()).unwrap();
    ledger.append(&row("ok", None, 1)).unwrap();
    ledger.rename("acme", "beta").unwrap();
    assert_eq!(ledger.state(&ItemKey::current("acme", "production")).unwrap(), StateRecord::default());
    assert_eq!(ledger.state(&ItemKey::current("beta", "production")).unwrap(), record());
    assert_eq!((ledger.history("acme", 9).unwrap().len(), ledger.history("beta", 9).unwrap().len()), (0, 1));
    ledger.forget("beta").unwrap();
    assert!(ledger.states().unwrap().is_empty() && ledger.history("beta", 9).unwrap().is_empty());
}

#[test]
fn the_fingerprint_key_is_made_once() {
    let place = Place::new();
    let key = place.open().fingerprint_key().unwrap();
    assert_eq!(place.open().fingerprint_key().unwrap(), key);
    assert_ne!(Place::new().open().fingerprint_key().unwrap(), key);
}

#[test]
fn files_that_are_not_ours_or_not_whole_are_named_and_left_alone() {
    let newer = Place::new();
    newer.open().append(&row("ok", None, 1)).unwrap();
    set_version(&newer, 99);
    let foreign = Place::new();
    fs::create_dir(foreign.file().parent().unwrap()).unwrap();
    let other = rusqlite::Connection::open(foreign.file()).unwrap();
    other.execute_batch("CREATE TABLE theirs (x)").unwrap();
    drop(other);
    let garbage = Place::with_content(&[b'x'; 5000]);
    let cases: [(&Place, Expected); 3] = [
        (&newer, |fault| *fault == LedgerFault::Newer(99)),
        (&foreign, |fault| *fault == LedgerFault::Foreign),
        (&garbage, |fault| matches!(fault, LedgerFault::Damaged(_))),
    ];
    for (place, expected) in cases {
        let before = fs::read(place.file()).unwrap();
        let read = place.open().state(&ItemKey::current("acme", "production")).unwrap_err();
        let written = place.open().append(&row("ok", None, 1)).unwrap_err();
        assert!(expected(&read.fault) && expected(&written.fault), "{read} / {written}");
        let path = place.file().display().to_string();
        assert!(read.explain().en.contains(&path) && read.explain().ja.contains(&path));
        assert_eq!(fs::read(place.file()).unwrap(), before, "{path} was changed");
    }
}

fn set_version(place: &Place, version: i64) {
    let connection = rusqlite::Connection::open(place.file()).unwrap();
    connection.pragma_update(None, "user_version", version).unwrap();
    connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
}

#[test]
fn a_database_cut_short_or_overwritten_is_an_error_and_never_a_panic() {
    let whole = {
        let place = Place::new();
        for second in 0..200 {
            place
                .open()
                .append(&row(if second % 2 == 0 { "ok" } else { "throttled" }, None, second))
                .unwrap();
        }
        set_version(&place, 1);
        fs::read(place.file()).unwrap()
    };
    for step in 1..20 {
        let cut = Place::with_content(&whole[..whole.len() * step / 20]);
        let mut scribbled = whole.clone();
        let from = whole.len() * step / 20;
        scribbled[from..from + 200].fill(0xa5);
        for place in [cut, Place::with_content(&scribbled)] {
            let _ = place.open().history("acme", 1000);
            let _ = place.open().append(&row("ok", Some("CONN-X"), 1));
        }
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let folder = tempfile::NamedTempFile::new().unwrap();
    let ledger = Database::new(&folder.path().join("state.db"));
    assert!(matches!(ledger.append(&row("ok", None, 1)).unwrap_err().fault, LedgerFault::Io(_)));
}

#[test]
fn the_file_belongs_to_its_user_alone() {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let place = Place::new();
        let ledger = place.open();
        ledger.append(&row("ok", None, 1)).unwrap();
        for entry in fs::read_dir(place.file().parent().unwrap()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", entry.path().display());
        }
        assert_eq!(fs::metadata(place.file().parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

const WRITER: &str = "CONN_TEST_LEDGER_WRITER";

#[test]
fn eight_processes_write_at_once_and_nothing_is_lost() {
    let place = Place::new();
    let writers: Vec<_> = (0..8)
        .map(|number| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "contract::ledger::one_writer_of_many", "--ignored", "--quiet"])
                .env(WRITER, format!("{number}|{}", place.file().display()))
                .output_in_thread()
        })
        .collect();
    for writer in writers {
        let output = writer.join().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let ledger = place.open();
    assert_eq!(ledger.states().unwrap().len(), 8);
    let counts: u64 = ledger.history("acme", 1000).unwrap().iter().map(|row| row.count).sum();
    assert_eq!(counts, 8 * 20);
}

trait OutputInThread {
    fn output_in_thread(&mut self) -> std::thread::JoinHandle<std::process::Output>;
}

impl OutputInThread for Command {
    fn output_in_thread(&mut self) -> std::thread::JoinHandle<std::process::Output> {
        let child = self.stdout(std::process::Stdio::piped()).spawn().unwrap();
        std::thread::spawn(move || child.wait_with_output().unwrap())
    }
}

#[test]
#[ignore = "one of the eight processes of the test above"]
fn one_writer_of_many() {
    let task = super::variable(WRITER).unwrap();
    let (number, path) = task.split_once('|').unwrap();
    for second in 0..20 {
        let ledger = Database::new(&PathBuf::from(path));
        ledger.set_state(&ItemKey::current(&format!("link-{number}"), "production"), &record()).unwrap();
        ledger.append(&row("ok", (second % 3 == 0).then_some("CONN-X"), second)).unwrap();
    }
}

#[test]
fn each_account_has_its_own_state_and_the_first_one_is_primary() {
    let place = Place::new();
    let ledger = place.open();
    let of = |label: &str| ItemKey { account: Some(label.into()), ..ItemKey::current("acme", "production") };
    ledger.set_state(&of("ops"), &record()).unwrap();
    ledger.set_state(&of("eve"), &StateRecord { state: State::Pending, ..record() }).unwrap();
    let seen = || {
        let accounts = ledger.accounts("acme").unwrap();
        accounts.into_iter().map(|one| (one.label, one.is_primary, one.record.state)).collect::<Vec<_>>()
    };
    let both = |primary: &str| {
        [("eve", State::Pending), ("ops", State::Connected)]
            .map(|(label, state)| (label.to_owned(), label == primary, state))
            .to_vec()
    };
    assert_eq!(seen(), both("ops"));
    let listed = || ledger.states().unwrap().into_values().map(|record| record.state).collect::<Vec<_>>();
    assert_eq!(listed(), [State::Connected]);
    ledger.set_primary(&of("eve")).unwrap();
    assert_eq!(seen(), both("eve"));
    assert_eq!(listed(), [State::Pending]);
    ledger.set_renewal(&of("eve"), Some((3, at(1)))).unwrap();
    assert_eq!(ledger.renewal(&of("ops")).unwrap(), None);
    ledger.forget_account(&of("eve")).unwrap();
    assert_eq!(seen(), [("ops".to_owned(), false, State::Connected)]);
    assert_eq!(ledger.renewal(&of("eve")).unwrap(), None);
    assert_eq!(ledger.state(&ItemKey::current("acme", "production")).unwrap(), StateRecord::default());
}
