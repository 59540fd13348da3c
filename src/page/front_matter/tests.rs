//! Long because it is a list of cases.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Severity;

fn read(source: &str) -> FrontMatter {
    parse(&Arc::from("content/questions/a.md"), source)
}

/// Rule, line, column and fix of everything that is wrong.
fn told(front: &FrontMatter) -> Vec<(&'static str, u32, u32, Option<&str>)> {
    front
        .diagnostics
        .iter()
        .map(|found| (found.rule.name(), found.line, found.column, found.fix.as_deref()))
        .collect()
}

fn texts(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(|text| text.value.as_str()).collect()
}

fn title(source: &str) -> Option<String> {
    read(source).fields.title.map(|title| title.value)
}

#[test]
fn a_usual_front_matter_is_read_with_its_places() {
    let source = "---\nauthors: [\"user110\"]\ndate: \"2015-01-28\"\ntags: [cold-brew, water]\nscore: 26\naccepted: user100\n---\n# Title\n";
    let front = read(source);
    assert!(!front.broken && front.diagnostics.is_empty(), "{:?}", front.diagnostics);
    assert_eq!(&source[front.body_at..], "# Title\n");
    assert_eq!(texts(&front.fields.authors), ["user110"]);
    assert_eq!(texts(&front.fields.tags), ["cold-brew", "water"]);
    assert_eq!(front.fields.tags[1].span, Span::in_line(4, 19, 5));
    assert_eq!(front.fields.score.as_ref().map(|score| score.value), Some(26));
    assert_eq!(front.fields.date.as_ref().map(|date| date.value.to_string()).as_deref(), Some("2015-01-28"));
    assert_eq!(front.fields.present.len(), 5);
    assert_eq!(front.fields.key_span(Field::Score), Some(Span::in_line(5, 1, 5)));
}

#[test]
fn a_text_keeps_the_characters_that_were_typed() {
    let front = read(
        "---\nversions: 4.10\ntags: [no, 007, 1e3, null]\ntitle: C# #1: tips\nproblem: 'it''s'\nwhy: \"a \\\"b\\\"\"\n---\n",
    );
    assert_eq!(texts(&front.fields.versions), ["4.10"]);
    assert_eq!(texts(&front.fields.tags), ["no", "007", "1e3", "null"]);
    assert_eq!(front.fields.title.as_ref().map(|title| title.value.as_str()), Some("C# #1: tips"));
    assert_eq!(front.fields.problem.as_ref().map(|text| text.value.as_str()), Some("it's"));
    assert_eq!(front.fields.why.as_ref().map(|text| text.value.as_str()), Some("a \"b\""));
    assert!(!front.broken);
    assert_eq!(told(&front), [("field-value", 4, 8, Some("\"C# #1: tips\""))]);
}

#[test]
fn what_was_obviously_meant_as_text_is_text() {
    for (typed, meant) in [
        ("Error: cannot connect", "Error: cannot connect"),
        ("what does this mean:", "what does this mean:"),
        ("Use #3 first", "Use #3 first"),
        ("Fix #3 #4", "Fix #3 #4"),
        ("#1 tip", "#1 tip"),
        ("@ana asks", "@ana asks"),
        ("`npm i` fails", "`npm i` fails"),
        ("%APPDATA% is full", "%APPDATA% is full"),
        ("*Important*", "*Important*"),
        ("**Bold** move", "**Bold** move"),
        ("&amp; what", "&amp; what"),
        ("!important rules", "!important rules"),
        ("[WIP] Draft", "[WIP] Draft"),
        ("[Draft]", "[Draft]"),
        ("{{ site.title }}", "{{ site.title }}"),
        ("\"Foo\" is not found", "\"Foo\" is not found"),
        ("'It's great'", "It's great"),
        ("\"She said \"hi\" to me\"", "She said \"hi\" to me"),
        ("“Smart”", "Smart"),
        ("“One” or “two”", "“One” or “two”"),
        ("> quoted", "> quoted"),
        ("| piped", "| piped"),
        ("- dashed", "- dashed"),
        ("? what", "? what"),
        ("C:\\Users\\ana", "C:\\Users\\ana"),
        ("https://example.org/#top", "https://example.org/#top"),
        ("don't panic", "don't panic"),
        ("-5 degrees", "-5 degrees"),
        ("null", "null"),
        ("2026-11-21", "2026-11-21"),
        ("\"quoted\" # remark", "quoted"),
        ("!!str 5", "5"),
    ] {
        let source = format!("---\ntitle: {typed}\nscore: 3\n---\nbody\n");
        let front = read(&source);
        assert!(!front.broken, "{typed}: {:?}", front.diagnostics);
        assert_eq!(front.fields.title.as_ref().map(|title| title.value.as_str()), Some(meant), "{typed}");
        assert_eq!(front.fields.score.as_ref().map(|score| score.value), Some(3), "{typed}");
        assert!(front.diagnostics.iter().all(|found| found.severity == Severity::Warning), "{typed}");
        // Anyone who applies the fixes has nothing left to mend, and the same title.
        let mut fixed: Vec<char> = source.chars().collect();
        for found in front.diagnostics.iter().rev() {
            let at = |line: u32, column: u32| {
                let before: usize =
                    source.lines().take(line as usize - 1).map(|line| line.chars().count() + 1).sum();
                before + column as usize - 1
            };
            let fix = found.fix.as_deref().unwrap_or_default();
            fixed.splice(at(found.line, found.column)..at(found.end_line, found.end_column), fix.chars());
        }
        let fixed: String = fixed.into_iter().collect();
        let again = read(&fixed);
        assert!(again.diagnostics.is_empty(), "{fixed}: {:?}", again.diagnostics);
        assert_eq!(again.fields.title.map(|title| title.value).as_deref(), Some(meant), "{fixed}");
    }
}

#[test]
fn a_long_text_may_go_over_several_lines() {
    assert_eq!(title("---\ntitle: one\n  two\n---\n").as_deref(), Some("one two"));
    assert_eq!(
        title("---\ntitle: one\n  note: two\n  three #4\n---\n").as_deref(),
        Some("one note: two three #4")
    );
    assert_eq!(title("---\ntitle: >\n  one: a\n  two # b\n---\n").as_deref(), Some("one: a two # b"));
    assert_eq!(title("---\ntitle: |\n  one\n  two\nscore: 1\n---\n").as_deref(), Some("one\ntwo"));
    assert_eq!(title("---\ntitle: \"one\n  two\"\n---\n").as_deref(), Some("one two"));
}

#[test]
fn an_unclosed_bracket_or_quote_is_told_where_it_opens_and_spoils_nothing_else() {
    for (typed, column) in [
        ("tags: [a, b", 7),
        ("tags: [a, \"b]", 7),
        ("reason: \"never", 9),
        ("reason: 'never", 9),
        ("tags: {a: b", 7),
        ("title: [x", 8),
    ] {
        let front = read(&format!("---\nscore: 3\n{typed}\ndate: 2026-11-21\nlevel: easy\n---\nbody\n"));
        assert!(front.broken, "{typed}");
        let found: Vec<_> =
            front.diagnostics.iter().map(|found| (found.rule.name(), found.line, found.column)).collect();
        assert_eq!(found, [("front-matter", 3, column)], "{typed}");
        assert!(front.fields.date.is_some() && front.fields.level.is_some() && front.fields.score.is_some());
    }
}

#[test]
fn the_fix_of_an_open_bracket_closes_it() {
    for (typed, fix) in [
        ("tags: [a, b", Some("[a, b]")),
        ("tags: [a, \"b c]", Some("[a, \"b c\"]")),
        ("reason: \"never", Some("\"never\"")),
        ("tags: [a,", Some("[a]")),
        ("links: [{label: a, url: b]", None),
        ("tags: [a,\n  b", None),
    ] {
        let front = read(&format!("---\n{typed}\n---\n"));
        assert_eq!(front.diagnostics[0].fix.as_deref(), fix, "{typed}");
    }
}

#[test]
fn every_problem_of_a_file_is_found_in_one_run() {
    let front = read(
        "---\ntitle: \"open\ntags: [a\nstate: opne\ndate: 11/12/2026\nscroe: 3\njust text\nscore: 4\nscore: 5\nreview_every: often\n---\n",
    );
    let found: Vec<_> =
        front.diagnostics.iter().map(|found| (found.rule.name(), found.line, found.column)).collect();
    assert_eq!(
        found,
        [
            ("front-matter", 2, 8),
            ("front-matter", 3, 7),
            ("invalid-field", 4, 8),
            ("invalid-field", 5, 7),
            ("unknown-field", 6, 1),
            ("front-matter", 7, 1),
            ("front-matter", 9, 1),
            ("invalid-field", 10, 15),
        ]
    );
    let help = &front.diagnostics[3].help;
    assert!(help.contains("2026-12-11") && help.contains("2026-11-12"), "{help}");
    assert_eq!(front.diagnostics[4].fix.as_deref(), Some("score"));
}

#[test]
fn names_in_another_form_are_understood() {
    let front = read("---\nTitle: A\nuse case: B\nduplicate-of: c\nTAGS: d\ncustomer:Acme\n---\n");
    assert_eq!(front.fields.title.as_ref().map(|text| text.value.as_str()), Some("A"));
    assert_eq!(front.fields.use_case.as_ref().map(|text| text.value.as_str()), Some("B"));
    assert_eq!(front.fields.duplicate_of.as_ref().map(|text| text.value.as_str()), Some("c"));
    assert_eq!(front.fields.customer.as_ref().map(|text| text.value.as_str()), Some("Acme"));
    assert_eq!(texts(&front.fields.tags), ["d"]);
    assert_eq!(
        told(&front),
        [
            ("field-value", 2, 1, Some("title")),
            ("field-value", 3, 1, Some("use_case")),
            ("field-value", 4, 1, Some("duplicate_of")),
            ("field-value", 5, 1, Some("tags")),
            ("field-value", 6, 1, Some("customer: ")),
        ]
    );
    assert!(!front.broken);
}

#[test]
fn tabs_and_slipped_lines_are_understood() {
    let front =
        read("---\ntags:\n\t- a\n\t- b\n score: 3\nlinks:\n\t- label: x\n\t  url: https://e.org\n---\n");
    assert!(!front.broken, "{:?}", front.diagnostics);
    assert_eq!(texts(&front.fields.tags), ["a", "b"]);
    assert_eq!(front.fields.links.len(), 1);
    let front = read("---\ntitle: A\n score: 3\n---\n");
    assert_eq!(front.fields.score.as_ref().map(|score| score.value), Some(3));
    assert_eq!(told(&front), [("field-value", 3, 1, Some(""))]);
}

#[test]
fn a_list_is_a_list_or_a_text_with_commas() {
    for typed in [
        "a, b c",
        "[a, b c]",
        "[ \"a\" , 'b c', ]",
        "\n- a\n- b c",
        "\n  - a\n\n  - b c # last",
        "[a,\nb c]",
        "[\na,\nb c\n]",
    ] {
        let front = read(&format!("---\ntags: {typed}\nscore: 1\n---\n"));
        assert!(front.diagnostics.is_empty(), "{typed}: {:?}", front.diagnostics);
        assert_eq!(texts(&front.fields.tags), ["a", "b c"], "{typed}");
        assert!(front.fields.score.is_some());
    }
    let front = read("---\ntags: ä, b\nalso_asked: How, and why?\n---\n");
    assert_eq!(front.fields.tags[1].span, Span::in_line(2, 10, 1));
    assert_eq!(texts(&front.fields.also_asked), ["How, and why?"]);
    let front = read(
        "---\ntags: [C#, @x, a: b, *y*, c #1]\nalso_asked:\n- Reset: how?\n- What is #3?\n- 'ok'\n---\n",
    );
    assert!(!front.broken, "{:?}", front.diagnostics);
    assert_eq!(texts(&front.fields.tags), ["C#", "@x", "a: b", "*y*", "c #1"]);
    assert_eq!(texts(&front.fields.also_asked), ["Reset: how?", "What is #3?", "ok"]);
}

#[test]
fn fields_of_other_generators_are_understood() {
    let front = read(
        "---\nlayout: post\nauthor: {name: Ana}\ncategories: [x]\nkeywords: y, z\ndraft: true\nlastmod: 2026-01-02\nsummary: S\nredirect_from: /old/\npermalink: /older/\nquestion: Q?\nsort_order: 1.5\nid: ab12\nsidebar_label: no\n---\n",
    );
    assert!(front.diagnostics.is_empty(), "{:?}", front.diagnostics);
    let fields = front.fields;
    assert_eq!(texts(&fields.authors), ["Ana"]);
    assert_eq!(texts(&fields.tags), ["x", "y", "z"]);
    assert_eq!(texts(&fields.aliases), ["/old/", "/older/"]);
    assert_eq!(fields.status.map(|status| status.value), Some(Status::Draft));
    assert_eq!(fields.weight.map(|weight| weight.value.thousandths), Some(1500));
    assert_eq!(fields.title.map(|title| title.value).as_deref(), Some("Q?"));
    assert_eq!(
        read("---\npublished: false\n---\n").fields.status.map(|status| status.value),
        Some(Status::Draft)
    );
    assert_eq!(read("---\npublished: true\n---\n").fields.status, None);
}

#[test]
fn toml_is_understood() {
    let source = "+++\ntitle = \"A: b\"\ndate = 2026-11-21\nweight = 4\ndraft = false\n\n[taxonomies]\ntags = [\"x\", \"y\"]\n\n[extra]\nfoo = 1\n+++\nbody\n";
    let front = read(source);
    assert!(front.diagnostics.is_empty() && !front.broken, "{:?}", front.diagnostics);
    assert_eq!(&source[front.body_at..], "body\n");
    assert_eq!(front.fields.title.as_ref().map(|title| title.span), Some(Span::in_line(2, 9, 6)));
    assert_eq!(texts(&front.fields.tags), ["x", "y"]);
    assert_eq!(front.fields.date.as_ref().map(|date| date.value.to_string()).as_deref(), Some("2026-11-21"));
    let front = read("+++\ntitle = open\nweight = 3\ntags = [\n+++\nbody\n");
    assert!(front.broken);
    assert_eq!(front.fields.weight.as_ref().map(|weight| weight.value.thousandths), Some(3000));
    assert!(front.diagnostics.iter().any(|found| found.line == 2), "{:?}", front.diagnostics);
}

#[test]
fn a_thematic_break_is_no_front_matter() {
    for source in [
        "---\n\nSome text.\n\n---\nmore\n",
        "---\nJust text\n---\n",
        "text\n---\ntitle: x\n---\n",
        "---",
        "",
        "\n\n",
        "--- a\n",
        "---\n\ntext without end\n",
    ] {
        let front = read(source);
        assert_eq!((front.body_at, front.broken), (0, false), "{source:?}");
        assert!(front.diagnostics.is_empty());
    }
    for source in [
        "---\n---\nbody",
        "---\n# only a remark\n---\nbody",
        "---\ntags: [a]\n...\nbody",
        "---  \ntags: [a]\n---  \nbody",
    ] {
        let front = read(source);
        assert_eq!((&source[front.body_at..], front.broken), ("body", false), "{source:?}");
    }
    let front = read("\n\n---\ntags: [a]\n---\nbody");
    assert_eq!(told(&front), [("field-value", 1, 1, Some(""))]);
}

#[test]
fn fields_without_an_end_are_told_with_the_line_that_is_missing() {
    let front = read("---\ntags: [a]\nscore: 3\n\n# Title\n\ntext: with a colon\n");
    assert!(front.broken);
    assert_eq!(told(&front), [("front-matter", 1, 1, Some("---\ntags: [a]\nscore: 3\n---"))]);
    assert_eq!(front.fields.score.as_ref().map(|score| score.value), Some(3));
}

#[test]
fn values_are_typed() {
    let front = read(
        "---\nconsent: yes, Ana López, Nov 21, 2026\nreview_every: 6 months\nconfirmed_by: [ana, ben 4.2, \"@cleo 4.2 2026-01-02\", dan 2026-01-03]\nresponse: true\nmenu: About us\naudience: Before you buy\nseverity: Urgent\nlinks:\n  - https://a.org\n  - Blog: https://b.org\n  - {label: C, url: https://c.org}\n---\n",
    );
    let only_date: Vec<_> = told(&front);
    assert!(only_date.is_empty(), "{only_date:?}");
    let fields = front.fields;
    let consent = fields.consent.map(|consent| consent.value);
    assert_eq!(consent.as_ref().and_then(|consent| consent.who.as_deref()), Some("Ana López"));
    assert_eq!(
        consent.and_then(|consent| consent.date).map(|date| date.to_string()).as_deref(),
        Some("2026-11-21")
    );
    assert_eq!(fields.review_every.map(|every| every.value.to_string()).as_deref(), Some("6m"));
    let confirmed: Vec<_> = fields
        .confirmed_by
        .iter()
        .map(|by| {
            (by.value.by.as_str(), by.value.version.as_deref(), by.value.date.map(|date| date.to_string()))
        })
        .collect();
    assert_eq!(
        confirmed,
        [
            ("ana", None, None),
            ("ben", Some("4.2"), None),
            ("cleo", Some("4.2"), Some("2026-01-02".to_owned())),
            ("dan", None, Some("2026-01-03".to_owned())),
        ]
    );
    assert_eq!(fields.response.map(|response| response.value), Some(MarkOrText::Mark(true)));
    assert_eq!(fields.menu.map(|menu| menu.value), Some(MarkOrText::Text("About us".to_owned())));
    assert_eq!(fields.audience.map(|audience| audience.value), Some(Audience::BeforeYouBuy));
    let links: Vec<_> = fields
        .links
        .iter()
        .map(|link| (link.label.as_ref().map(|label| label.value.as_str()), link.url.value.as_str()))
        .collect();
    assert_eq!(
        links,
        [(None, "https://a.org"), (Some("Blog"), "https://b.org"), (Some("C"), "https://c.org")]
    );
}

#[test]
fn an_empty_field_is_none() {
    let front = read("---\ntitle:\ntags: []\ndate: ~\nscore: null\nreason: \"\"\nauthors:\n---\n");
    assert!(front.diagnostics.is_empty() && !front.broken, "{:?}", front.diagnostics);
    assert_eq!(front.fields.title, None);
    assert_eq!(front.fields.reason, None);
    assert_eq!(front.fields.present.len(), 6);
}

#[test]
fn references_duplicates_and_depth_are_refused_each_with_its_place() {
    for (typed, rule, column) in [
        ("tags: &a [x]", "front-matter", 7),
        ("tags: *a", "front-matter", 7),
        ("links: {a: 1, a: 2}", "front-matter", 15),
        ("links: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "too-deep", 24),
        ("links: {[a]: b}", "front-matter", 9),
    ] {
        let front = read(&format!("---\n{typed}\n---\n"));
        assert!(front.broken, "{typed}");
        let found: Vec<_> = front.diagnostics.iter().map(|found| (found.rule.name(), found.line)).collect();
        assert_eq!(found[0], (rule, 2), "{typed}");
        if rule != "too-deep" {
            assert_eq!(front.diagnostics[0].column, column, "{typed}");
        }
    }
}

#[test]
fn hostile_front_matter_is_refused_quickly() {
    let bomb: String = (0..2000).map(|n| format!("a{n}: &a{n} [*a{m}, *a{m}]\n", m = n.max(1) - 1)).collect();
    for text in [
        "[".repeat(60_000),
        "{".repeat(60_000),
        "- ".repeat(30_000),
        "a: ".repeat(20_000),
        "? ".repeat(30_000),
        "tags: ".to_owned() + &"[".repeat(60_000),
        "tags: ".to_owned() + &"[a,".repeat(20_000),
        "tags: ".to_owned() + &"- ".repeat(30_000),
        "tags:\n".to_owned() + &"- - - -\n".repeat(8_000),
        "tags: [\n".to_owned() + &"x\n".repeat(30_000),
        "tags: [\n".to_owned() + &"]\n[\n".repeat(15_000),
        "title: \"\n".to_owned() + &"x\n".repeat(30_000),
        "title: a\n".to_owned() + &" b: c\n".repeat(10_000),
        "title: ".to_owned() + &"'".repeat(60_001),
        "title: ".to_owned() + &"“".repeat(20_000),
        "title: x\n".repeat(6_000),
        "title:x\n".repeat(7_000),
        (0..6_000).map(|n| format!("k{n}: v\n")).collect(),
        (0..30).map(|n| " ".repeat(n) + "a:\n").collect(),
        "\t- x\n".repeat(12_000),
        "tags:\n".to_owned() + &"\t- x\n".repeat(12_000),
        "tags: &a ".repeat(7_000),
        "x".repeat(200_000),
        "title: x\n".repeat(20_000),
        bomb,
        format!("tags: [{}]", "@ä,".repeat(15_000)),
        format!("links: [{}]", "{ä: b},".repeat(7_000)),
        format!("links: [{}]", "{\"ä\": b},".repeat(6_000)),
    ] {
        for fence in ["---", "+++"] {
            for source in [
                format!("{fence}\n{text}\n{fence}\nbody"),
                format!("{fence}\ntitle: y\n{text}\n{fence}\nbody"),
                format!("{fence}\n{text}"),
            ] {
                // What is quadratic here takes minutes, and nobody overlooks that.
                let front = read(&source);
                assert!(source.is_char_boundary(front.body_at));
                assert!(front.diagnostics.len() <= MOST + 1);
            }
        }
    }
}

/// Pieces that YAML and people are made of.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "title",
        "tags",
        "score",
        "x",
        ":",
        ": ",
        " ",
        "  ",
        "\n",
        "\n",
        "\n  ",
        "\n- ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
        "\"",
        "'",
        "#",
        " #",
        "# ",
        "&a",
        "*a",
        "!x ",
        "!!str ",
        "|",
        ">",
        "|\n  ",
        "a",
        "ä",
        "“",
        "”",
        "\\",
        "\t",
        "?",
        "? ",
        "@",
        "`",
        "%",
        "~",
        "-",
        "...",
        "---",
        "\n---\n",
        "\n+++\n",
        "=",
        " = ",
        "4.10",
        "2026-11-21",
        "no",
        "\u{feff}",
        "\u{2028}",
        "\u{85}",
        "<<",
        "日本",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn is_inside(source: &str, found: &Diagnostic) -> bool {
    let lines: Vec<&str> = source.split('\n').collect();
    let inside = |line: u32, column: u32| {
        line >= 1
            && column >= 1
            && lines.get(line as usize - 1).is_some_and(|text| column as usize <= text.chars().count() + 1)
    };
    inside(found.line, found.column)
        && inside(found.end_line, found.end_column)
        && (found.line, found.column) <= (found.end_line, found.end_column)
}

#[test]
fn what_is_hidden_in_a_folded_text_is_told_at_the_text() {
    let source = "---\ntitle: two\n  lines\u{feff}\n---\n";
    let front = read(source);
    let found = &front.diagnostics[0];
    assert_eq!((found.line, found.column, found.end_line), (2, 8, 3), "{found:?}");
    assert!(is_inside(source, found));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_is_read_without_harm(text in typed(), fence in prop::sample::select(vec!["---\n", "+++\n", "\n---\n", ""])) {
        for source in [format!("{fence}{text}"), format!("{fence}{text}\n{}\nbody", fence.trim())] {
            let front = read(&source);
            prop_assert!(source.is_char_boundary(front.body_at));
            for found in &front.diagnostics {
                prop_assert!(is_inside(&source, found), "{:?} in {:?}", found, source);
                prop_assert!(!found.help.is_empty() && found.message.ends_with('.'));
            }
            let held = front.diagnostics.iter().any(|found| found.rule.fate() == crate::diagnostic::Fate::Held);
            prop_assert_eq!(held, front.broken, "{:?}", front.diagnostics);
        }
    }

    #[test]
    fn any_characters_are_read_without_harm(text in "(?s).{0,200}") {
        let source = format!("---\n{text}\n---\n");
        let front = read(&source);
        prop_assert!(source.is_char_boundary(front.body_at));
    }
}
