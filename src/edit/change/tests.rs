use super::*;

#[test]
fn an_edit_keeps_the_mark_and_the_line_ends_of_a_file() {
    let saved = "\u{feff}# Ä\r\none\r\ntwo\rthree\n";
    let (text, _) = plain(saved, &[]);
    assert_eq!(text, "# Ä\none\ntwo\nthree\n");
    let place = |what: &str| text.find(what).expect("it is there");
    let edits = [
        Edit { start: 0, end: 0, to: "---\n".into() },
        Edit { start: place("one"), end: place("one") + 3, to: "1".into() },
        Edit { start: place("three"), end: text.len(), to: "3".into() },
    ];
    assert_eq!(edited_as_saved(saved, &edits), "\u{feff}---\r\n# Ä\r\n1\r\ntwo\r3");
}

#[test]
fn what_lies_in_a_folder_goes_with_it() {
    let change = Change {
        moves: vec![
            Move { from: "c/a".into(), to: "c/b".into() },
            Move { from: "c/b/index.md".into(), to: "c/b.md".into() },
        ],
        texts: Vec::new(),
    };
    assert_eq!(change.moved("c/a/index.md"), "c/b.md");
    assert_eq!(change.moved("c/a/x.png"), "c/b/x.png");
    assert_eq!(change.moved("c/ab.md"), "c/ab.md");
}
