use super::*;

/// What is found in a text without code.
fn found(text: &str) -> Vec<(Construct, usize)> {
    find(text, &Parsed::default()).kinds.iter().map(|(construct, (_, times))| (*construct, *times)).collect()
}

#[test]
fn each_kind_is_known_by_its_forms() {
    use Construct::*;
    for (text, construct) in [
        (":::note\nText\n:::", Container),
        ("::: tip Title", Container),
        ("::youtube[Video]{#id}", Container),
        ("!!! warning \"Careful\"", Admonition),
        ("???+ note", Admonition),
        ("=== \"Linux\"", Tabs),
        ("{{ site.title }} is", Variable),
        ("{{#include a.rs}}", Include),
        ("--8<-- \"a.md\"", Include),
        ("<<< @/snippets/a.js", Include),
        ("[TOC]", Toc),
        ("[[toc]]", Toc),
        ("{:toc}", Toc),
        ("# Title {.unnumbered}", Attributes),
        ("\\newpage", Command),
        ("#one #two", InlineTag),
        ("status:: open", Field),
        ("Nice :octocat: day", Icon),
        (":material-home: Home", Icon),
        ("<Badge text=\"x\" /> here", Jsx),
        ("import A from 'b'", Module),
        ("Text[^1].", Footnote),
        ("See [the manual][manual].", Label),
        (".. note:: Careful", Directive),
        ("= Title", Asciidoc),
        ("h2. Title", Textile),
        ("#+TITLE: Notes", Org),
        ("== Section ==", MediaWiki),
        ("Title: A\nDate: 2020-01-01\nTags: b\n\nText", Metadata),
        ("{\n  \"title\": \"A\"\n}\n\nText", Metadata),
        ("{++added++}", Critic),
        ("- [-] cancelled", TaskState),
        ("| a | b |\n|---|\n| 1 | 2 |", NoTable),
    ] {
        assert_eq!(found(text).first().map(|it| it.0), Some(construct), "{text}");
    }
}

#[test]
fn ordinary_text_holds_none_of_it() {
    for text in [
        "It costs $5 and $10, or US$5/US$6, in $HOME/$USER; $5-$10.",
        "if [[ -f x ]]; then [[1,2],[3,4]] and [[1]](#a) and a[i][j]",
        "${{ secrets.TOKEN }} and {a: 1} and {x} and ${name}",
        "a == b && c == d, a==b and c==d, ===, 100%% sure",
        "At 10:30:00, std::vector::push, a:b:c, http://a:80:b",
        "x ^2, 2^10, [^a-z]+ and [a][b] and [label]",
        "[text][label]\n\n[label]: a.md\n\nNote[^1].\n\n[^1]: Text",
        "# Title {#id}\n\n> [!NOTE]\n> Text\n\n> [!TIP]\n\n- [ ] a\n- [x] b\n",
        "Title: something that I wanted to say\n\nText",
        "Vec<T>, <file>, <Name>, a <B> c",
        "\\[not a link\\](x) and \\(see below\\)",
        "Yes!!! And ??? are signs. C++ and c++ too",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "Important:\n: )",
        "Import your data, export default settings from the menu",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_kind_is_told_once_with_its_count() {
    assert_eq!(
        found("{{ a }} {{ b }}\n\n{{ c }} {{#include d}}"),
        [(Construct::Variable, 3), (Construct::Include, 1)]
    );
}

#[test]
fn a_row_loses_only_what_has_text() {
    let text = "| a | b |\n|---|---|\n| 1 | 2 | |\n| 1 | 2 | 3 |\n";
    let known = Parsed { tables: vec![(0..text.len(), 2)], ..Parsed::default() };
    let found = find(text, &known);
    let (first, times) = &found.kinds[&Construct::Cells];
    assert_eq!((&text[first.clone()], *times), ("3 |", 1));
}
