//! Films and recordings that are shown elsewhere. A page loads nothing from there: the address alone on its line is a
//! card that says what it is and where it opens.

use pulldown_cmark::{Event, Tag, TagEnd};
use url::Url;

use super::writer::{Events, Writer};
use super::{LinkKind, Segment};
use crate::page::destination::{Destination, classify};

/// Hosts of films and recordings, and what they are called.
const HOSTS: [(&str, &str); 11] = [
    ("asciinema.org", "asciinema"),
    ("loom.com", "Loom"),
    ("m.youtube.com", "YouTube"),
    ("player.vimeo.com", "Vimeo"),
    ("vimeo.com", "Vimeo"),
    ("youtu.be", "YouTube"),
    ("youtube-nocookie.com", "YouTube"),
    ("youtube.com", "YouTube"),
    ("peertube.tv", "PeerTube"),
    ("twitch.tv", "Twitch"),
    ("dailymotion.com", "Dailymotion"),
];

/// What the host of a film is called, if an address is that of a film, and the address at which one looks at it.
pub(super) fn film(address: &str) -> Option<(&'static str, String)> {
    let Destination::Absolute(url) = classify(address) else { return None };
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let (_, name) = HOSTS.iter().find(|(known, _)| *known == host)?;
    let path = url.path().trim_matches('/');
    let is_film = match *name {
        "YouTube" if host == "youtu.be" => !path.is_empty() && !path.contains('/'),
        "YouTube" => {
            path == "watch"
                || path == "playlist"
                || ["embed/", "shorts/", "live/"].iter().any(|it| path.starts_with(it))
        }
        "Vimeo" => path.rsplit('/').any(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())),
        "asciinema" => path.starts_with("a/"),
        "Loom" => path.starts_with("share/") || path.starts_with("embed/"),
        "PeerTube" => path.starts_with("w/") || path.starts_with("videos/"),
        "Twitch" => path.starts_with("videos/"),
        _ => path.starts_with("video/"),
    };
    is_film.then(|| (*name, watched(&url, path)))
}

/// The page of a film, where an address is that of its player.
fn watched(url: &Url, path: &str) -> String {
    let id = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    match path {
        path if path.starts_with("embed/") && url.host_str().is_some_and(|host| host.contains("youtube")) => {
            format!("https://www.youtube.com/watch?v={}", id(path))
        }
        path if path.starts_with("video/") && url.host_str() == Some("player.vimeo.com") => {
            format!("https://vimeo.com/{}", id(path))
        }
        _ => url.as_str().to_owned(),
    }
}

impl Writer<'_> {
    /// Writes a paragraph that is nothing but the address of a film, and returns the index of the event after it.
    pub(super) fn film(&mut self, events: &Events<'_>, at: usize) -> Option<usize> {
        let range = &events[at].1;
        let (next, address, title) = match &events.get(at + 1)?.0 {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let (next, title) = link_alone(events, at + 1)?;
                (next, dest_url.to_string(), title)
            }
            Event::Text(_) => {
                let typed = self.source.cleaned.text.get(range.clone())?.trim();
                let is_address = !typed.contains(char::is_whitespace) && typed.contains("://");
                let is_end = |(event, _): &(Event<'_>, _)| matches!(event, Event::End(TagEnd::Paragraph));
                let end = events[at..].iter().take(40).position(is_end).filter(|_| is_address)?;
                (at + end + 1, typed.to_owned(), String::new())
            }
            _ => return None,
        };
        film(&address)?;
        self.embed(&address, &title, range.clone());
        Some(next)
    }

    /// Writes the card of a film; nothing where the address is not that of one.
    pub(super) fn embed(&mut self, address: &str, title: &str, range: std::ops::Range<usize>) -> bool {
        let Some((host, address)) = film(address) else { return false };
        self.break_text();
        self.body.html.push_str("<p class=\"film\">");
        self.open_link(address, None, LinkKind::Inline, range);
        let title = title.trim();
        if title.is_empty() || title.contains("://") {
            self.plain(host);
            self.slot(Segment::Film);
        } else {
            self.plain(title);
            self.body.html.push_str(" <small>");
            self.plain(host);
            self.slot(Segment::Film);
            self.body.html.push_str("</small>");
        }
        self.close_link();
        self.body.html.push_str("</p>\n");
        self.break_text();
        true
    }
}

/// The text of a link that is all that a paragraph holds, and the index of the event after the paragraph.
fn link_alone(events: &Events<'_>, at: usize) -> Option<(usize, String)> {
    let mut title = String::new();
    for (step, (event, _)) in events[at + 1..].iter().take(60).enumerate() {
        match event {
            Event::Text(text) | Event::Code(text) => title.push_str(text),
            Event::SoftBreak => title.push(' '),
            // A picture of ours that leads to a film says by itself what it is. One elsewhere is the film's own still,
            // which a page does not load: its description is the film's title.
            Event::Start(Tag::Image { dest_url, .. })
                if !matches!(classify(dest_url), Destination::Absolute(_)) =>
            {
                return None;
            }
            Event::End(TagEnd::Link) => {
                let next = at + 1 + step + 1;
                let is_alone = matches!(events.get(next), Some((Event::End(TagEnd::Paragraph), _)));
                return is_alone.then_some((next + 1, title));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::html;
    use super::film;

    #[test]
    fn the_address_of_a_film_alone_on_its_line_is_a_card() {
        let card = "<p class=\"film\"><a href=\"https://youtu.be/a_b-c\" rel=\"ugc nofollow noopener\">YouTube · video</a></p>\n";
        assert_eq!(html("https://youtu.be/a_b-c"), card);
        assert_eq!(html("<https://youtu.be/a_b-c>"), card);
        assert_eq!(
            html("[How we fire](https://vimeo.com/123)"),
            "<p class=\"film\"><a href=\"https://vimeo.com/123\" rel=\"ugc nofollow noopener\">How we fire \
             <small>Vimeo · video</small></a></p>\n"
        );
        for text in
            ["see https://youtu.be/abc", "https://www.youtube.com/@somebody", "https://a.example/watch?v=1"]
        {
            assert!(!html(text).contains("film"), "{text}");
        }
        assert_eq!(
            film("https://www.youtube-nocookie.com/embed/abc?autoplay=1").map(|it| it.1).as_deref(),
            Some("https://www.youtube.com/watch?v=abc")
        );
        assert_eq!(
            film("https://player.vimeo.com/video/12").map(|it| it.1).as_deref(),
            Some("https://vimeo.com/12")
        );
        assert!(film("https://asciinema.org/a/12").is_some());
        assert!(film("https://youtube.com.evil.example/watch?v=1").is_none());
        assert!(film("javascript:alert(1)").is_none());
    }

    #[test]
    fn a_frame_of_a_film_is_its_card_and_a_player_one_of_ours() {
        assert_eq!(
            html(
                "<iframe width=\"560\" src=\"https://www.youtube.com/embed/abc\" title=\"The pump\"></iframe>"
            ),
            "<p class=\"film\"><a href=\"https://www.youtube.com/watch?v=abc\" rel=\"ugc nofollow noopener\">The pump \
             <small>YouTube · video</small></a></p>\n"
        );
        assert_eq!(
            html("<script src=\"https://asciinema.org/a/12.js\" id=\"asciicast-12\" async></script>"),
            "<p class=\"film\"><a href=\"https://asciinema.org/a/12\" rel=\"ugc nofollow noopener\">asciinema · video</a></p>\n"
        );
        for player in [
            "<video src=\"a.mp4\" controls></video>",
            "<video controls><source src=\"a.mp4\" type=\"video/mp4\">No video.</video>",
            "<audio src=\"a.mp3\" controls>\n</audio>",
        ] {
            let html = html(player);
            assert!(html.contains("<img src=\"a.mp") && !html.contains("&lt;"), "{player}: {html}");
        }
        assert!(
            html("<video controls>\n<source src=\"a.mp4\">\nNo video.\n</video>")
                .contains("<img src=\"a.mp4\"")
        );
        // Words beside it are not lost, and other frames stay text.
        for text in [
            "<iframe src=\"https://www.youtube.com/embed/abc\"></iframe> and words",
            "<iframe src=\"https://evil.example/x\"></iframe>",
            "<iframe src=\"javascript:alert(1)\"></iframe>",
            "<iframe></iframe>",
            "<script src=\"https://asciinema.org.evil.example/a/12.js\"></script>",
            "<script src=\"https://asciinema.org/a/12.js\">alert(1)</script> and words",
            "<video src=\"https://evil.example/a.mp4\"></video>",
            "<video src=\"a.mp4\"></video> and words",
        ] {
            let html = html(text);
            let is_shown = ["&lt;iframe", "&lt;script", "&lt;video"].iter().any(|it| html.contains(it));
            assert!(is_shown && !html.contains("<iframe") && !html.contains("<script"), "{text}: {html}");
        }
    }
}
