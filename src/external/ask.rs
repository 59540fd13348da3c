//! One question about an address: HEAD, and GET where that is not understood. Only the head of the answer is read.

use std::thread;
use std::time::Instant;

use url::Url;

use super::{Answer, Options};
use crate::http::{self, Client, Failure, Method};

/// A client that says that links are checked.
pub(super) fn client(options: &Options) -> Client {
    let user_agent = concat!("longhouse/", env!("CARGO_PKG_VERSION"), " (link check)");
    Client::new(user_agent, options.allowed.clone())
}

/// Asks whether an address leads somewhere, until the time of all is over. What failed by chance is tried twice, if
/// there is time.
pub(super) fn ask(client: &Client, url: &Url, options: &Options, end: Instant) -> Answer {
    let end = end.min(Instant::now() + options.chain);
    let first = follow(client, url, options, end);
    if !matches!(first, Err(Failure::Broken(_) | Failure::Unreachable(_))) {
        return told(first);
    }
    if Instant::now() + options.pause >= end {
        return told(first);
    }
    thread::sleep(options.pause);
    told(follow(client, url, options, end))
}

/// Goes where it leads, and says with what that is answered.
fn follow(client: &Client, url: &Url, options: &Options, end: Instant) -> Result<u16, Failure> {
    let ask = |url: &Url| {
        let deadline = end.min(Instant::now() + options.timeout);
        let response = client.ask(Method::Head, url, deadline)?;
        if response.status() < 400 { Ok(response) } else { client.ask(Method::Get, url, deadline) }
    };
    http::follow(url, ask, |_| Ok(())).map(|response| response.status())
}

/// What follows for the link. Many hosts refuse machines what they show to people, or are busy.
fn told(said: Result<u16, Failure>) -> Answer {
    match said {
        Ok(status @ (404 | 410)) => Answer::Dead(format!("answers with {status}: the page does not exist")),
        Ok(status @ 500..=599) if status != 503 => {
            Answer::Odd(format!("answers with {status}: the site has a problem"))
        }
        Ok(_) => Answer::Fine,
        Err(Failure::Private) => Answer::Private,
        Err(failure @ (Failure::NoHost | Failure::Unreachable(_))) => Answer::Away(failure.how()),
        Err(Failure::Broken(how)) => Answer::Odd(how),
    }
}
