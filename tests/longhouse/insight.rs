//! The community in figures: counted by hand on a small site, and what the commands make of it.

use std::process::Output;
use std::sync::Arc;

use longhouse::insight::measure::{Measure, Why};
use longhouse::insight::window::Every;
use longhouse::insight::{Options, Report, csv, json, page, report};
use longhouse::site::Visibility;
use longhouse::source::Sources;
use serde_json::Value;

use crate::fixture::{Folder, folder, render};
use crate::repository::{Repository, repository};

/// Five questions and one that was merged, with times and without.
const SITE: &str = "\
=== longhouse.yaml
title: Kilns
team: {mia: staff}
kinds: {help: faq}
products: [{id: kiln, versions: ['1', '2']}]
=== content/questions/one.md
---
date: 2026-01-01T10:00:00Z
authors: [ana]
accepted: ben
tags: [glaze]
products: [kiln]
also_asked: [Why does it flake?]
---
# Why does the glaze crack?

It did.
=== content/questions/one/ben.md
---
date: 2026-01-01T12:00:00Z
---
Cool it down more slowly.
=== content/questions/two.md
---
date: 2026-02-01T10:00:00Z
authors: [ana]
---
# How hot?

Very.

## Answer

Hot enough.
=== content/questions/two/mia.md
---
date: 2026-02-02T10:00:00Z
---
One thousand degrees and not one less.
=== content/questions/two/cem.md
---
confirms: mia
version: '1'
date: 2026-02-03
---
=== content/questions/three.md
---
date: 2026-03-01T10:00:00Z
authors: [cem]
tags: [glaze]
---
# Which clay?

Red?
=== content/questions/three/cem.md
---
date: 2026-03-01T11:00:00Z
---
White, as I found out.
=== content/questions/four.md
---
date: 2026-06-29
authors: [dan]
---
# Where is the switch?

I cannot see it.
=== content/questions/five.md
---
date: 2026-05-01
authors: [eve]
---
# May it rain in?

It did.
=== content/questions/five/ben.md
---
date: 2026-05-01
---
No.
=== content/questions/six.md
---
date: 2026-01-05T00:00:00Z
authors: [fay]
duplicate_of: one
---
# Cracks in the glaze?

Many.
=== content/questions/six/gil.md
---
date: 2026-01-05T01:00:00Z
---
Patience.
=== content/questions/gone.md
---
date: 2026-01-05
authors: [hal]
status: hidden
reason: spam
---
# Buy this?

Now.
=== content/help/open.md
---
date: 2026-01-05
authors: [mia]
---
# When are you open?

Always.
=== content/stories/burnt.md
---
date: 2026-06-01
authors: [eve]
sentiment: critical
---
# It burnt

All of it.
=== content/ideas/timer.md
---
date: 2025-05-01
authors: [ana]
state: shipped
fulfilled_by: '2'
---
# A timer

Please.
";

const TODAY: &str = "2026-06-30";

fn counted(folder: &Folder, today: &str, options: &Options) -> Report {
    let today = Some(today.parse().expect("a day"));
    let sources = Arc::new(Sources { today, ..Sources::clone(&folder.load()) });
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    report(site.counted(), None, options)
}

fn value(report: &Report, id: &str) -> String {
    let measure = report.figure(id).unwrap_or_else(|| panic!("no figure {id}"));
    measure.value.map_or_else(|| "none".to_string(), |value| value.to_string())
}

fn counts(report: &Report, id: &str) -> (Option<u64>, Option<u64>) {
    let Measure { count, of, .. } = report.figure(id).expect("a figure");
    (*count, *of)
}

fn rows(report: &Report, id: &str) -> Vec<String> {
    let rows = &report.figure(id).expect("a figure").rows;
    rows.iter().map(|row| format!("{}: {}", row.name, row.numbers[0].1)).collect()
}

#[test]
fn the_figures_are_those_that_one_counts_by_hand() {
    let report = counted(&folder(SITE), TODAY, &Options::default());
    for (id, expected) in [
        ("questions", "5"),
        ("answers", "6"),
        ("confirmations", "1"),
        ("contributions", "2"),
        ("duplicates", "1"),
        ("undated", "0"),
        ("answered", "4"),
        ("accepted", "1"),
        ("unanswered", "1"),
        ("asked_again", "2"),
        ("ttfa_median", "24"),
        ("ttfa_p90", "24"),
        ("people", "7"),
        ("contributors", "7"),
        ("absence_factor_answers", "2"),
        // Ana wrote four of the thirteen, Ben and Cem and Eve two each.
        ("absence_factor", "3"),
        ("critical", "1"),
        ("critical_open", "1"),
        ("critical_longest", "29"),
        // Confirmed on 1, and 2 is the newest of the only product.
        ("outdated_answers", "1"),
        ("dead_links", "none"),
    ] {
        assert_eq!(value(&report, id), expected, "{id}");
    }
    for (id, expected) in [
        ("answered_rate", (4, 5)),
        ("solved_rate", (2, 5)),
        ("within_24h", (3, 5)),
        // The question of yesterday is too young to say.
        ("within_7d", (3, 4)),
        ("first_by_customer", (2, 3)),
        ("company_answers", (1, 6)),
        ("top10_share", (6, 6)),
        ("ideas_shipped", (1, 1)),
    ] {
        assert_eq!(counts(&report, id), (Some(expected.0), Some(expected.1)), "{id}");
        assert_eq!(value(&report, id), "none", "{id}: no percentage of so few");
    }
    assert!(report.figure("ttfa_median").expect("a figure").approximate, "one is known to the day only");
    assert_eq!(
        rows(&report, "unsolved_by_age"),
        ["0–7 days: 1", "8–30 days: 0", "31–90 days: 1", "91–365 days: 1", "more than 365 days: 0"]
    );
    assert_eq!(rows(&report, "asked_again"), ["one: 2"]);
}

#[test]
fn duplicates_can_count_as_questions_of_their_own() {
    let options = Options { include_duplicates: true, ..Options::default() };
    let report = counted(&folder(SITE), TODAY, &options);
    assert_eq!(value(&report, "questions"), "6");
    assert_eq!(value(&report, "answered"), "5");
    assert_eq!(value(&report, "answers"), "6");
    assert_eq!(value(&report, "ttfa_median"), "13", "half-way between 2 and 24");
    assert_eq!(counts(&report, "within_7d"), (Some(4), Some(6)), "and so do young ones");
    assert_eq!(value(&report, "people"), "8");
}

#[test]
fn an_answer_to_oneself_can_be_left_out() {
    let options = Options { strict_answers: true, ..Options::default() };
    let report = counted(&folder(SITE), TODAY, &options);
    assert_eq!((value(&report, "answered"), value(&report, "unanswered")), ("3".into(), "2".into()));
}

#[test]
fn a_tag_or_a_product_counts_by_itself() {
    let of = |tag: Option<&str>, product: Option<&str>| {
        let options =
            Options { tag: tag.map(Into::into), product: product.map(Into::into), ..Options::default() };
        let report = counted(&folder(SITE), TODAY, &options);
        (value(&report, "questions"), value(&report, "answers"), value(&report, "people"))
    };
    assert_eq!(of(Some("glaze"), None), ("2".into(), "3".into(), "4".into()));
    assert_eq!(of(None, Some("kiln")), ("1".into(), "2".into(), "3".into()));
}

#[test]
fn periods_add_up_to_the_whole() {
    for by in Every::ALL {
        let options = Options { by: Some(by), ..Options::default() };
        let report = counted(&folder(SITE), TODAY, &options);
        for id in ["questions", "answers", "confirmations", "answered", "accepted", "contributions"] {
            let of_periods =
                report.periods.iter().filter_map(|it| it.figure(id)?.value).map(|it| it.whole_part());
            assert_eq!(of_periods.sum::<i64>().to_string(), value(&report, id), "{id} by {}", by.name());
        }
    }
}

/// Ana writes often and goes, Ben goes and comes back, Cem is new, Dan goes on.
#[test]
fn people_come_go_and_return() {
    let mut site = String::from("=== longhouse.yaml\ntitle: T\n");
    let mut post = |who: &str, day: &str, number: usize| {
        site += &format!(
            "=== content/questions/{who}-{number}.md\n---\ndate: {day}\nauthors: [{who}]\n---\n# {who} {number}?\n\nText.\n"
        );
    };
    for (number, day) in ["2026-01-05", "2026-01-20", "2026-02-10", "2026-03-25"].iter().enumerate() {
        post("ana", day, number);
    }
    post("ben", "2025-09-01", 0);
    post("ben", "2026-05-01", 1);
    post("cem", "2026-06-01", 0);
    post("dan", "2026-03-10", 0);
    post("dan", "2026-04-10", 1);
    let report = counted(&folder(&site), TODAY, &Options::default());
    // The window are the ninety days from 2 April on.
    assert_eq!(value(&report, "new"), "1", "Cem");
    assert_eq!(value(&report, "reactivated"), "1", "Ben");
    assert_eq!(value(&report, "lost"), "1", "Ana");
    assert_eq!(counts(&report, "returning"), (Some(1), Some(3)), "Dan of Ben, Cem and Dan");
    let retention = &report.figure("retention").expect("a figure").rows;
    assert_eq!(
        retention.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["2025-09", "2026-01", "2026-03", "2026-06"]
    );
    assert_eq!(retention[1].series, [1, 1, 1, 0, 0, 0]);
    let young = counted(&folder(&site), "2025-11-30", &Options::default());
    assert_eq!(young.figure("new").and_then(|it| it.why), Some(Why::ShortHistory));
}

#[test]
fn newcomers_who_were_answered_are_told_from_those_who_were_not() {
    let site = "\
=== content/questions/a.md
---
date: 2026-01-01
authors: [ana]
---
# A?

Text.
=== content/questions/a/mia.md
---
date: 2026-01-02
---
Yes.
=== content/questions/a/ana.md
---
comment: true
date: 2026-01-03
---
Thanks.
=== content/questions/b.md
---
date: 2026-01-10
authors: [ben]
---
# B?

Text.
=== content/questions/b2.md
---
date: 2026-02-10
authors: [ben]
---
# B again?

Text.
";
    let report = counted(&folder(site), TODAY, &Options::default());
    assert_eq!(counts(&report, "second_try_answered"), (Some(0), Some(1)), "a thank-you is no second try");
    assert_eq!(counts(&report, "second_try_unanswered"), (Some(1), Some(1)));
}

#[test]
fn who_knows_a_tag_is_seen_by_their_answers() {
    let mut site = String::from("=== longhouse.yaml\ntitle: T\n");
    for (tag, who) in [("oil", "ana"), ("wax", "ben")] {
        for number in 0..3 {
            site += &format!(
                "=== content/questions/{tag}-{number}.md\n---\ndate: 2026-05-0{}\nauthors: [eve]\ntags: [{tag}]\n---\n# {tag} {number}?\n\nText.\n",
                number + 1
            );
            if tag == "oil" || number == 0 {
                site += &format!(
                    "=== content/questions/{tag}-{number}/{who}.md\n---\ndate: 2026-05-09\n---\nText.\n"
                );
            }
        }
    }
    assert_eq!(rows(&counted(&folder(&site), TODAY, &Options::default()), "without_expert"), ["wax: 3"]);
}

#[test]
fn the_report_for_programs_keeps_to_its_schema_and_defines_every_figure() {
    let options = Options { by: Some(Every::Quarter), ..Options::default() };
    let report = counted(&folder(SITE), TODAY, &options);
    let json = json::json(&report);
    let defined: Vec<&str> =
        json["definitions"].as_array().expect("a list").iter().filter_map(|it| it["id"].as_str()).collect();
    let figures = json["figures"].as_object().expect("an object");
    assert!(figures.keys().all(|id| defined.contains(&id.as_str())) && figures.len() == defined.len());
    assert_eq!(json["figures"]["answered_rate"]["value"], Value::Null);
    assert_eq!(json["figures"]["answered_rate"]["why"], "fewer than 10 cases");
    assert_eq!(json["as_of"], TODAY);
    let schema = longhouse::schema::Schema::Insight.json();
    let wanted = schema["required"].as_array().expect("a list").iter().filter_map(Value::as_str);
    assert_eq!(wanted.collect::<Vec<_>>().len(), json.as_object().expect("an object").len());
    for key in json.as_object().expect("an object").keys() {
        assert!(schema["properties"][key].is_object(), "{key} is in the schema");
    }
}

#[test]
fn a_spreadsheet_gets_one_number_a_line() {
    let options = Options { by: Some(Every::Year), ..Options::default() };
    let csv = csv::csv(&counted(&folder(SITE), TODAY, &options));
    let mut lines = csv.lines();
    assert_eq!(lines.next(), Some("date,id,tag,value"));
    assert!(csv.contains("\n2026-01-01,questions,,5\n"), "{csv}");
    assert!(csv.contains("\n2026-01-01,answered_rate,,\n2026-01-01,answered_rate.count,,4\n"), "{csv}");
    assert!(lines.all(|line| line.split(',').count() == 4), "{csv}");
}

#[test]
fn the_page_has_no_script_and_loads_nothing_whatever_a_site_is_called() {
    let site = SITE.replace("title: Kilns", "title: '</title><script>alert(1)</script>'");
    let options = Options { by: Some(Every::Month), ..Options::default() };
    let page = page::page(&counted(&folder(&site), TODAY, &options));
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"), "{page}");
    assert!(
        !page.contains("http:") && !page.contains("https:") && !page.contains("url("),
        "it loads nothing"
    );
    assert!(page.contains("default-src 'none'"));
    assert_eq!(page.matches("role=\"img\"").count(), 4, "one for each chart");
    assert!(!page.contains("@ana"), "nobody is named but owners of overdue pages");
}

fn run(root: &std::path::Path, arguments: &[&str]) -> Output {
    crate::fixture::command()
        .args(arguments)
        .arg("--root")
        .arg(root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("SOURCE_DATE_EPOCH", "1782820800")
        .output()
        .expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_command_prints_a_table_json_or_csv() {
    let folder = folder(SITE);
    let table = run(folder.root(), &["insight", "--by", "quarter"]);
    let shown = text(&table.stdout);
    assert_eq!(table.status.code(), Some(0), "{}", text(&table.stderr));
    for part in ["Kilns, as of 2026-06-30, since 2025-05-01", "4 of 5", "~24.0 h", "2026-Q1"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let searched = run(folder.root(), &["insight", "--json", "--search"]);
    let searched: Value = serde_json::from_slice(&searched.stdout).expect("JSON");
    for id in ["search_tests_failed", "asked_again_unmarked"] {
        assert_eq!(searched["figures"][id]["value"], 0, "{id}");
    }
    let json: Value =
        serde_json::from_slice(&run(folder.root(), &["insight", "--json"]).stdout).expect("JSON");
    assert_eq!(json["figures"]["questions"]["value"], 5);
    assert_eq!(json["figures"]["dead_links"]["value"], 0);
    assert_eq!(json["figures"]["asked_again_unmarked"]["why"], "not checked");
    assert!(text(&run(folder.root(), &["insight", "--csv"]).stdout).contains("2026-06-30,questions,,5\n"));
    let explained = text(&run(folder.root(), &["insight", "--explain", "ttfa_median"]).stdout);
    assert!(explained.starts_with("ttfa_median: Median time to first answer\n"), "{explained}");
    for (arguments, part) in [
        (["--tag", "glase"], "There is no tag `glase` on this site. Did you mean `glaze`?"),
        (["--product", "oven"], "There is no product `oven`"),
        (["--explain", "ttfa"], "There is no figure `ttfa`"),
    ] {
        let refused = run(folder.root(), &[&["insight"][..], &arguments].concat());
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(text(&refused.stderr).contains(part), "{}", text(&refused.stderr));
    }
}

#[test]
fn the_page_is_written_nowhere_where_it_could_be_published() {
    let folder = folder(SITE);
    folder.write("public/.keep", "").write("static/.keep", "");
    let outside = tempfile::tempdir().expect("a temporary folder");
    let file = outside.path().join("insight.html");
    let written = run(folder.root(), &["insight", "--html", file.to_str().expect("a path")]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert!(std::fs::read_to_string(file).expect("a page").starts_with("<!doctype html>"));
    for inside in ["public/insight.html", "static/insight.html", "content/insight.html"] {
        let file = folder.root().join(inside);
        let refused = run(folder.root(), &["insight", "--html", file.to_str().expect("a path")]);
        assert_eq!(refused.status.code(), Some(2), "{inside}: {}", text(&refused.stderr));
        assert!(!file.exists(), "{inside}");
    }
}

/// A repository whose branch adds a question without an answer.
fn grown() -> Repository {
    let repository = repository(SITE);
    repository.commit("ana", "2026-06-30", "begin");
    repository.git("ana", "2026-06-30", &["branch", "main-then"]);
    repository.folder().write(
        "content/questions/new.md",
        "---\ndate: 2026-06-30\nauthors: [dan]\n---\n# And where is the plug?\n\nI cannot see it.\n",
    );
    repository.commit("dan", "2026-06-30", "ask");
    repository
}

#[test]
fn conditions_on_figures_fail_a_check() {
    let repository = grown();
    let root = repository.folder().root();
    let check = |conditions: &str, more: &[&str]| {
        let output = run(root, &[&["check", "--health", conditions][..], more].concat());
        (output.status.code(), text(&output.stderr))
    };
    let (code, said) = check("unanswered<=1", &[]);
    assert_eq!(code, Some(1), "{said}");
    for part in
        ["error[health]: `unanswered` is 2 and should be at most 1.", "Questions without any visible answer."]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    let (code, said) = check("unanswered<=2, ttfa_median<=1d", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 conditions of `--health` hold"), "{said}");
    let (code, said) = check("answered_rate>=99%", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("`answered_rate` is unknown (4 of 6, fewer than 10 cases) and was not compared"),
        "{said}"
    );
    let (code, said) = check("unanswered<=base", &["--changed-since", "main-then"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("should be at most 1; on the base branch it is 1."), "{said}");
    assert_eq!(check("unanswered<=base+1", &["--changed-since", "main-then"]).0, Some(0));
    let (code, said) = check("unanswered<base*2", &[]);
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn a_page_of_figures_is_public_only_where_the_configuration_asks() {
    let folder = folder(SITE);
    assert!(!folder.build().has("insight/index.html"));
    folder.write(
        "longhouse.yaml",
        SITE.split("=== ").nth(1).unwrap_or_default().replace("longhouse.yaml\n", "insight: public\n"),
    );
    let today = Some(TODAY.parse().expect("a day"));
    let sources = Arc::new(Sources { today, ..Sources::clone(&folder.load()) });
    let site = render(&sources, Visibility::default()).expect("a theme without mistakes");
    let page = site.main("/insight/");
    for part in [
        "As of 30 June 2026.",
        "24 hours",
        "4 of 5",
        "role=\"img\" aria-label=\"Questions and answers by quarter\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    for name in ["ana", "ben", "mia", "eve"] {
        assert!(
            !page.contains(&format!("/people/{name}/")) && !page.contains(&format!(">{name}<")),
            "{name} in {page}"
        );
    }
    assert!(site.page("/questions/one/").contains("href=\"/insight/\""), "the footer leads there");
    assert!(site.file("sitemap.xml").contains("/insight/"));
}

#[test]
fn how_long_an_idea_took_is_read_off_the_history_of_its_state() {
    let idea = |state: &str| {
        format!(
            "---\nauthors: [ana]\ndate: 2026-01-01\nstate: {state}\nfulfilled_by: '2'\n---\n# A timer\n\nPlease.\n"
        )
    };
    let repository = repository("=== longhouse.yaml\nbase_url: https://community.example.org/\n");
    for (day, state) in [("2026-01-01", "open"), ("2026-01-11", "planned"), ("2026-02-10", "shipped")] {
        repository.folder().write("content/ideas/timer.md", idea(state));
        repository.commit("ana", day, state);
    }
    let output = run(repository.folder().root(), &["insight", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(
        json["figures"]["ideas_planned_after"]["value"], 10,
        "{}",
        json["figures"]["ideas_planned_after"]
    );
    assert_eq!(json["figures"]["ideas_shipped_after"]["value"], 40);
    let without = run(folder(SITE).root(), &["insight", "--json"]);
    let json: Value = serde_json::from_slice(&without.stdout).expect("JSON");
    assert_eq!(json["figures"]["ideas_shipped_after"]["why"], "git does not know when it changed");
}
