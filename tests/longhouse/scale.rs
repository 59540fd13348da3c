//! Nothing grows with the square of what strangers send. Each of these took minutes, or would, where
//! something does; the limit is generous, because machines differ.

use std::fmt::Write as _;

use longhouse::diagnostic::{Diagnostic, Rule};
use longhouse::page::limits::REPLIES;
use longhouse::site::{Site, Visibility};

use crate::fixture::{Folder, folder};

const MANY: usize = 5_000;

/// Links a site. What is quadratic here takes minutes, and nobody overlooks that.
fn linked<T>(folder: &Folder, look: impl FnOnce(&Site, &[Diagnostic]) -> T) -> T {
    let sources = folder.load();
    let (site, diagnostics) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    look(&site, &diagnostics)
}

#[test]
fn one_question_with_very_many_replies() {
    let mut files = "=== content/questions/q.md\n---\naccepted: a-1\n---\n# Q?\n".to_string();
    for n in 0..MANY {
        let _ = write!(files, "=== content/questions/q/a-{n}.md\nAnswer {n}.\n");
        let _ = write!(files, "=== content/questions/q/b{n}.md\n---\nconfirms: a-{n}\n---\n");
        let _ =
            write!(files, "=== content/questions/q/c{n}.md\n---\ncomment: true\non: nobody-{n}\n---\nHm.\n");
    }
    linked(&folder(&files), |site, diagnostics| {
        let entry = site.entries().iter().find(|entry| entry.slug == "q").expect("the question");
        // One page shows so many of those that have a text, and every other one is told.
        let shown = entry.replies().count();
        assert_eq!(shown, REPLIES);
        let told = |rule: Rule| diagnostics.iter().filter(|it| it.rule == rule).count();
        assert_eq!(told(Rule::Limit), 2 * MANY - shown);
        assert_eq!(told(Rule::UnknownAnswer), entry.comments.len());
    });
}

#[test]
fn very_many_files_that_want_one_address() {
    let mut files = String::new();
    for n in 0..MANY {
        let _ = write!(files, "=== content/questions/t{n}/same.md\n# Same {n}?\n");
    }
    linked(&folder(&files), |site, diagnostics| {
        assert_eq!(site.entries().len(), 1);
        let fixes: std::collections::BTreeSet<_> =
            diagnostics.iter().filter_map(|it| it.fix.clone()).collect();
        assert_eq!(fixes.len(), MANY - 1);
    });
}

#[test]
fn a_very_long_chain_of_duplicates() {
    let mut files = "=== content/questions/q0.md\n# Q?\n".to_string();
    for n in 1..MANY {
        let _ = write!(files, "=== content/questions/q{n}.md\n---\nduplicate_of: q{}\n---\n# Q{n}?\n", n - 1);
        let _ =
            write!(files, "=== content/questions/lost{n}.md\n---\nduplicate_of: nothing{n}\n---\n# L{n}?\n");
    }
    linked(&folder(&files), |site, diagnostics| {
        assert_eq!(site.entries().len(), 1);
        assert_eq!(site.redirects().len(), MANY - 1);
        let of_rule = |rule| diagnostics.iter().filter(|it| it.rule == rule).count();
        assert_eq!(of_rule(Rule::BrokenDuplicate), MANY - 1);
        // The first of the chain names the question that has the answers.
        assert_eq!(of_rule(Rule::DuplicateChain), MANY - 2);
        assert_eq!(diagnostics.len(), 2 * MANY - 3);
    });
}

#[test]
fn very_many_decisions_votes_and_unknown_words() {
    let mut files =
        "=== longhouse.yaml\ntags: {known: [alpha, beta]}\nproducts: [{id: app, name: App}]\n".to_string();
    for n in 0..MANY {
        let _ = write!(
            files,
            "=== content/questions/q{n}.md\n---\ntags: [alpah{n}, x]\nproduct: ap{n}\naliases: [/old/{n}/]\n---\n# Q{n}?\n"
        );
    }
    files.push_str("=== data/moderation.yaml\n");
    for n in 0..MANY {
        let _ = writeln!(files, "questions/q{n}.md: locked");
        let _ = writeln!(files, "questions/gone{n}.md: hidden");
    }
    files.push_str("=== data/reactions.yaml\n");
    for n in 0..MANY {
        let _ = writeln!(files, "questions/q{n}: 1");
        let _ = writeln!(files, "questions/q{n}#answer-ana: 1");
    }
    linked(&folder(&files), |site, _| {
        assert!(site.entries().iter().all(|entry| entry.score == 1));
        assert_eq!(site.redirects().len(), MANY);
    });
}

#[test]
fn front_matter_full_of_names() {
    let names: String = (0..6_000).map(|n| format!("  - u{n}\n")).collect();
    let mut files = String::new();
    for n in 0..20 {
        let _ = write!(files, "=== content/ideas/i{n}.md\n---\nauthors:\n{names}---\n# I{n}\n");
        let _ = write!(files, "=== content/ideas/i{n}/a.md\n---\nsupports: true\nauthors:\n{names}---\n");
    }
    // Of so many authors of one file as many count as its limit says.
    linked(&folder(&files), |site, _| assert_eq!(site.people().by_handle.len(), 50));
}
