//! Services that a file names by their address: built-in ones where they are known, else connectors of one's own.

use indexmap::IndexMap;

use super::compare;
use super::place::{Login, Placing};
use super::plan::{Change, NewConnector};
use super::shelf::Known;
use crate::base::{ConnectorId, Text, name};
use crate::config::{Definitions, Layer, LayerKind};
use crate::model::Connector;
use crate::moving::fit::{self, Fit};
use crate::moving::{Raw, Service, definition};
use crate::operation::Failure;

/// Plans every service.
///
/// # Errors
/// When definitions or a store cannot be read.
pub fn place(placing: &mut Placing<'_>, services: Vec<Service>) -> Result<(), Failure> {
    for service in services {
        one(placing, service)?;
    }
    Ok(())
}

fn one(placing: &mut Placing<'_>, service: Service) -> Result<(), Failure> {
    const BUILT_IN: Text = Text::new(
        "conn knows this service already; conn add --connector {id} connects it",
        "すでに対応しているサービスです。conn add --connector {id} で接続を登録できます",
    );
    const UNKNOWN: Text = Text::new(
        "conn has no connector that takes this client; conn connectors new makes one",
        "このクライアントを使えるコネクターがありません。conn connectors new で作成してください",
    );
    let shelf = placing.shelf;
    let near = nearest(shelf, &service);
    if let Some((known, vars, fit)) = near {
        if !service.connects {
            placing.leave(&service.name, &service.place, BUILT_IN.fill(&[("id", &known.id)]));
            return Ok(());
        }
        let mut values = vars;
        values.extend(fit.values);
        return placing.connect(Login {
            id: known.id.clone(),
            connector: &known.connector,
            method: fit.method,
            values,
            open: fit.open,
            wish: service.link_name.unwrap_or_else(|| known.id.clone()),
            place: service.place,
        });
    }
    if service.only_known {
        placing.leave(&service.name, &service.place, UNKNOWN.into());
        return Ok(());
    }
    let Some((id, connector)) = define(placing, &service)? else { return Ok(()) };
    let Some(way) = service.used().or_else(|| service.ways.first().filter(|_| service.connects)) else {
        return Ok(());
    };
    let Some(fit) = fit::fit(&connector, &way.proof) else { return Ok(()) };
    let wish = service.link_name.clone().unwrap_or_else(|| id.clone());
    let place = service.place.clone();
    let Fit { method, values, open } = fit;
    placing.connect(Login { id, connector: &connector, method, values, open, wish, place })
}

/// The connector that a file names, else the one to whose host a service leads and which takes its login; of several
/// none, since nobody could say which one is meant, unless one bears the name.
fn nearest<'s>(
    shelf: &'s super::shelf::Shelf<'_>,
    service: &Service,
) -> Option<(&'s Known, IndexMap<String, Raw>, Fit)> {
    if let (Some(id), true) = (&service.id, service.only_known) {
        let known = shelf.all().iter().find(|known| known.id == *id && known.built_in)?;
        let fit = fit::fit(&known.connector, &service.ways.first()?.proof)?;
        return Some((known, IndexMap::new(), fit));
    }
    if service.base.contains('{') {
        return None;
    }
    let all = shelf.at(&service.base).into_iter().filter(|(known, _)| known.built_in || service.connects);
    let mut fitting: Vec<(&Known, IndexMap<String, Raw>, Fit)> = all
        .filter_map(|(known, under)| {
            let way = service.used().or_else(|| service.ways.first())?;
            let fit = fit::fit(&known.connector, &way.proof)?;
            let vars = under.vars.into_iter().map(|(name, value)| (name, Raw::new(value))).collect();
            Some((known, vars, fit))
        })
        .collect();
    if fitting.len() > 1 {
        let wished = name::slug(&service.name);
        let own = service.id.clone().unwrap_or(wished);
        fitting.retain(|(known, ..)| known.id == own);
    }
    fitting.pop()
}

/// A connector of one's own; nothing where its definition has no valid form.
fn define(placing: &mut Placing<'_>, service: &Service) -> Result<Option<(String, Connector)>, Failure> {
    const WRONG: Text = Text::new(
        "its definition has no valid form: {reason}; write it by hand with conn connectors new",
        "定義として正しい形にできません: {reason}。conn connectors new で定義してください",
    );
    let base = name::slug(&service.name);
    let short: String = base.chars().take(60).collect();
    let candidates = std::iter::once(base).chain((2..100).map(|number| format!("{short}-{number}")));
    for id in candidates {
        let origin = format!("Imported from {}.", service.place);
        let fragment = definition::write(&id, service, &origin);
        let connector = match parsed(&id, &fragment) {
            Ok(connector) => connector,
            Err(reason) => {
                placing.leave(&service.name, &service.place, WRONG.fill_phrases(&[("reason", reason)]));
                return Ok(None);
            }
        };
        if let Some(planned) = placing.plan.connectors.iter().find(|planned| planned.id.as_str() == id) {
            // The same service twice in one import is one connector.
            if parsed(&id, &planned.fragment).is_ok_and(|other| other == connector) {
                return Ok(Some((id, connector)));
            }
            continue;
        }
        let Some(change) = compare::definition(placing, &id, &connector)? else { continue };
        let Ok(valid) = id.parse::<ConnectorId>() else { return Ok(None) };
        placing.plan.connectors.push(NewConnector {
            id: valid,
            name: crate::base::safe_text::line(&service.name, 80),
            base: service.base.clone(),
            place: service.place.clone(),
            fragment,
            change,
        });
        // A connection of a connector that stays as it is would speak to something else.
        return Ok((change != Change::Kept).then_some((id, connector)));
    }
    Ok(None)
}

/// A definition as conn reads it; its first mistake where it has one.
fn parsed(id: &str, fragment: &str) -> Result<Connector, crate::base::Phrase> {
    let layer = Layer { kind: LayerKind::User, path: "imported".into(), text: fragment.to_owned() };
    let definitions = Definitions::new(vec![layer]);
    if let Some(mistake) = definitions.mistakes().into_iter().next() {
        return Err(mistake.message);
    }
    let found = definitions.connector(id).ok().flatten();
    found.map(|located| located.value).ok_or_else(crate::base::Phrase::default)
}
