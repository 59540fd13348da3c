//! A site that follows edits is the site that a clean build makes: random edits on a small site with something of
//! everything, and after each the two are compared, file by file and byte by byte.
//!
//! `LONGHOUSE_STEPS=5000` takes this many steps instead of a few hundred; `LONGHOUSE_SEED=7` does one sequence again.
//! A sequence after which something differs is made as short as it can be and shown.

#[path = "edits/bounds.rs"]
mod bounds;
#[path = "edits/draw.rs"]
mod draw;
#[path = "edits/random.rs"]
mod random;
#[path = "edits/site.rs"]
mod site;
#[path = "edits/step.rs"]
mod step;
#[path = "edits/text.rs"]
mod text;
#[path = "edits/warm.rs"]
mod warm;

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::fixture::Folder;
use draw::Hand;
use step::{Change, Naming, Step};
use warm::{Form, Warm};

/// At most this many steps are taken on one copy of the site.
const STEPS: usize = 60;

/// At most this many steps are taken in all where nobody says how many.
const FEW: usize = 240;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn after_every_edit_the_site_is_what_a_clean_build_makes() {
    if let Some(seed) = number("LONGHOUSE_SEED") {
        return try_seed(seed);
    }
    let steps = number("LONGHOUSE_STEPS").map_or(FEW, |it| usize::try_from(it).unwrap_or(FEW));
    let seeds = steps.div_ceil(STEPS) as u64;
    let next = AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(4);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(seed) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|it| *it < seeds) {
                    try_seed(seed);
                }
            });
        }
    });
}

#[test]
fn what_is_wrong_with_a_template_takes_no_page_away() {
    let configuration = Hand::new(0).configuration();
    let folder = begin(&configuration);
    let mut warm = Warm::new(&folder, Form::Served);
    let write = |path: &str, text: &str| Step {
        changes: vec![Change::Write(path.to_string(), text.as_bytes().to_vec())],
        naming: Naming::Files,
    };
    let page = "questions/more-0/index.html";
    let steps = [
        write("content/questions/more-0.md", "---\ntitle: [open\n---\n# Held\n"),
        write("themes/mine/templates/list.html", "{% include \"part/missing.html\" %}\n"),
        write("content/questions/more-0.md", "# Mended\n"),
    ];
    for (n, step) in steps.iter().enumerate() {
        warm.follow(step, folder.root(), true, n + 1).unwrap_or_else(|what| panic!("{what}"));
        assert!(warm.files.contains_key(page), "the last good page stays");
    }
    let mended = write("themes/mine/templates/list.html", "{% extends \"base.html\" %}\n");
    warm.follow(&mended, folder.root(), true, 4).unwrap_or_else(|what| panic!("{what}"));
    assert!(crate::fixture::bytes(&warm.files[page]).windows(6).any(|it| it == b"Mended"));
}

#[test]
fn somebody_who_wants_no_page_any_more_is_on_no_list_and_in_no_feed() {
    let configuration = Hand::new(0).configuration();
    let folder = begin(&configuration);
    let mut warm = Warm::new(&folder, Form::Served);
    for (n, listed) in ["", "listed: false\n", "", "listed: false\n"].iter().enumerate() {
        let text = format!("---\nname: P3\n{listed}---\nHello.\n");
        let step = Step {
            changes: vec![Change::Write("content/people/p3.md".to_string(), text.into_bytes())],
            naming: Naming::Files,
        };
        warm.follow(&step, folder.root(), true, n + 1).unwrap_or_else(|what| panic!("{what}"));
        let feed = crate::fixture::bytes(&warm.files["people/feed.json"]);
        let is_named = feed.windows(11).any(|it| it == b"/people/p3/");
        assert_eq!(is_named, listed.is_empty(), "after step {}", n + 1);
    }
}

#[test]
fn a_reply_that_its_own_file_hides_comes_into_the_log_and_goes() {
    let folder = begin(&Hand::new(0).configuration());
    let mut warm = Warm::new(&folder, Form::Served);
    let path = || "content/questions/reset/hid.md".to_string();
    let hidden = b"---\nstatus: hidden\nreason: Too loud\n---\nNo.\n".to_vec();
    let steps =
        [Change::Write(path(), hidden.clone()), Change::Remove(path()), Change::Write(path(), hidden)];
    for (n, change) in steps.into_iter().enumerate() {
        let step = Step { changes: vec![change], naming: Naming::Files };
        warm.follow(&step, folder.root(), true, n + 1).unwrap_or_else(|what| panic!("{what}"));
        let log = crate::fixture::bytes(&warm.files["moderation/index.html"]);
        assert_eq!(log.windows(8).any(|it| it == b"Too loud"), n != 1, "after step {}", n + 1);
    }
}

/// Takes the steps of one seed.
fn try_seed(seed: u64) {
    let form = Form::of(seed);
    let mut hand = Hand::new(seed);
    let configuration = hand.configuration();
    let folder = begin(&configuration);
    let mut steps: Vec<Step> = Vec::new();
    let every = number("LONGHOUSE_EVERY").unwrap_or(1).max(1);
    let mut warm = Warm::new(&folder, form);
    let mut failed = None;
    for n in 1..=STEPS {
        let step = hand.step(folder.root());
        steps.push(step);
        let step = &steps[n - 1];
        let compare = (n as u64).is_multiple_of(every) || n == STEPS;
        let outcome = catch_unwind(AssertUnwindSafe(|| warm.follow(step, folder.root(), compare, n)));
        let outcome = outcome.unwrap_or_else(|_| Err("It panicked.".to_string()));
        if let Err(what) = outcome {
            failed = Some(what);
            break;
        }
    }
    let Some(what) = failed else { return };
    let (steps, what) = shortest(&configuration, form, steps, what);
    let mut told = String::new();
    for (n, step) in steps.iter().enumerate() {
        let _ = writeln!(told, "{}. named by {:?}", n + 1, step.naming);
        for change in &step.changes {
            let _ = writeln!(told, "  {change:?}");
        }
    }
    panic!("LONGHOUSE_SEED={seed} ({form:?}) differs after these steps:\n{told}\n{what}");
}

fn begin(configuration: &str) -> Folder {
    let folder = site::write();
    folder.write("longhouse.yaml", configuration);
    folder
}

/// Leaves out steps, and changes of steps, as long as something still differs.
fn shortest(configuration: &str, form: Form, steps: Vec<Step>, what: String) -> (Vec<Step>, String) {
    let until = Instant::now() + Duration::from_secs(number("LONGHOUSE_SHRINK").unwrap_or(60));
    let (mut best, mut what) = (steps, what);
    let mut size = best.len().div_ceil(2);
    while size > 0 {
        let mut from = 0;
        while from < best.len() && Instant::now() < until {
            let mut fewer = best.clone();
            fewer.drain(from..(from + size).min(best.len()));
            match replay(configuration, form, &fewer) {
                Some((length, told)) => {
                    fewer.truncate(length);
                    (best, what) = (fewer, told);
                }
                None => from += size,
            }
        }
        size /= 2;
    }
    for n in 0..best.len() {
        let mut at = 0;
        while at < best[n].changes.len() && best[n].changes.len() > 1 && Instant::now() < until {
            let mut fewer = best.clone();
            fewer[n].changes.remove(at);
            match replay(configuration, form, &fewer) {
                Some((_, told)) => (best, what) = (fewer, told),
                None => at += 1,
            }
        }
    }
    (best, what)
}

/// After how many of these steps something differs, and what.
fn replay(configuration: &str, form: Form, steps: &[Step]) -> Option<(usize, String)> {
    let folder = begin(configuration);
    let mut warm = Warm::new(&folder, form);
    for (n, step) in steps.iter().enumerate() {
        let outcome = catch_unwind(AssertUnwindSafe(|| warm.follow(step, folder.root(), true, 0)));
        if let Err(what) = outcome.unwrap_or_else(|_| Err("It panicked.".to_string())) {
            return Some((n + 1, what));
        }
    }
    None
}
