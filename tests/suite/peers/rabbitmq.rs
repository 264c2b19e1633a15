//! RabbitMQ's management API. It takes long to start, so one test holds all cases.

use crate::support::cli::Home;
use crate::support::rabbitmq::RabbitMq;

const CONNECTOR: &str = include_str!("../../fixtures/peers/rabbitmq.toml");

fn home(base: &str, user: &str, password: &str) -> Home {
    let connection = format!(
        "[connections.broker]\nconnector = \"rabbitmq\"\nvars.base = \"{base}\"\nvars.user = \"{user}\"\n\
         secrets.password = \"env:VALUE\"\n"
    );
    Home::with(&format!("{CONNECTOR}\n{connection}")).knowing("VALUE", password)
}

#[test]
fn a_wrong_password_a_missing_tag_and_a_stopped_broker_are_told_apart() {
    let Some(broker) = RabbitMq::start() else { return };
    let base = broker.url();
    let works = home(&base, "ops", "passwd");
    let none: &[&str] = &[];
    for (user, password, expected, access) in [
        ("ops", "passwd", "ok - 0", &["queues granted", "nodes granted"][..]),
        ("ops", "wrong-one", "rejected CONN-AUTH-REJECTED 4", &["queues not_reached", "nodes not_reached"]),
        ("nobody", "passwd", "forbidden CONN-PERM-ROLE 1", &["queues not_reached", "nodes not_reached"]),
        ("reader", "passwd", "", &["queues granted", "nodes denied"]),
    ] {
        let run = home(&base, user, password).test("broker", none);
        if expected.is_empty() {
            assert_eq!(run.connection()["verdict"], "forbidden", "{run:#?}");
        } else {
            assert_eq!(run.outcome(), expected, "{user}: {run:#?}");
        }
        assert_eq!(run.access(), access, "{user}: {run:#?}");
    }
    let run = works.test("broker", none);
    assert_eq!(run.connection()["identity"]["account"], "ops");
    drop(broker);
    let run = works.test("broker", none);
    assert_eq!(run.outcome(), "unreachable CONN-NET-REFUSED 6", "{run:#?}");
    assert_eq!(run.connection()["state"]["after"], "connected");
    run.has_steps();
}
