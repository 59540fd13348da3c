//! What is said where git does not know who wrote a page and when.

use std::sync::Arc;

use super::git::{Gap, GitError, History, NoModule};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::root;

/// What then becomes of the pages.
const WITHOUT: &str = "Pages are shown without authors and dates unless their front matter names them.";

/// Whether a problem is one of those that are told here.
pub(super) fn is_of_git(problem: &Diagnostic) -> bool {
    matches!(problem.rule, Rule::ShallowClone | Rule::Git)
}

/// Git could not be asked at all.
pub(super) fn git_unreadable(error: &GitError) -> Diagnostic {
    said(Rule::Git, format!("Git cannot tell who wrote a page and when: {error}."))
        .help(format!("{}. {WITHOUT}", error.help()))
}

/// Everything that is missing from the clone.
pub(super) fn gaps(history: &History) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if history.shallow {
        problems.push(
            said(
                Rule::ShallowClone,
                "This is a shallow clone of the repository, so git cannot tell who wrote a page and when."
                    .to_string(),
            )
            .help("Fetch the whole history: `git fetch --unshallow`, or `fetch-depth: 0` in the workflow."),
        );
    }
    let mut lost = Some(0);
    let mut is_partial = false;
    for gap in &history.gaps {
        match gap {
            Gap::Module { path, why } => problems.push(no_module(path, why)),
            Gap::Partial { files, .. } => {
                is_partial = true;
                lost = lost.zip(*files).map(|(sum, files)| sum + files);
            }
        }
    }
    if is_partial {
        problems.push(partial_clone(lost));
    }
    problems
}

fn partial_clone(lost: Option<usize>) -> Diagnostic {
    let what = match lost {
        None => "git cannot tell who wrote a page and when".to_string(),
        Some(0) => "reformatting a page may count as its last change".to_string(),
        Some(1) => "git cannot tell who wrote one file, which was moved and changed".to_string(),
        Some(files) => format!("git cannot tell who wrote {files} files, which were moved and changed"),
    };
    said(Rule::ShallowClone, format!("This is a partial clone of the repository, so {what}.")).help(
        "Fetch everything: `git fetch --refetch --no-filter`, or leave `--filter` out when you clone (`filter:` in the \
         workflow).",
    )
}

fn no_module(path: &str, why: &NoModule) -> Diagnostic {
    let (rule, message, help) = match why {
        NoModule::Missing => (
            Rule::Git,
            format!("`{path}` is a submodule that was not fetched, so its content is not on the site."),
            "Fetch it: `git submodule update --init --recursive`, or `submodules: recursive` in the workflow.".into(),
        ),
        NoModule::Shallow => (
            Rule::ShallowClone,
            format!("The submodule `{path}` is a shallow clone, so git cannot tell who wrote a page in it and when."),
            format!(
                "Fetch its whole history: `git -C '{path}' fetch --unshallow`, or `fetch-depth: 0` in the workflow."
            ),
        ),
        NoModule::TooMany => (
            Rule::Git,
            format!("There are too many submodules to ask git who wrote a page in `{path}` and when."),
            WITHOUT.into(),
        ),
        NoModule::Git(error) => (
            Rule::Git,
            format!("Git cannot tell who wrote a page in the submodule `{path}` and when: {error}."),
            format!("{}. {WITHOUT}", error.help()),
        ),
    };
    said(rule, message).help(help)
}

fn said(rule: Rule, message: String) -> Diagnostic {
    Diagnostic::new(rule, &Arc::from(root::CONFIG), Span::START, message)
}
