//! One mail, as programs store it: who wrote it, what it is called, its text without what was quoted and signed, and the
//! pictures that came with it.

mod html;
mod quoted;

use mailparse::{DispositionType, MailAddr, MailHeaderMap, ParsedMail, addrparse_header};

use super::{From, Trouble, blank};
use crate::fetch;
use crate::receive::{Content, MAX_PICTURES, Reason, Refusal, Sender, Submission};

/// A picture is part of a signature, or tells somebody that the mail was read, if neither side has more pixels.
const ORNAMENT: u32 = 64;

/// How the subjects of answers begin that nobody wrote, in small letters.
const AUTOMATIC_SUBJECTS: [&str; 10] = [
    "automatic reply:",
    "auto:",
    "autoreply",
    "out of office",
    "automatische antwort:",
    "abwesenheitsnotiz",
    "réponse automatique",
    "respuesta automática",
    "undelivered mail",
    "mail delivery",
];

/// Reads a mail.
///
/// # Errors
/// When it is none, or no person wrote it to us.
pub fn read(bytes: &[u8]) -> Result<Submission, Trouble> {
    let not_a_mail = |why: &str| Trouble::Unreadable(format!("The input is not a mail: {why}."));
    let mail = mailparse::parse_mail(bytes).map_err(|error| not_a_mail(&error.to_string()))?;
    let from = mail.headers.get_first_header("From").ok_or_else(|| not_a_mail("it has no `From`"))?;
    let (name, address) = match addrparse_header(from).ok().and_then(|all| all.first().cloned()) {
        Some(MailAddr::Single(single)) => (single.display_name.unwrap_or_default(), single.addr),
        Some(MailAddr::Group(group)) => (group.group_name, String::new()),
        None => (String::new(), String::new()),
    };
    let title = mail.headers.get_first_value("Subject").unwrap_or_default();
    person(&mail, &title, &address)?;
    let mut sent = Submission { title, sender: Sender { name, account: None }, ..blank(From::Mail) };
    let mut found = Found::default();
    found.walk(&mail, &mut sent.notes);
    let text = match (found.plain, found.html) {
        (Some(text), _) => text,
        (None, Some(html)) => html::text(&html),
        (None, None) => String::new(),
    };
    sent.content = Content::Body(quoted::cut(&text), found.file);
    sent.pictures = found.pictures;
    Ok(sent)
}

/// Makes sure that a person wrote it, and to us alone.
fn person(mail: &ParsedMail<'_>, subject: &str, address: &str) -> Result<(), Refusal> {
    let refuse = |message: &str| Err(Refusal::new(Reason::Automatic, message));
    let value = |name: &str| mail.headers.get_first_value(name).unwrap_or_default().trim().to_lowercase();
    let submitted = value("Auto-Submitted");
    let is_answer = !submitted.is_empty() && submitted.split(';').next().unwrap_or_default().trim() != "no";
    let has = |name: &str| mail.headers.get_first_header(name).is_some();
    let local = address.split('@').next().unwrap_or_default().to_lowercase();
    let subject = subject.trim().to_lowercase();
    let is_bounce = mail.ctype.mimetype == "multipart/report"
        || has("X-Failed-Recipients")
        || value("Return-Path") == "<>"
        || ["mailer-daemon", "postmaster"].contains(&&*local);
    let is_robot = ["noreply", "no-reply", "donotreply", "do-not-reply"].contains(&&*local);
    if is_answer
        || is_robot
        || has("X-Autoreply")
        || has("X-Autorespond")
        || AUTOMATIC_SUBJECTS.iter().any(|it| subject.starts_with(it))
    {
        return refuse("It is an automatic message.");
    }
    if is_bounce {
        return refuse("It is a message that came back.");
    }
    let is_list =
        mail.headers.iter().any(|header| header.get_key().to_ascii_lowercase().starts_with("list-"));
    if is_list || ["bulk", "list", "junk", "auto_reply"].contains(&&*value("Precedence")) {
        return refuse("It came through a mailing list.");
    }
    Ok(())
}

/// What was found in the parts of a mail.
#[derive(Default)]
struct Found {
    plain: Option<String>,
    html: Option<String>,
    /// A markdown file that came along.
    file: Option<String>,
    pictures: Vec<(String, fetch::Picture)>,
}

impl Found {
    /// Looks through a part and those in it. How deep they are is bounded by the reader.
    fn walk(&mut self, part: &ParsedMail<'_>, notes: &mut Vec<String>) {
        if !part.subparts.is_empty() && part.ctype.mimetype != "message/rfc822" {
            for inner in &part.subparts {
                self.walk(inner, notes);
            }
            return;
        }
        let disposition = part.get_content_disposition();
        let named = disposition.params.get("filename").or_else(|| part.ctype.params.get("name"));
        let is_attached = disposition.disposition == DispositionType::Attachment || named.is_some();
        let sort = part.ctype.mimetype.as_str();
        match (is_attached, sort) {
            (false, "text/plain") if self.plain.is_none() => self.plain = Some(unflowed(part)),
            (false, "text/html") if self.html.is_none() => self.html = part.get_body().ok(),
            (false, _) if sort.starts_with("text/") => {}
            _ => self.attached(part, named.map_or("", String::as_str), notes),
        }
    }

    fn attached(&mut self, part: &ParsedMail<'_>, name: &str, notes: &mut Vec<String>) {
        let Ok(bytes) = part.get_body_raw() else { return };
        let shown: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        if matches!(&*ending, "md" | "markdown") && self.file.is_none() {
            match String::from_utf8(bytes) {
                Ok(text) => self.file = Some(text),
                Err(_) => notes.push(format!("The file {shown} was left out: it is not UTF-8 text.")),
            }
            return;
        }
        if matches!(
            part.ctype.mimetype.as_str(),
            "message/rfc822" | "application/pgp-signature" | "application/pkcs7-signature"
        ) {
            return;
        }
        if self.pictures.len() >= MAX_PICTURES {
            notes.push(format!("The file {shown} was left out: at most {MAX_PICTURES} pictures are taken."));
            return;
        }
        if bytes.len() as u64 > fetch::MAX_BYTES {
            notes.push(format!(
                "The file {shown} was left out: it has more than {} MB.",
                fetch::MAX_BYTES >> 20
            ));
            return;
        }
        match fetch::remade(&bytes) {
            Ok(picture) if picture.width.max(picture.height) <= ORNAMENT => {}
            Ok(picture) => self.pictures.push((name.to_owned(), picture)),
            Err(why) => notes.push(format!("The file {shown} was left out: {why}.")),
        }
    }
}

/// The text of a part, with its lines joined that a program broke (RFC 3676).
fn unflowed(part: &ParsedMail<'_>) -> String {
    let text = part.get_body().unwrap_or_default().replace("\r\n", "\n");
    let is = |name: &str, value: &str| {
        part.ctype.params.get(name).is_some_and(|it| it.eq_ignore_ascii_case(value))
    };
    if !is("format", "flowed") {
        return text;
    }
    let drops_space = is("delsp", "yes");
    let mut lines: Vec<String> = Vec::new();
    let mut flows: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let inner = &line[depth..];
        let inner = inner.strip_prefix(' ').unwrap_or(inner);
        let is_sign = inner == "-- ";
        let is_soft = inner.ends_with(' ') && !is_sign;
        let body = if is_soft && drops_space { &inner[..inner.len() - 1] } else { inner };
        match (flows, lines.last_mut()) {
            (Some(before), Some(last)) if before == depth && !is_sign => last.push_str(body),
            _ if depth > 0 => lines.push(format!("{} {body}", ">".repeat(depth))),
            _ => lines.push(body.to_owned()),
        }
        flows = is_soft.then_some(depth);
    }
    lines.join("\n")
}
