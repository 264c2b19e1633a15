//! Every command that the catalogue of causes tells people to run is one that this program takes.

use clap::CommandFactory as _;

use super::Cli;

#[test]
fn every_command_of_the_catalogue_can_be_typed() {
    for cause in crate::cause::all() {
        for command in cause.steps.iter().filter_map(|step| step.command) {
            let typed = command.replace("{name}", "crm").replace("{connector}", "sandbox");
            let typed =
                typed.replace("{proxy}", "http://proxy.test:3128").replace("{file}", "connectors.toml");
            let typed = typed.replace("{key_environment}", "sandbox").replace("{parameter}", "api_key");
            assert!(!typed.contains('{'), "{}: {command}", cause.code);
            let parsed = Cli::command().try_get_matches_from(typed.split_whitespace());
            assert!(parsed.is_ok(), "{}: {command}: {}", cause.code, parsed.unwrap_err());
        }
    }
}
