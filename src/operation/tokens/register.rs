//! What a person has to register at the service before a consent can work: the normal path is their own app.

use crate::base::{Phrase, Text};
use crate::flow::oauth1::OUT_OF_BAND;
use crate::model::{AuthKind, AuthMethod, Obtaining};
use crate::operation::World;
use crate::operation::prepare::Prepared;

/// The path of the callback: one of its own for each connection, unless the definition fixes it.
#[must_use]
pub fn path(prepared: &Prepared) -> String {
    let fixed = prepared.method.redirect.as_ref().and_then(|redirect| redirect.path.clone());
    fixed.unwrap_or_else(|| format!("/callback/{}", prepared.link_name))
}

/// The redirect address to register, as the service compares it; `None` where none is used.
#[must_use]
pub fn redirect(prepared: &Prepared) -> Option<String> {
    let method = &prepared.method;
    let oob = method.callback.as_deref() == Some(OUT_OF_BAND);
    if method.obtaining() != Obtaining::ByConsent || method.grant() == "device_code" || oob {
        return None;
    }
    let redirect = method.redirect.clone().unwrap_or_default();
    let host = redirect.host.unwrap_or_else(|| "127.0.0.1".to_owned());
    let path = path(prepared);
    let is_local = crate::base::is_loopback(&host);
    let scheme = if redirect.https.unwrap_or(!is_local) { "https" } else { "http" };
    let port = redirect.port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{host}{port}{path}"))
}

/// Tells a person at the terminal where to register an app and with what, before they are asked for its values.
pub fn explain(world: &dyn World, prepared: &Prepared) {
    let method = &prepared.method;
    if let Some(warning) = warning(method) {
        world.person().say(warning.get(world.settings().language));
    }
    let oauth = matches!(method.kind, AuthKind::OAuth1 | AuthKind::OAuth2);
    if !oauth || world.settings().quiet || !world.person().is_present() {
        return;
    }
    let language = world.settings().language;
    for line in lines(prepared) {
        world.person().say(line.get(language));
    }
}

/// What a way to obtain tokens gives away, whoever asks for it (RFC 9700, section 2.4).
#[must_use]
pub fn warning(method: &AuthMethod) -> Option<Text> {
    const PASSWORD: Text = Text::new(
        "Warning: this way hands your own password of the service to a program, and a second factor does not \
         protect it. Use it only where the service offers nothing else.",
        "警告: この方式では、サービスのパスワードそのものをプログラムに預けます。二要素認証でも保護されません。\
         サービスがほかの方式に対応していない場合だけ使ってください。",
    );
    (method.kind == AuthKind::OAuth2 && method.grant() == "password").then_some(PASSWORD)
}

/// What to register, in sentences.
#[must_use]
pub fn lines(prepared: &Prepared) -> Vec<Phrase> {
    const APP: Text = Text::new(
        "{service} wants an app of your own. Register one here: {console}",
        "{service} では、ご自身のアプリの登録が必要です。登録先: {console}",
    );
    const REDIRECT: Text =
        Text::new("  Redirect URI to register: {redirect}", "  登録するリダイレクト URI: {redirect}");
    const ANY_PORT: Text = Text::new(
        "  (the port changes with each sign-in; services that follow RFC 8252 accept any port on 127.0.0.1)",
        "  （ポートはサインインのたびに変わります。RFC 8252 に従うサービスは 127.0.0.1 の任意のポートを受け付けます）",
    );
    const SCOPE: Text = Text::new("  Scope: {scope}", "  スコープ: {scope}");
    const OWN: Text = Text::new("its developer console", "開発者向けの管理画面");
    const BY_ITSELF: Text = Text::new(
        "{service} lets programs register themselves, so conn does. To use a client of your own: --set client_id=…",
        "{service} ではプログラムが自分で登録できるため、conn が登録します。既存のクライアントを使う場合は --set client_id=… を指定してください。",
    );
    let method = &prepared.method;
    let service = prepared.connector.display_name(&prepared.connection.connector);
    if prepared.registers() {
        return vec![BY_ITSELF.fill_phrases(&[("service", service)])];
    }
    let console = prepared.connector.console.clone().unwrap_or_else(|| OWN.into());
    let mut lines = vec![Phrase {
        en: APP.en.replace("{service}", &service.en).replace("{console}", &console.en),
        ja: APP.ja.replace("{service}", &service.ja).replace("{console}", &console.ja),
    }];
    if let Some(redirect) = redirect(prepared) {
        lines.push(REDIRECT.fill(&[("redirect", &redirect)]));
        let fixed = method.redirect.as_ref().is_some_and(|redirect| redirect.port.is_some());
        if !fixed && redirect.starts_with("http://") {
            lines.push(ANY_PORT.into());
        }
    }
    for scope in method.scopes.iter().filter(|scope| scope.default) {
        let label = |text: Option<&str>| text.map(|text| format!("{} ({text})", scope.name));
        let en = label(scope.label.as_ref().map(|label| label.en.as_str()));
        let ja = label(scope.label.as_ref().map(|label| label.ja.as_str()));
        lines.push(Phrase {
            en: SCOPE.en.replace("{scope}", en.as_deref().unwrap_or(&scope.name)),
            ja: SCOPE.ja.replace("{scope}", ja.as_deref().unwrap_or(&scope.name)),
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::warning;

    #[test]
    fn only_a_grant_that_takes_a_password_warns() {
        for (grant, warns) in
            [("password", true), ("client_credentials", false), ("authorization_code", false)]
        {
            let method = toml::from_str(&format!("kind = 'oauth2'\ngrant = '{grant}'")).unwrap();
            assert_eq!(warning(&method).is_some(), warns, "{grant}");
        }
    }
}
