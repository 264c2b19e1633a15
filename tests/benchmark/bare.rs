//! One request with the HTTP library alone, and what it says when that fails: the measure for `causes.sh`.

use std::error::Error;
use std::io::Write as _;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(address) = std::env::args().nth(1) else { return Err("an address is wanted".into()) };
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "a provider is there already")?;
    let said = match get(&address).await {
        Ok(said) => said,
        Err(error) => chain(&error),
    };
    writeln!(std::io::stdout(), "{}", said.replace(&address, "ADDRESS"))?;
    Ok(())
}

async fn get(address: &str) -> Result<String, reqwest::Error> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(12)).build()?;
    let answer = client.get(address).send().await?;
    let status = answer.status().as_u16();
    answer.bytes().await?;
    Ok(format!("HTTP {status}"))
}

/// The error with all its sources, as a careful program prints it.
fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        said.push_str(": ");
        said.push_str(&error.to_string());
        source = error.source();
    }
    said
}
