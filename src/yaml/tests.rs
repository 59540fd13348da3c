use proptest::prelude::*;

use super::*;

const ANY: Dialect =
    Dialect { rule: Rule::FrontMatter, limit: 64 * 1024, shape: |_| Shape::Other, is_known: |_| false };

fn file() -> Arc<str> {
    Arc::from("content/a.md")
}

fn tree(source: &str) -> Document<'_> {
    read(&file(), source, 0..source.len(), &ANY)
}

/// The tree without places, in a notation of its own: text, `"text"` in quotes, `-` for nothing.
fn plain(node: &Node<'_>) -> String {
    match &node.kind {
        NodeKind::Null => "-".to_owned(),
        NodeKind::Scalar { text, quoted: false } => text.to_string(),
        NodeKind::Scalar { text, quoted: true } => format!("{text:?}"),
        NodeKind::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        NodeKind::Map(pairs) => {
            let pairs: Vec<_> =
                pairs.iter().map(|(key, value)| format!("{}: {}", key.value, plain(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

#[test]
fn a_tree_knows_where_everything_stands() {
    let source = "title: Ä b\nlinks:\n  - {label: \"x\", url: y}\n  - z\n\nwhy: |\n  one\n\n  two\nempty:\n";
    let document = tree(source);
    assert!(document.diagnostics.is_empty(), "{:?}", document.diagnostics);
    assert_eq!(
        plain(&document.root),
        "{title: Ä b, links: [{label: \"x\", url: y}, z], why: \"one\\n\\ntwo\", empty: -}"
    );
    let NodeKind::Map(pairs) = &document.root.kind else { panic!("a map was written") };
    assert_eq!(pairs[0].1.span, Span::in_line(1, 8, 3));
    assert_eq!(pairs[1].0.span, Span::in_line(2, 1, 5));
    let NodeKind::List(links) = &pairs[1].1.kind else { panic!("a list was written") };
    assert_eq!(links[0].span, Span::in_line(3, 5, 20));
    assert_eq!(&source[links[0].at.clone()], "{label: \"x\", url: y}");
    assert_eq!(pairs[3].1.span, pairs[3].0.span);
}

#[test]
fn a_list_or_a_bracket_may_be_the_whole() {
    assert_eq!(plain(&tree("- a\n- b: c\n  d: e\n-\n").root), "[a, {b: c, d: e}, -]");
    assert_eq!(plain(&tree("{a: [b],\n c: d}\n").root), "{a: [b], c: d}");
    assert_eq!(plain(&tree("---\na: b\n...\nrest").root), "{a: b}");
    assert_eq!(plain(&tree("").root), "{}");
    assert!(tree("a: b\n---\nc: d\n").broken);
    assert!(tree("- a\nb: c\n").broken);
}

#[test]
fn a_tag_is_passed_over_and_a_strange_one_is_text() {
    assert_eq!(plain(&tree("a: !!str 4.10\nb: !x y\n").root), "{a: 4.10, b: !x y}");
}

#[test]
fn names_may_be_quoted_and_hold_signs() {
    assert_eq!(
        plain(&tree("\"a b\": c\nquestions/x#answer-y: 3\na/b.md: 4\n'd':\n  e\n").root),
        "{a b: c, questions/x#answer-y: 3, a/b.md: 4, d: e}"
    );
}

/// What the library alone makes of the whole text, cut into no entries and read on no fast path.
fn by_the_library<'a>(lines: &Lines<'a>) -> Option<Node<'a>> {
    let file = file();
    let reader = Reader { file: &file, lines, dialect: &ANY, diagnostics: Vec::new(), broken: false };
    let entry = Entry { form: Form::Whole, lines: 0..lines.lines.len() };
    library::read(&reader, &entry, &repair::Repaired::default()).ok()
}

/// Lines as front matter has them, most of them simple.
// Long because it is a list of cases.
fn front_matter() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec!["a", "b", "title", "tags", "x-y", "q/r.md", "s#t", "ü", "a b"]);
    let value = prop::sample::select(vec![
        "",
        " ",
        " v",
        "  v w ",
        " 4.10",
        " \"q\"",
        " 'q'",
        " \"a 'b'\"",
        " 'a \"b\"'",
        " \"a\\tb\"",
        " ''",
        " \"\"",
        " 'it''s'",
        " [a, b]",
        " [ a , \"b\" ]",
        " []",
        " [ ]",
        " [a,]",
        " [,]",
        " [a b, c]",
        " [a, 'b, c']",
        " [a, \"b]\"]",
        " [a: b]",
        " [[a]]",
        " [C#, d]",
        " [a]b",
        " [/x/, .y, (z)]",
        " a#b",
        " a # b",
        " #a",
        " a:b",
        " a: b",
        " a:",
        " http://x.y/#z",
        " (a)",
        " /a/",
        " .NET",
        " +1",
        " -1",
        " - a",
        " _a",
        " $a",
        " ä",
        " 日本",
        " ~",
        " |",
        " >-",
        " &a b",
        " *a",
        " !a b",
        " don't",
        " a \"b\" c",
        " \u{a0}x",
        " x\u{2028}y",
        " x\u{feff}",
        " \u{feff}x",
        " “x”",
        " x\ty",
        "\tv",
        " \tv",
        " {a: b}",
        " %a",
        " @a",
        " `a`",
        " a, b",
        " ?a",
        " ? a",
        " :a",
        " =",
        " <<",
        " ---",
        " ...",
    ]);
    let below = prop::sample::select(vec![
        "",
        "",
        "",
        "",
        "\n- a",
        "\n- a\n- b",
        "\n  - a\n  - \"b\"",
        "\n  - a\n - b",
        "\n  -  a ",
        "\n  - a: b",
        "\n  -",
        "\n  - - a",
        "\n  - [a]",
        "\n  c",
        "\n  c: d",
        "\n\n  - a",
        "\n  # r\n  - a",
        "\n  - a\n\n",
        "\n# r",
        "\n  - a #b",
        "\n  - a # b",
        "\n  -a",
    ]);
    prop::collection::vec((key, value, below), 1..4)
        .prop_map(|lines| lines.iter().map(|(key, value, below)| format!("{key}:{value}{below}\n")).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// The fast path and the cutting into entries change nothing: where the library reads the whole text and
    /// nothing was repaired, both trees are the same, places included.
    #[test]
    fn what_is_read_quickly_is_what_the_library_reads(source in front_matter()) {
        let document = tree(&source);
        let lines = Lines::new(&source, 0..source.len());
        if document.diagnostics.is_empty()
            && let Some(expected) = by_the_library(&lines)
            && let NodeKind::Map(_) = expected.kind
        {
            prop_assert_eq!(&document.root.kind, &expected.kind, "{:?}", source);
        }
    }

    /// And where the library refuses, so do we, or say what was repaired.
    #[test]
    fn nothing_that_the_library_refuses_passes_silently(source in front_matter()) {
        let document = tree(&source);
        let lines = Lines::new(&source, 0..source.len());
        if document.diagnostics.is_empty() {
            prop_assert!(by_the_library(&lines).is_some(), "{:?} is {}", source, plain(&document.root));
        }
    }
}

#[test]
fn names_are_written_as_they_are_and_signs_in_quotes() {
    for text in ["ana", "López", "garden sensors", "v4.2-beta", "docs/a b", "."] {
        assert_eq!(write::scalar(text), text);
    }
    for (text, written) in [
        ("4.10", "\"4.10\""),
        ("a #b", "\"a #b\""),
        ("a: b", "\"a: b\""),
        ("a, b", "\"a, b\""),
        ("say \"no\"", "\"say \\\"no\\\"\""),
        ("", "\"\""),
        ("- a", "\"- a\""),
    ] {
        assert_eq!(write::scalar(text), written);
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_it_was(text in "\\PC{0,40}") {
        let source = format!("a: {}\nb: [{}]\n", write::scalar(&text), write::scalar(&text));
        let document = tree(&source);
        prop_assert!(document.diagnostics.is_empty(), "{:?}", document.diagnostics);
        let NodeKind::Map(pairs) = &document.root.kind else { panic!("{source}") };
        prop_assert_eq!(pairs[0].1.text().unwrap_or_default(), &text);
        let NodeKind::List(items) = &pairs[1].1.kind else { panic!("{source}") };
        prop_assert_eq!(items[0].text().unwrap_or_default(), &text);
    }
}
