//! Where somebody begins to write.

use crate::fixture::site;

#[test]
fn every_page_has_one_first_door_and_each_says_what_it_needs() {
    let files = "\
=== longhouse.yaml
repository: https://github.com/acme/site
=== content/questions/a.md
---
tags: [glaze]
---
# A?
=== content/questions/a/ana.md
Yes.
=== content/how-tos/b.md
# B
=== content/stories/c.md
# C
=== content/ideas/d.md
# D
=== content/links/e.md
---
url: https://example.org/
---
# E
=== content/announcements/f.md
# F
";
    let github = site(files);
    for page in [
        "/",
        "/questions/",
        "/questions/a/",
        "/how-tos/b/",
        "/stories/c/",
        "/ideas/d/",
        "/links/e/",
        "/announcements/f/",
        "/tags/glaze/",
        "/people/",
    ] {
        let main = github.main(page);
        assert_eq!(main.matches("class=\"door\"").count(), 1, "{page}: {main}");
        let first = main.split("class=\"door\"").nth(1).unwrap_or_default();
        assert!(first.contains(", a GitHub account<"), "{page}: {main}");
        assert!(!main.contains("data-text") && !main.contains("data-paste"), "{page}: {main}");
    }
    let question = github.main("/questions/a/");
    for door in [
        "Answer this",
        "It worked for me",
        "This didn’t help",
        "Add a comment",
        "Ask another question",
        "Tell your story",
        "Write a how-to",
        "Suggest an idea",
        "Edit this page",
    ] {
        // On the question, and on its answer.
        let count = if door == "Add a comment" { 2 } else { 1 };
        assert_eq!(question.matches(&format!(">{door}")).count(), count, "{door}: {question}");
    }
    assert!(question.contains("https://github.com/acme/site/edit/main/content/questions/a.md"), "{question}");
    assert!(question.contains("data-taken=\"ana\""), "{question}");
    // Every file that a door to a reply begins is the reader's own.
    let replies = question.matches("content%2Fquestions%2Fa%2F").count();
    assert_eq!(replies, question.matches("content%2Fquestions%2Fa%2Fyour-name.md").count(), "{question}");
    assert!(replies >= 4, "{question}");
    let gitlab = site(&files.replace("https://github.com", "https://gitlab.example.org"));
    let question = gitlab.main("/questions/a/");
    assert!(question.contains("2 minutes, an account at gitlab.example.org"), "{question}");
    assert!(
        question.contains("data-paste=\"---\nconfirms: ana\n---\n\" data-file=\"your-name.md\" hidden"),
        "{question}"
    );
    // Anyone who can only be written to has the doors to the page on which one writes.
    let mail = site(&files.replace("repository: https://github.com/acme/site", "contact: a@example.org"));
    for (page, wanted) in [
        ("/questions/a/", "/write/?kind=answer&amp;to=a\">Answer this</a>"),
        ("/stories/c/", "/write/?kind=story\">Tell yours</a>"),
        ("/ideas/", "/write/?kind=idea\">Suggest an idea</a>"),
        ("/", "/write/?kind=question\">Ask a question</a>"),
    ] {
        let main = mail.main(page);
        assert!(main.contains(wanted) && main.contains("minutes, no account"), "{page}: {main}");
    }
    let none = site(&files.replace("repository: https://github.com/acme/site", "title: T"));
    assert!(!none.page("/questions/a/").contains("doors"), "{}", none.page("/questions/a/"));
    assert!(!none.paths().iter().any(|path| path.contains("doors")));
}
