//! The little of XML that drawings use, read strictly: no entities but the five and numbers, no
//! internal subset, every element closed. What isn't exactly that is an error.

/// A piece of a document. Comments, instructions and the document type are passed over.
pub(super) enum Piece<'a> {
    /// An element begins.
    Open {
        /// With its prefix, if it has one.
        name: &'a str,
        /// Values decoded.
        attributes: Vec<(&'a str, String)>,
        /// Whether it ends at once.
        is_empty: bool,
    },
    /// The innermost element ends.
    Close,
    /// Text, decoded.
    Text(String),
}

/// Hands over the pieces in order, until the end or the first error of either side.
pub(super) fn read<'a>(
    text: &'a str,
    take: &mut dyn FnMut(Piece<'a>) -> Result<(), String>,
) -> Result<(), String> {
    if let Some(bad) = text.chars().find(|c| is_forbidden(*c)) {
        return Err(format!("it contains a character that is not allowed (U+{:04X})", u32::from(bad)));
    }
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = behind(after, "-->")?.1;
        } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
            let (data, behind) = behind(after, "]]>")?;
            take(Piece::Text(data.to_owned()))?;
            rest = behind;
        } else if let Some(after) = rest.strip_prefix("<?") {
            rest = behind(after, "?>")?.1;
        } else if let Some(after) = rest.strip_prefix("<!DOCTYPE") {
            let (doctype, behind) = behind(after, ">")?;
            if doctype.contains(['[', '<']) {
                return Err("it declares entities".into());
            }
            rest = behind;
        } else if let Some(after) = rest.strip_prefix("</") {
            let (name, behind) = behind(after, ">")?;
            if open.pop() != Some(name.trim_end()) {
                return Err(format!("`</{}>` closes nothing", name.chars().take(40).collect::<String>()));
            }
            take(Piece::Close)?;
            rest = behind;
        } else if let Some(after) = rest.strip_prefix('<') {
            let (name, attributes, is_empty, behind) = element(after)?;
            if !is_empty {
                open.push(name);
                if open.len() > 1000 {
                    return Err("its elements are nested too deeply".into());
                }
            }
            take(Piece::Open { name, attributes, is_empty })?;
            rest = behind;
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            take(Piece::Text(decode(&rest[..end])?))?;
            rest = &rest[end..];
        }
    }
    match open.last() {
        Some(name) => Err(format!("`<{}>` is never closed", name.chars().take(40).collect::<String>())),
        None => Ok(()),
    }
}

/// Name, attributes, whether it is empty, and the rest behind it.
type Element<'a> = (&'a str, Vec<(&'a str, String)>, bool, &'a str);

fn element(text: &str) -> Result<Element<'_>, String> {
    let (name, mut rest) = name(text)?;
    let mut attributes: Vec<(&str, String)> = Vec::new();
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        if let Some(behind) = trimmed.strip_prefix('>') {
            return Ok((name, attributes, false, behind));
        }
        if let Some(behind) = trimmed.strip_prefix("/>") {
            return Ok((name, attributes, true, behind));
        }
        if trimmed.len() == rest.len() {
            return Err(format!(
                "the element `<{}` cannot be read",
                name.chars().take(40).collect::<String>()
            ));
        }
        let (key, after) = self::name(trimmed)?;
        let after = after.trim_start().strip_prefix('=').ok_or("an attribute has no value")?.trim_start();
        let quote =
            after.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or("an attribute has no quotes")?;
        let (value, behind) = behind(&after[1..], if quote == '"' { "\"" } else { "'" })?;
        if value.contains('<') || attributes.len() >= 200 || attributes.iter().any(|(known, _)| *known == key)
        {
            return Err("an attribute cannot be read".into());
        }
        attributes.push((key, decode(value)?));
        rest = behind;
    }
}

fn name(text: &str) -> Result<(&str, &str), String> {
    let belongs = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    if text[..end].starts_with(|c: char| c.is_alphabetic() || c == '_') {
        Ok(text.split_at(end))
    } else {
        Err("an element or attribute has no name".into())
    }
}

fn behind<'a>(text: &'a str, end: &str) -> Result<(&'a str, &'a str), String> {
    text.split_once(end).ok_or_else(|| format!("`{end}` is missing"))
}

fn decode(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, behind) = after
            .get(..after.len().min(12))
            .and_then(|near| near.find(';'))
            .map(|end| (&after[..end], &after[end + 1..]))
            .or_else(|| after.split_once(';').filter(|(entity, _)| entity.len() < 12))
            .ok_or("an `&` is not escaped")?;
        let c = match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => {
                let number = entity.strip_prefix('#').ok_or("it uses an entity")?;
                match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => number.parse().ok(),
                }
                .and_then(char::from_u32)
                .filter(|c| !is_forbidden(*c))
            }
        };
        out.push(c.ok_or("it uses a character that is not allowed")?);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}
