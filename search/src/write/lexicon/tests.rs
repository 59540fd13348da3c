//! What becomes of words: numbers, in whatever order they are read.

use super::*;

#[test]
fn short_words_are_told_apart_by_their_bytes() {
    let text = "a ab abc abcdefghijklmnop abcdefghijklmnopq abc";
    let bytes = |word: &str, from: usize| {
        let start = text[from..].find(word).expect("it is there") + from;
        short(text.as_bytes(), &(start..start + word.len()))
    };
    assert_eq!(bytes("abc", 0), bytes("abc", 40), "also where the text ends behind it");
    assert_ne!(bytes("abc", 0), bytes("ab", 0));
    assert!(bytes("abcdefghijklmnop", 0).is_some() && bytes("abcdefghijklmnopq", 0).is_none());
    assert_eq!(short(b"", &(0..0)), None);
}

/// The numbers of the terms of a text, and where they stand.
fn numbers(reader: &mut Reader, text: &str) -> Vec<(u32, usize)> {
    let mut numbers = Vec::new();
    reader.read(text, |found| match found {
        Found::Token(token, at) => numbers.push((token.term, at)),
        Found::Gram(term) => numbers.push((term, 0)),
    });
    numbers
}

#[test]
fn words_keep_their_numbers_whoever_reads_them() {
    let mut lexicon = Lexicon::new("en", "");
    let text = "Readers read snake_case and incomprehensibilities: 東京";
    let (mut one, mut other) = (Reader::new(&lexicon), Reader::new(&lexicon));
    let read = numbers(&mut one, text);
    assert_eq!(read, numbers(&mut other, text));
    assert_eq!(read, numbers(&mut one, text), "nor does it matter whether they are remembered");
    lexicon.terms.renew();
    let sorted = lexicon.terms.sorted();
    assert!(sorted.is_sorted());
    let texts: Vec<&str> = read
        .iter()
        .map(|(number, _)| &*sorted.iter().find(|(_, known)| known == number).expect("it is known").0)
        .collect();
    let expected = ["reader", "read", "snakecas", "snake", "case", "and", "incomprehens", "東", "東京", "京"];
    assert_eq!(texts, expected);
}

#[test]
fn grams_are_those_that_questions_have() {
    let lexicon = Lexicon::new("ko", "");
    let (mut reader, mut other) = (Reader::new(&lexicon), Reader::new(&lexicon));
    for text in ["한국어를", "日", "ไ", "ไท", "ภาษาไทย", "カタカナと漢字", "か\u{3099}く", "日ไท", "ｶﾅ"]
    {
        for _ in 0..2 {
            let mut found: Vec<u32> = numbers(&mut reader, text).into_iter().map(|(term, _)| term).collect();
            let mut expected = Vec::new();
            tokenizer::each_gram(text, |gram, _| expected.push(other.exact(gram)));
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{text}");
            let mut wanted = std::collections::BTreeSet::new();
            tokenizer::wanted_grams(text, &mut wanted);
            let mut in_title = reader.title(text).grams;
            let mut expected: Vec<u32> =
                wanted.iter().map(|gram| other.exact(&crate::schema::in_title(gram, false))).collect();
            in_title.sort_unstable();
            expected.sort_unstable();
            assert_eq!(in_title, expected, "{text}");
        }
    }
}

#[test]
fn new_words_are_sorted_in() {
    let mut lexicon = Lexicon::new("en", "");
    let mut reader = Reader::new(&lexicon);
    let mut all = Vec::new();
    for text in ["mango apple zebra", "apple", "banana yak aardvark", ""] {
        numbers(&mut reader, text);
        lexicon.terms.renew();
        all.extend(text.split_whitespace());
        all.sort_unstable();
        all.dedup();
        let sorted: Vec<&str> = lexicon.terms.sorted().iter().map(|(text, _)| &**text).collect();
        let stems: Vec<&str> = all.iter().map(|word| if *word == "apple" { "appl" } else { word }).collect();
        assert_eq!(sorted, stems);
    }
}

#[test]
fn words_that_begin_alike_are_sorted_by_what_follows() {
    let mut sorted = Sorted::new();
    let ends = ["se", "", "sations", "sation", "\u{1}", "sé", "z"];
    for word in
        ends.map(|end| format!("internationali{end}")).iter().map(String::as_str).chain(["", "i", "z"])
    {
        sorted.table.number(word);
    }
    sorted.renew();
    assert!(sorted.sorted().is_sorted() && sorted.sorted().len() == ends.len() + 3);
    assert!((0..).zip(sorted.sorted()).all(|(rank, (_, number))| sorted.ranks()[*number as usize] == rank));
}

#[test]
fn a_spelling_is_noted_once_a_turn() {
    let mut lexicon = Lexicon::new("en", "");
    let mut reader = Reader::new(&lexicon);
    let mut written = |text: &str| {
        numbers(&mut reader, text);
        let written = reader.written();
        lexicon.spellings.renew();
        let text = |number| lexicon.spellings.sorted().iter().find(|(_, known)| *known == number);
        let mut texts: Vec<String> = written
            .iter()
            .filter_map(|(number, _)| text(*number))
            .map(|(text, _)| text.to_string())
            .collect();
        texts.sort_unstable();
        texts
    };
    assert_eq!(written("Passwords, passwords and the snake_case of v4"), ["case", "passwords", "snake"]);
    assert_eq!(written("passwords PASSWORDS"), ["passwords"]);
    assert!(written("").is_empty());
}
