//! A choice among what the service names (its organisations, its sites) where nobody can be asked: the tokens wait in
//! the secret store until the answer is brought.

use super::changes::Changes;
use super::waiting::{self, Asked, Kept, Question, What, Zeroized};
use super::{Trouble, custody};
use crate::base::{Secret, Text};
use crate::model::Credential;
use crate::model::grant::is_obtained;
use crate::operation::check::Loaded;
use crate::operation::prepare::Prepared;
use crate::operation::secrets::Secrets;
use crate::operation::variables::{self, Choice};
use crate::operation::{Failure, World};

/// Puts tokens away together with the choice that is open.
///
/// # Errors
/// When the store fails.
pub fn ask(world: &dyn World, loaded: &Loaded, choice: Choice, anew: bool) -> Result<Question, Failure> {
    let Loaded { prepared, secrets, .. } = loaded;
    let obtained = secrets.iter().filter(|(key, _)| is_obtained(key));
    let tokens = Credential {
        values: obtained.map(|(key, value)| (key.to_owned(), value.duplicate())).collect(),
        hosts: prepared.hosts(secrets),
        generation: 0,
        stored: world.clock().now(),
        grant: secrets.grant().cloned(),
    };
    let what = What::Choice { tokens: Zeroized::of(&tokens.to_item()), choice: choice.clone() };
    let expires = waiting::latest(world);
    let changes = anew.then(|| Changes::of(prepared, secrets));
    let kept = Kept { expires, scopes: Vec::new(), other_account: false, changes, key: None, what };
    waiting::put(world, prepared, &kept, Asked::Choice(choice)).map_err(|trouble| match trouble {
        Trouble::Failure(failure) => *failure,
        _ => Failure::cause("CONN-SELF-BUG", &[]),
    })
}

/// The tokens that waited, with the variable that was chosen.
///
/// # Errors
/// When the answer is none of what was named; the question then stays.
pub fn take_up(
    prepared: &Prepared,
    given: &Secrets,
    tokens: &Secret,
    choice: &Choice,
    answer: &Secret,
) -> Result<Secrets, Trouble> {
    const OTHER: Text = Text::new("{variable} is one of: {values}", "{variable} に指定できる値: {values}");
    let answer = answer.expose().trim();
    let Some(chosen) = choice.candidates.iter().find(|one| one.value == answer) else {
        let values: Vec<&str> = choice.candidates.iter().map(|one| one.value.as_str()).collect();
        let values = values.join(", ");
        return Err(
            Failure::usage(OTHER.fill(&[("variable", &choice.variable), ("values", &values)]), None).into()
        );
    };
    let tokens = Credential::from_item(tokens).map_err(|_| prepared.problem("CONN-SELF-BUG", &[]))?;
    let mut secrets = given.duplicate();
    custody::adopt(&mut secrets, &tokens);
    variables::take(&mut secrets, &choice.variable, &chosen.value);
    Ok(secrets)
}
