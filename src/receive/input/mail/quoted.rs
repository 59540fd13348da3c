//! The text that somebody wrote, without what they answered and what their program or they themselves put below it.

/// What stands in the line above a quotation, in the languages of usual programs: `On Monday Ana wrote:`.
const WROTE: [&str; 14] = [
    "wrote",
    "schrieb",
    "geschrieben",
    "a écrit",
    "écrit",
    "escribió",
    "escribio",
    "ha scritto",
    "schreef",
    "escreveu",
    "skrev",
    "napisał",
    "pisze",
    "كتب",
];

/// What stands above a whole message, between lines or after them.
const ORIGINAL: [&str; 12] = [
    "original message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "message d'origine",
    "message d’origine",
    "mensaje original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "mensagem original",
    "forwarded message",
    "weitergeleitete nachricht",
    "الرسالة الأصلية",
];

/// With what the first line of a quoted head begins, and one of those below it.
const HEADS: [(&str, &[&str]); 6] = [
    ("from:", &["sent:", "date:", "to:"]),
    ("von:", &["gesendet:", "datum:", "an:"]),
    ("de :", &["envoyé :", "date :", "à :"]),
    ("de:", &["enviado:", "fecha:", "para:", "envoyé:", "date:"]),
    ("da:", &["inviato:", "data:", "a:"]),
    ("من:", &["تاريخ الإرسال:", "إلى:", "التاريخ:"]),
];

/// What telephones and programs write below a text, as its beginning.
const SENT_FROM: [&str; 12] = [
    "sent from my ",
    "get outlook for ",
    "sent from outlook",
    "sent from yahoo",
    "von meinem ",
    "gesendet von ",
    "gesendet mit ",
    "envoyé de mon ",
    "envoyé depuis ",
    "enviado desde mi ",
    "obtener outlook para ",
    "أُرسلت من ",
];

/// A line of dashes begins a signature only if at most this many lines follow.
const SIGNATURE: usize = 12;

/// The text without quotations at its end, and without a signature.
pub(super) fn cut(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut lines: Vec<&str> = text.lines().collect();
    if let Some(at) = (0..lines.len()).find(|at| begins_quotation(&lines, *at)) {
        lines.truncate(at);
    }
    if let Some(at) = lines.iter().rposition(|line| *line == "-- " || line.trim_end() == "--")
        && (lines[at] == "-- " || lines.len() - at <= SIGNATURE)
        && at > 0
    {
        lines.truncate(at);
    }
    while let Some(last) = lines.last() {
        let line = last.trim().to_lowercase();
        let is_sent = SENT_FROM.iter().any(|it| line.starts_with(it)) && line.chars().count() < 60;
        if !(line.is_empty() || line.starts_with('>') || is_sent || is_line(&line)) {
            break;
        }
        lines.pop();
    }
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Whether what stands from a line on is what somebody else wrote.
fn begins_quotation(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let lower = line.to_lowercase();
    if line.is_empty() {
        return false;
    }
    let bare = lower.trim_matches(|c: char| c == '-' || c == '_' || c.is_whitespace());
    if line.starts_with("--") && ORIGINAL.contains(&bare) {
        return true;
    }
    let below =
        |count: usize| lines[at + 1..].iter().take(count).map(|it| it.trim()).filter(|it| !it.is_empty());
    for (first, others) in HEADS {
        let is_head = lower.trim_start_matches(['*', '>']).trim_start().starts_with(first);
        if is_head
            && below(6).any(|it| {
                others.iter().any(|other| it.to_lowercase().trim_start_matches('*').starts_with(other))
            })
        {
            return true;
        }
    }
    // The line may be broken, so that its end stands on one of the next two; what follows is quoted to the end.
    (0..3).any(|more| {
        let Some(end) = lines.get(at + more) else { return false };
        let joined = lines[at..=at + more].join(" ").to_lowercase();
        let is_said = end.trim_end().ends_with([':', '：']) && joined.len() < 400 && has_wrote(&joined);
        let mut rest = lines[at + more + 1..].iter().filter(|it| !it.trim().is_empty()).peekable();
        is_said
            && !lines[at..at + more].iter().any(|it| it.trim().is_empty())
            && (rest.peek().is_none() || rest.all(|it| it.trim_start().starts_with('>')))
    })
}

fn has_wrote(line: &str) -> bool {
    let is_word = |at: usize, word: &str| {
        let before = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let after = line[at + word.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric());
        before && after
    };
    let dated = line.contains('@') || line.chars().any(|c| c.is_ascii_digit());
    dated && WROTE.iter().any(|word| line.match_indices(word).any(|(at, _)| is_word(at, word)))
}

/// Whether a line is one that parts what was written from what was answered.
fn is_line(line: &str) -> bool {
    line.len() > 9 && line.chars().all(|c| c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_and_signed_is_cut() {
        for below in [
            "On Mon, 23 Nov 2026 at 10:00, Ana Silva <ana@example.org> wrote:\n> Hello\n> you",
            "On Mon, 23 Nov 2026 at 10:00, Community\n<community@example.org> wrote:\n\n> Hello\n>\n> you\n",
            "Am 23.11.26 um 10:00 schrieb Ana Silva:\n> Hallo",
            "Le lun. 23 nov. 2026 à 10:00, Ana <ana@example.org> a écrit :\n> Bonjour",
            "El lun, 23 nov 2026 a las 10:00, Ana (<ana@example.org>) escribió:\n> Hola",
            "في الاثنين، 23 نوفمبر 2026 كتب Ana:\n> مرحبا",
            "-----Original Message-----\nFrom: Ana\nSent: Monday\n\nHello",
            "-----Ursprüngliche Nachricht-----\nVon: Ana\n\nHallo",
            "________________________________\nFrom: Ana <ana@example.org>\nSent: Monday, November 23\nTo: Community\nSubject: x\n\nHello",
            "Von: Ana\nGesendet: Montag\nAn: Community\n\nHallo",
            "-- \nAna Silva\nRauma Pottery\n+358 12 345 678",
            "--\nAna Silva",
            "Sent from my iPhone",
            "Von meinem iPhone gesendet\n\n> Hallo",
            "Envoyé de mon iPhone",
        ] {
            assert_eq!(
                cut(&format!("It works.\r\n\r\nReally.\n\n{below}")),
                "It works.\n\nReally.",
                "{below}"
            );
        }
    }

    #[test]
    fn what_somebody_wrote_stays() {
        for text in [
            "He wrote in 2019:\n\nIt is broken.",
            "> It is broken\n\nNo, it works.",
            "From: is a header.\nI mean it.",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "a\n---\nb",
        ] {
            assert_eq!(cut(text), text);
        }
    }
}
