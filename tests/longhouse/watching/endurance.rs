//! A long day at the desk: whatever is done to files, all of it is told, and nothing of it is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
#[cfg(target_os = "linux")]
use std::process::Command;
use std::time::Duration;

use longhouse::watch::Wake;

use super::{LIMIT, desk, site, watched};

/// Every file below a folder with its text.
fn texts(folder: &Path) -> BTreeMap<PathBuf, String> {
    let files =
        walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files
        .filter_map(|entry| Some((entry.path().to_owned(), fs::read_to_string(entry.path()).ok()?)))
        .collect()
}

/// What is known of a folder by anyone who looks only where it is told.
fn look_again(known: &mut BTreeMap<PathBuf, String>, top: &Path, wake: Wake) {
    let places = match wake {
        Wake::Paths { paths, .. } => paths,
        Wake::Everything { .. } => vec![top.to_owned()],
    };
    for place in places {
        known.retain(|path, _| !path.starts_with(&place));
        known.extend(texts(&place));
    }
}

#[test]
fn whoever_looks_only_where_it_is_told_sees_all() {
    let seeds = std::env::var("LONGHOUSE_TEST_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(4);
    for seed in 1..=seeds {
        // Every fourth time by looking.
        let poll = (seed % 4 == 0).then_some(Duration::from_millis(10));
        let desk = watched(site(), |options| options.poll = poll);
        let top = desk.path("content");
        let mut known = texts(&top);
        let mut random = seed;
        let mut pick = |below: u64| {
            // xorshift64
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random % below
        };
        for step in 0..150 {
            let folder = |n: u64| {
                top.join(["questions", "questions/t", "questions/t/u", "stories", "stories/v"][n as usize])
            };
            let (from, to) = (folder(pick(5)), folder(pick(5)));
            let name = |n: u64| format!("{n}.md");
            let (old, new) = (from.join(name(pick(4))), to.join(name(pick(4))));
            // What cannot be done is left out.
            let _ = match pick(9) {
                0..3 => fs::create_dir_all(&from).and_then(|()| fs::write(&old, format!("# {step}\n"))),
                3 => fs::rename(&old, &new),
                4 => fs::remove_file(&old),
                5 => fs::remove_dir_all(&from),
                6 => fs::rename(&from, &to),
                7 => fs::remove_dir_all(&from)
                    .and_then(|()| fs::create_dir_all(&from))
                    .and_then(|()| fs::write(&old, format!("# {step}\n"))),
                _ => fs::rename(&from, to.join("w")).and_then(|()| fs::rename(to.join("w"), &from)),
            };
            if pick(3) == 0 {
                std::thread::sleep(Duration::from_millis(pick(8)));
            }
            while let Ok(wake) = desk.wakes.try_recv() {
                look_again(&mut known, &top, wake);
            }
        }
        // Then no folder may have been lost from sight.
        for round in 0..2 {
            while known != texts(&top) {
                match desk.wakes.recv_timeout(LIMIT) {
                    Ok(wake) => look_again(&mut known, &top, wake),
                    Err(error) => {
                        panic!("seed {seed}, {round}: {error}; {known:#?} is not {:#?}", texts(&top))
                    }
                }
            }
            for entry in walkdir::WalkDir::new(&top).into_iter().flatten() {
                if entry.file_type().is_dir() {
                    fs::write(entry.path().join("last.md"), "# Last\n").expect("written");
                }
            }
        }
    }
}

/// What the process holds: files, folders that the system watches for it, and memory in KB.
#[cfg(target_os = "linux")]
fn held() -> (usize, usize, usize) {
    let files: Vec<PathBuf> = fs::read_dir("/proc/self/fdinfo")
        .expect("proc")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.exists())
        .collect();
    let text = |path: &PathBuf| fs::read_to_string(path).unwrap_or_default();
    let watches = files
        .iter()
        .map(|path| text(path).lines().filter(|line| line.starts_with("inotify wd")).count())
        .sum();
    let status = fs::read_to_string("/proc/self/status").expect("proc");
    let memory =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
    (files.len(), watches, memory.expect("a number"))
}

#[cfg(target_os = "linux")]
#[test]
fn many_edits_leave_nothing_behind() {
    const NAME: &str = "LONGHOUSE_TEST_EDITS";
    let Ok(edits) = std::env::var(NAME) else {
        // In a process of its own, for other tests open files and watch folders too.
        let output = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "watching::endurance::many_edits_leave_nothing_behind", "--nocapture"])
            .env(NAME, "400")
            .output()
            .expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        return;
    };
    let mut desk = desk();
    let page = desk.path("content/questions/a.md");
    let mut edit = |n: usize| {
        desk.write("content/questions/a.md", &format!("# A {n}?\n"));
        desk.until(|told| told.covers(&page));
        if n.is_multiple_of(10) {
            let inner = desk.path(&format!("content/questions/new-{n}/er"));
            let outer = inner.parent().expect("a folder").to_owned();
            fs::create_dir_all(&inner).expect("folders");
            fs::write(inner.join("b.md"), "# B\n").expect("a file");
            desk.until(|told| told.covers(&inner.join("b.md")));
            let moved = desk.path(&format!("content/stories/new-{n}"));
            fs::rename(&outer, &moved).expect("renamed");
            desk.until(|told| told.covers(&moved));
            fs::remove_dir_all(&moved).expect("removed");
            desk.until(|told| told.covers(&moved));
        }
    };
    let edits: usize = edits.parse().expect("a number");
    (0..edits / 5).for_each(&mut edit);
    let before = held();
    (edits / 5..edits).for_each(&mut edit);
    let after = held();
    assert_eq!((after.0, after.1), (before.0, before.1), "files and watches");
    assert!(after.2 <= before.2 * 11 / 10 + 512, "{} KB, then {} KB", before.2, after.2);
}
