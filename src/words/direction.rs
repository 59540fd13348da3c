//! Which way a language and a text are written, and what turns around what stands beside it.

/// Whether a language, as BCP 47, is written from right to left.
#[must_use]
pub fn is_right_to_left(language: &str) -> bool {
    matches!(
        language.split('-').next().unwrap_or_default(),
        "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ks" | "ku" | "ps" | "sd" | "ug" | "ur" | "yi"
    )
}

/// Whether a text holds a letter of the other direction than the sentence into which it goes, other than
/// between marks that keep it apart.
pub(super) fn turns(text: &str, right_to_left: bool) -> bool {
    if text.is_ascii() && !right_to_left {
        return false;
    }
    let mut depth = 0_u32;
    text.chars().any(|char| {
        match char {
            '\u{2066}'..='\u{2068}' => depth += 1,
            '\u{2069}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && char.is_alphabetic() && is_of_right_to_left(char) != right_to_left
    })
}

/// Whether a letter belongs to a script that is written from right to left: the blocks that Unicode keeps
/// for these.
const fn is_of_right_to_left(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8FF}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFE}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_letter_of_the_other_direction_turns_a_sentence() {
        for (text, right_to_left, expected) in [
            ("Ana", false, false),
            ("Ana Möller 4.2", false, false),
            ("أمل", false, true),
            ("Ana, \u{2068}أمل\u{2069}", false, false),
            ("أمل", true, false),
            ("4.2", true, false),
            ("Ana", true, true),
        ] {
            assert_eq!(turns(text, right_to_left), expected, "{text}");
        }
    }
}
