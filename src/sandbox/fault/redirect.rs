//! Redirects: to a page for people, to another host, to another path, in circles.

use crate::base::Text;

use super::super::reply::Answer;
use super::{Effect, Mode};

pub(super) static MODES: &[Mode] = &[
    Mode {
        name: "login-redirect",
        about: Text::new(
            "302 to the login page of the same host.",
            "302: 同じホストのログインページへ転送されます。",
        ),
        effect: Effect::Instead(|_| redirect(302, "/login?next=%2Fapi".to_owned()).into()),
    },
    Mode {
        name: "other-host",
        about: Text::new("302 to another host.", "302: 別のホストへ転送されます。"),
        effect: Effect::Instead(|ask| {
            let port = ask.state.elsewhere.port();
            redirect(302, format!("http://localhost:{port}{}", ask.request.target())).into()
        }),
    },
    Mode {
        name: "redirect-loop",
        about: Text::new("302 to itself, for ever.", "302: 自分自身への転送が続きます。"),
        effect: Effect::Instead(|ask| redirect(302, ask.request.target()).into()),
    },
    Mode {
        name: "moved",
        about: Text::new(
            "301 to the new path /v2 of the same host.",
            "301: 同じホストの新しいパス /v2 へ転送されます。",
        ),
        effect: Effect::Instead(|ask| redirect(301, format!("/v2{}", ask.path)).into()),
    },
    Mode {
        name: "to-https",
        about: Text::new("301 to https.", "301: https へ転送されます。"),
        effect: Effect::Instead(|ask| {
            redirect(301, format!("https://{}{}", ask.state.address, ask.request.target())).into()
        }),
    },
];

fn redirect(status: u16, location: String) -> Answer {
    Answer::html(status, "Redirect", "<p>This page is somewhere else.</p>").with("location", location)
}
