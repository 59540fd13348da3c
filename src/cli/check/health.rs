//! `check --health`: figures of the community held against conditions, as a gate for changes.

use anstream::eprintln;

use super::Brought;
use crate::check;
use crate::cli::Failure;
use crate::diagnostic::{Diagnostic, count};
use crate::insight::health::{Condition, needs_base, verdicts};
use crate::insight::{Found, Options, Report, report};
use crate::site::{Site, Visibility};
use crate::source::git::tree;
use crate::source::git_diff::since;

/// Branches that are looked for where nobody named the one to compare with.
const BRANCHES: [&str; 5] = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/// What the conditions are held against.
pub(super) enum Against<'a> {
    /// The site as it is, with all that is wrong with it.
    Now(&'a Site, &'a [Diagnostic]),
    /// The site beside the one where a branch began.
    Since(&'a Brought),
}

/// Holds conditions, says which could not be compared, and returns those that do not hold as problems.
pub(super) fn held(
    conditions: &[Condition],
    against: &Against<'_>,
    is_for_people: bool,
) -> Result<Vec<Diagnostic>, Failure> {
    let figures = |site: &Site, problems: &[Diagnostic], search_tests: bool| {
        report(
            site.counted(),
            Some(Found { problems, search_tests, duplicates: false, states: None }),
            &Options::default(),
        )
    };
    let (site, now, before): (&Site, Report, Option<Report>) = match against {
        Against::Now(site, problems) => {
            let before = needs_base(conditions).then(|| former(site)).transpose()?;
            let before = before.map(|(site, problems)| figures(&site, &problems, false));
            (site, figures(site, problems, true), before)
        }
        Against::Since(brought) => {
            let Brought { site, before, found, former, former_tests, .. } = brought;
            (site, figures(site, found, true), Some(figures(before, former, *former_tests)))
        }
    };
    let verdicts = verdicts(conditions, &now, before.as_ref());
    for verdict in verdicts.iter().filter(|it| it.holds.is_none()) {
        eprintln!("note: {}", verdict.sentence());
    }
    let hold = verdicts.iter().filter(|it| it.holds == Some(true)).count();
    if is_for_people && hold > 0 {
        let verb = if hold == 1 { "holds" } else { "hold" };
        eprintln!("{} of `--health` {verb}", count(hold, "condition"));
    }
    let problems = verdicts.iter().filter_map(|it| it.problem()).collect();
    Ok(check::level(&site.sources().config, problems))
}

/// The site where the branch began, with what was wrong with it.
fn former(site: &Site) -> Result<(Site, Vec<Diagnostic>), Failure> {
    let root = &site.sources().root;
    let mut branches = BRANCHES.into_iter();
    let Some(branch) = branches.find(|name| matches!(tree::id(root, name), Ok(Some(_)))) else {
        return Err(Failure::Usage(
            "`base` in `--health` needs a branch to compare with. Name it with `--changed-since`, such as \
             `--changed-since origin/main`"
                .to_string(),
        ));
    };
    let since = since(site.sources(), branch).map_err(|error| Failure::Usage(format!("{error}.")))?;
    let (before, mut problems) =
        crate::pipeline::understand_beside(site, &since.sources, Visibility::default());
    problems.extend(check::thorough(&before));
    Ok((before, problems))
}
