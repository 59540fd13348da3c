//! Links as people write them: where they lead, and what is said where they lead nowhere.

use longhouse::diagnostic::{Diagnostic, Rule};

use crate::crawl::{assert_whole, attributes, between};
use crate::fixture::{Rendered, folder, site};

/// A site in which every kind of page can be linked to.
const COMMUNITY: &str = "\
=== longhouse.yaml
base_url: https://x.example/help/
former_urls: [https://old.example/kb/]
repository: {host: github, url: https://github.com/acme/community, branch: main}
=== GUIDELINES.md
# How we treat each other
## Be kind
See [the backup](content/how-tos/backup.md#restore) and [above](#be-kind).
=== content/questions/reset-password.md
# How do I reset my password?
I tried.

## What I tried
Everything.
=== content/questions/reset-password/ana.md
Use the form.

## By mail
Write to them.
=== content/questions/billing/invoice.md
# Where is my invoice?
## Answer
In the drawer.
=== content/questions/billing/_index.md
# Money
## Refunds
Ask.
=== content/how-tos/backup.md
# Make a backup
## What you need
A disk.
## Steps
### Restore
Put it back.
=== content/pages/größe-und-maß.md
# Größe
";

/// The `href`s of a page at `content/questions/links.md` with this body.
fn hrefs_of(body: &str) -> (Vec<String>, Rendered) {
    let folder = folder(COMMUNITY);
    folder.write("content/questions/links.md", format!("# Links\n\n{body}\n\nTHE END\n"));
    let rendered = folder.build();
    assert_whole(&rendered, "https://x.example", "/help");
    (hrefs_in(&rendered, "/questions/links/"), rendered)
}

/// The links in the text of a page that ends with `THE END`.
fn hrefs_in(rendered: &Rendered, address: &str) -> Vec<String> {
    let main = rendered.main(address);
    attributes(between(&main, "</h1>", "THE END"), "a[href]:not([rel~=tag])", "href")
}

fn said(rendered: &Rendered) -> Vec<&Diagnostic> {
    rendered.of("content/questions/links.md")
}

/// Where one link leads, if nothing was said of it.
#[track_caller]
fn leads(destination: &str, expected: &str) {
    let (hrefs, rendered) = hrefs_of(&format!("[it]({destination})"));
    assert_eq!(said(&rendered), Vec::<&Diagnostic>::new(), "{destination}");
    assert_eq!(hrefs.first().map(String::as_str), Some(expected), "{destination}");
}

#[test]
fn a_relative_path_to_a_file_leads_to_its_page_and_its_heading() {
    leads("reset-password.md", "/help/questions/reset-password/");
    leads("./reset-password.md", "/help/questions/reset-password/");
    leads("../how-tos/backup.md#restore", "/help/how-tos/backup/#h-restore");
    leads("../how-tos/backup.md#Restore", "/help/how-tos/backup/#h-restore");
    leads("../how-tos/backup#restore", "/help/how-tos/backup/#h-restore");
    leads("billing/invoice.md", "/help/questions/invoice/");
    leads("../../GUIDELINES.md", "/help/guidelines/");
    leads("../../GUIDELINES.md#be-kind", "/help/guidelines/#h-be-kind");
    leads("../pages/größe-und-maß.md", "/help/gr%C3%B6%C3%9Fe-und-ma%C3%9F/");
    leads("../pages/gr%C3%B6%C3%9Fe-und-ma%C3%9F.md", "/help/gr%C3%B6%C3%9Fe-und-ma%C3%9F/");
    leads("<../pages/gro\u{308}ße-und-maß.md>", "/help/gr%C3%B6%C3%9Fe-und-ma%C3%9F/");
}

#[test]
fn a_link_to_a_heading_that_the_page_shows_otherwise_leads_to_what_stands_for_it() {
    leads("../how-tos/backup.md#steps", "/help/how-tos/backup/#h-steps");
    leads("../how-tos/backup.md#make-a-backup", "/help/how-tos/backup/");
    leads("billing/invoice.md#answer", "/help/questions/invoice/#answer");
}

#[test]
fn a_link_to_the_file_of_an_answer_leads_to_the_answer() {
    leads("reset-password/ana.md", "/help/questions/reset-password/#answer-ana");
    leads("reset-password/ana.md#by-mail", "/help/questions/reset-password/#h-ana-by-mail");
    leads("reset-password.md#answer-ana", "/help/questions/reset-password/#answer-ana");
}

#[test]
fn a_folder_is_what_stands_for_it() {
    leads("../how-tos/", "/help/how-tos/");
    leads("billing", "/help/tags/billing/");
    leads("billing/#refunds", "/help/tags/billing/#h-refunds");
    leads("billing/_index.md#refunds", "/help/tags/billing/#h-refunds");
    leads("reset-password/", "/help/questions/reset-password/");
    leads("..", "/help/");
}

#[test]
fn paths_of_the_site_work_with_and_without_the_base_path() {
    leads("/how-tos/backup/", "/help/how-tos/backup/");
    leads("/how-tos/backup", "/help/how-tos/backup/");
    leads("/How-Tos/Backup/#restore", "/help/how-tos/backup/#h-restore");
    leads("/how-tos/backup/#h-restore", "/help/how-tos/backup/#h-restore");
    leads("/help/how-tos/backup/index.html", "/help/how-tos/backup/");
    leads("/content/how-tos/backup.md", "/help/how-tos/backup/");
    leads("/questions/unanswered/", "/help/questions/unanswered/");
    leads("/tags/billing/feed.xml", "/help/tags/billing/feed.xml");
    leads("/people/ana/", "/help/people/ana/");
    leads("/search/?q=lost%20key&tag=a", "/help/search/?q=lost%20key&tag=a");
    leads("../how-tos/backup/", "/help/how-tos/backup/");
}

#[test]
fn pasted_addresses_of_the_site_and_of_the_git_host_mean_the_same_pages() {
    leads("https://x.example/help/how-tos/backup/#h-restore", "/help/how-tos/backup/#h-restore");
    leads("http://x.example/help/how-tos/backup/", "/help/how-tos/backup/");
    leads("https://old.example/kb/how-tos/backup/", "/help/how-tos/backup/");
    leads("https://x.example/elsewhere/", "https://x.example/elsewhere/");
    let blob = "https://github.com/acme/community/blob/main/content";
    leads(&format!("{blob}/how-tos/backup.md#restore"), "/help/how-tos/backup/#h-restore");
    leads(&format!("{blob}/questions/reset-password/ana.md"), "/help/questions/reset-password/#answer-ana");
    let elsewhere = "https://github.com/acme/community/blob/main/src/main.rs";
    leads(elsewhere, elsewhere);
    let (hrefs, _) = hrefs_of("<https://x.example/help/how-tos/backup/> and https://x.example/help/tags/");
    assert_eq!(hrefs, ["/help/how-tos/backup/", "/help/tags/"]);
}

#[test]
fn a_fragment_of_the_same_page_is_found_in_its_own_file_first() {
    let folder = folder(COMMUNITY);
    folder.write(
        "content/questions/reset-password/ben.md",
        "## By mail\nSTART [mine](#by-mail), [hers](ana.md#by-mail), [the question's](#what-i-tried), [top](#). THE END\n",
    );
    let rendered = folder.build();
    assert_whole(&rendered, "https://x.example", "/help");
    assert_eq!(rendered.of("content/questions/reset-password/ben.md"), Vec::<&Diagnostic>::new());
    let page = rendered.main("/questions/reset-password/");
    assert_eq!(
        attributes(between(&page, "START", "THE END"), "a", "href"),
        ["#h-ben-by-mail", "#h-ana-by-mail", "#h-what-i-tried", "/help/questions/reset-password/"]
    );
}

#[test]
fn texts_that_are_no_entries_have_links_and_headings_too() {
    let rendered = site(COMMUNITY);
    assert_whole(&rendered, "https://x.example", "/help");
    assert_eq!(rendered.of("GUIDELINES.md"), Vec::<&Diagnostic>::new());
    assert_eq!(
        attributes(&rendered.page("/guidelines/"), "article a", "href"),
        ["/help/how-tos/backup/#h-restore", "#h-be-kind"]
    );
}

#[test]
fn a_dead_link_becomes_its_text_and_the_nearest_page_is_named() {
    let (hrefs, rendered) = hrefs_of("See [the **form**](reset-pasword.md#x \"reset-pasword.md\") there.");
    assert_eq!(hrefs, Vec::<String>::new());
    assert!(rendered.main("/questions/links/").contains("See the <strong>form</strong> there."));
    let problem = rendered.only(Rule::DeadLink);
    assert_eq!((problem.line, problem.column, problem.end_line, problem.end_column), (3, 5, 3, 58));
    assert_eq!(problem.fix.as_deref(), Some("[the **form**](reset-password.md#x \"reset-pasword.md\")"));
    assert!(problem.help.contains("`reset-password.md`"), "{}", problem.help);
}

#[test]
fn a_dead_fragment_keeps_the_link_and_names_the_nearest_heading() {
    let (hrefs, rendered) = hrefs_of("[it](../how-tos/backup.md#restor), [it](#nothing-like-it)");
    assert_eq!(hrefs[0], "/help/how-tos/backup/");
    let problems = said(&rendered);
    assert_eq!(problems.iter().map(|it| it.rule).collect::<Vec<_>>(), [Rule::DeadFragment; 2]);
    assert_eq!(problems[0].fix.as_deref(), Some("[it](../how-tos/backup.md#restore)"));
    assert_eq!((problems[1].line, problems[1].column, &problems[1].fix), (3, 36, &None));
}

#[test]
fn a_link_to_a_page_that_was_moved_leads_there_and_says_how_to_write_it() {
    let (hrefs, rendered) = hrefs_of("[it](old/topic/backup.md#restore) [hers](old/reset-password/ana.md)");
    assert_eq!(hrefs, ["/help/how-tos/backup/#h-restore", "/help/questions/reset-password/#answer-ana"]);
    let problems = said(&rendered);
    assert_eq!(problems.iter().map(|it| it.rule).collect::<Vec<_>>(), [Rule::MovedLink; 2]);
    assert_eq!(problems[0].fix.as_deref(), Some("[it](../how-tos/backup.md#restore)"));
    assert_eq!(problems[1].fix.as_deref(), Some("[hers](reset-password/ana.md)"));
}

#[test]
fn the_nearest_tag_product_person_and_image_are_named_too() {
    let folder = folder(COMMUNITY);
    folder.write("longhouse.yaml", "base_url: https://x.example/help/\nproducts: [{id: boiler}]\n");
    folder.write("content/how-tos/valve.png", b"\x89PNG\r\n\x1a\n");
    folder.write("content/how-tos/step-2.png", b"\x89PNG\r\n\x1a\n");
    folder.write(
        "content/questions/t.md",
        "---\ntags: [glaze]\nproduct: boiler\nauthors: [hanneke]\n---\n# T?\n",
    );
    folder.write(
        "content/questions/links.md",
        "# L?\n\n[t](/tags/galze/) [p](/products/boilr/) [h](/people/haneke/)\n![v](vavle.png) ![s](step-3.png)\n",
    );
    folder.write("content/ideas/i.md", "---\nstate: shipped\nfulfilled_by: ../how-tos/bakup.md\n---\n# I\n");
    let rendered = folder.build();
    let fixes = |file: &str| {
        rendered.of(file).iter().map(|it| it.fix.clone().unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(
        fixes("content/questions/links.md"),
        [
            "[t](/tags/glaze/)",
            "[p](/products/boiler/)",
            "[h](/people/hanneke/)",
            "![v](../how-tos/valve.png)",
            ""
        ]
    );
    assert_eq!(fixes("content/ideas/i.md"), ["../how-tos/backup.md"]);
}

#[test]
fn a_dead_image_becomes_its_description() {
    let folder = folder(COMMUNITY);
    folder.write("content/how-tos/Screen.png", b"\x89PNG\r\n\x1a\n");
    folder.write("content/questions/links.md", "# Links\n\n![the screen](screen.png) ![gone](gone.png)\n");
    let rendered = folder.build();
    assert!(rendered.main("/questions/links/").contains("<p>the screen gone</p>"));
    let problems = said(&rendered);
    assert_eq!(problems.iter().map(|it| it.rule).collect::<Vec<_>>(), [Rule::DeadImage; 2]);
    assert_eq!(problems[0].fix.as_deref(), Some("![the screen](../how-tos/Screen.png)"));
    assert_eq!((problems[1].column, &problems[1].fix), (27, &None));
}

#[test]
fn what_is_not_on_the_site_is_not_linked_to() {
    let folder = folder(COMMUNITY);
    folder.write("content/questions/draft.md", "---\nstatus: draft\n---\n# Draft\n");
    folder.write(
        "content/questions/gone.md",
        "---\nstatus: hidden\nreason: spam\n---\n# Gone\n## Part\n[out](links.md) ![x](x.png)\n",
    );
    folder.write("content/questions/x.png", b"\x89PNG\r\n\x1a\n");
    folder.write("content/links/broken.md", "# No address\n");
    folder.write(
        "content/questions/links.md",
        "# Links\n\n[d](draft.md) [h](gone.md#part) [b](../links/broken.md) [e]()\n\nTHE END\n",
    );
    let rendered = folder.build();
    assert_whole(&rendered, "https://x.example", "/help");
    let page = rendered.page("/questions/links/");
    assert_eq!(hrefs_in(&rendered, "/questions/links/"), ["/help/questions/gone/"]);
    let problems = said(&rendered);
    assert_eq!(
        problems.iter().map(|it| (it.rule, it.column)).collect::<Vec<_>>(),
        [(Rule::DeadLink, 1), (Rule::DeadLink, 33), (Rule::DeadLink, 57)]
    );
    assert!(problems[0].message.contains("content/questions/draft.md"), "{}", problems[0].message);
    // A page that was removed links to nothing, and no file beside it is published.
    assert!(!page.contains("Gone"), "{page}");
    assert!(!rendered.paths().iter().any(|path| path.starts_with("files/")));
    assert!(rendered.main("/questions/gone/").contains("spam"));
}

#[test]
fn somebody_who_wants_no_page_has_none() {
    let rendered = site(
        "\
=== content/people/ana.md
---
name: Ana Silva
listed: false
---
Hello from Ana.
=== content/people/ben.md
---
name: Rude Name
status: hidden
---
=== content/questions/a.md
---
authors: ana
---
# A?
See [Ana](../people/ana.md), [her](/people/ana/) and [Ben](../people/ben.md).
=== content/questions/a/ben.md
Yes.
",
    );
    assert_whole(&rendered, "http://127.0.0.1:4000", "");
    assert_eq!(rendered.rules(), Vec::<String>::new());
    assert!(!rendered.has("people/ana/index.html") && !rendered.has("people/ana/feed.xml"));
    assert!(rendered.main("/people/ben/").contains("removed"));
    let page = rendered.page("/questions/a/");
    assert!(page.contains("Ana Silva") && !page.contains("/people/ana/"), "{page}");
    for (path, text) in rendered.pages() {
        assert!(!text.contains("Rude Name") && !text.contains("Hello from Ana"), "{path}: {text}");
    }
    assert!(!rendered.file("people/feed.xml").contains("Silva"));
}

#[test]
fn an_idea_names_what_fulfilled_it() {
    let folder = folder(COMMUNITY);
    let idea = |value: &str| format!("---\nstate: shipped\nfulfilled_by: {value}\n---\n# Idea\nPlease.\n");
    folder.write("content/ideas/path.md", idea("../how-tos/backup.md#restore"));
    folder.write("content/ideas/slug.md", idea("backup"));
    folder.write("content/ideas/version.md", idea("4.2"));
    folder.write("content/ideas/away.md", idea("https://y.example/news"));
    folder.write("content/ideas/dead.md", idea("../how-tos/nothing.md"));
    let rendered = folder.build();
    assert_whole(&rendered, "https://x.example", "/help");
    let of = |slug: &str| rendered.main(&format!("/ideas/{slug}/"));
    assert!(
        of("path").contains("<a href=\"/help/how-tos/backup/#h-restore\">Make a backup</a>"),
        "{}",
        of("path")
    );
    assert!(of("slug").contains("<a href=\"/help/how-tos/backup/\">Make a backup</a>"), "{}", of("slug"));
    assert!(of("version").contains("fulfilled by 4.2<"), "{}", of("version"));
    assert!(of("away").contains("href=\"https://y.example/news\""), "{}", of("away"));
    assert_eq!(rendered.rules(), ["content/ideas/dead.md: dead-link"]);
    assert_eq!(rendered.diagnostics[0].line, 3);
}

#[test]
fn footnotes_lead_there_and_back_wherever_a_text_stands() {
    let note = "Text.[^1]\n\n[^1]: Note.\n";
    let folder = folder("=== longhouse.yaml\nbase_url: https://x.example/help/\n");
    folder.write("GUIDELINES.md", format!("# Rules\n\n{note}"));
    folder
        .write("content/questions/a.md", format!("# A?\n\n{note}\n## Answer\n\nIt is.[^2]\n\n[^2]: Two.\n"));
    folder.write("content/questions/a/ana.md", note);
    folder.write("content/questions/b.md", format!("---\nduplicate_of: a\n---\n# B?\n\n{note}"));
    folder.write("content/questions/t/c.md", format!("# C?\n\n{note}"));
    folder.write("content/questions/t/_index.md", format!("# Topic\n\n{note}"));
    folder.write("content/stories/s.md", format!("# S\n\n## Problem\n\n{note}\n## Outcome\n\nFine.[^1]\n"));
    folder.write("content/how-tos/h.md", "# H\n\n## Steps\n\n1. Do.[^1]\n\n[^1]: Note.\n");
    folder.write("content/people/ana.md", format!("# Ana\n\n{note}"));
    folder.write("content/README.md", format!("# Home\n\n{note}"));
    let rendered = folder.build();
    assert_whole(&rendered, "https://x.example", "/help");
    for address in
        ["/", "/guidelines/", "/questions/a/", "/tags/t/", "/stories/s/", "/how-tos/h/", "/people/ana/"]
    {
        assert!(rendered.page(address).contains("role=\"doc-endnotes\""), "{address}");
    }
}

#[test]

fn many_bad_links_cost_no_more_than_many_good_ones() {
    // Fails by taking minutes where work grows with the square of what is written.
    let folder = folder("=== longhouse.yaml\nbase_url: https://x.example/\n");
    for n in 0..400 {
        folder
            .write(&format!("content/questions/a-rather-long-name-of-a-question-about-{n:04}.md"), "# Q?\n");
    }
    let dead: String =
        (0..5_000).map(|n| format!("[a](a-rather-lang-nome-of-a-questoin-abuot-{n:05}.md)\n")).collect();
    folder.write("content/questions/dead.md", format!("# Dead\n\n{dead}"));
    let headings: String = (0..5_000).map(|n| format!("## heading number {n}\n")).collect();
    folder.write("content/questions/headings.md", format!("# H\n\n{headings}"));
    let fragments: String = (0..5_000).map(|n| format!("[a](headings.md#heding-nmber-{n})\n")).collect();
    folder.write("content/questions/fragments.md", format!("# F\n\n{fragments}"));
    let moved: String = (0..5_000).map(|_| "[a](x/headings.md)\n").collect();
    folder.write("content/questions/moved.md", format!("# M\n\n{moved}"));
    let rendered = folder.build();
    let count = |rule: Rule| rendered.diagnostics.iter().filter(|it| it.rule == rule).count();
    assert_eq!(
        (count(Rule::DeadLink), count(Rule::DeadFragment), count(Rule::MovedLink)),
        (5_000, 5_000, 5_000)
    );
    assert!(rendered.diagnostics.iter().any(|it| it.rule == Rule::DeadLink && it.fix.is_some()));
    assert!(rendered.diagnostics.iter().filter(|it| it.rule == Rule::MovedLink).all(|it| it.fix.is_some()));
}

#[test]
fn links_lead_to_the_places_that_authors_named() {
    let rendered = site(
        "\
=== longhouse.yaml
base_url: https://x.example/
=== content/questions/pay.md
<a name=\"start\"></a>
# How do I pay?

[a](#pay) [b](#Row_1) [c](#own) [d](#title-own) [e](#start) [f](#det) [g](pay/ana.md#deep)
[h](#\u{fe0f}-limits) [i](#-limits) [j](#%EF%B8%8F-limits) [k](#1\u{fe0f}\u{20e3}-step)

<a id=\"pay\"></a>
## Payment

<table><tr id=\"Row_1\"><td>a</td></tr></table>

<details id=\"det\"><summary>S</summary>t</details>

## Title {#own}

## ⚠️ Limits

## 1️⃣ Step
=== content/questions/pay/ana.md
Like this: <span id=\"deep\">here</span>.
=== content/questions/other.md
# Other?
[a](pay.md#pay) [b](/questions/pay/#det) [c](pay/ana.md#deep) [d](pay.md#own)
",
    );
    let dead: Vec<&Diagnostic> =
        rendered.diagnostics.iter().filter(|it| it.rule == Rule::DeadFragment).collect();
    assert!(dead.is_empty(), "{dead:?}");
    let main = rendered.main("/questions/pay/");
    let hrefs = attributes(between(&main, "class=\"text\"", "</p>"), "a[href]", "href");
    let limits = "#h-%EF%B8%8F-limits";
    assert_eq!(
        hrefs,
        [
            "#h-pay",
            "#h-Row_1",
            "#h-own",
            "#h-own",
            "/questions/pay/",
            "#h-det",
            "#h-ana-deep",
            limits,
            limits,
            limits,
            "#h-1%EF%B8%8F%E2%83%A3-step"
        ]
    );
    for id in ["h-pay", "h-Row_1", "h-own", "h-det", "h-ana-deep", "h-\u{fe0f}-limits"] {
        assert_eq!(main.matches(&format!(" id=\"{id}\"")).count(), 1, "{id} in {main}");
    }
    let other = rendered.main("/questions/other/");
    for id in ["h-pay", "h-det", "h-ana-deep", "h-own"] {
        assert!(other.contains(&format!("\"/questions/pay/#{id}\"")), "{id} in {other}");
    }
}

#[test]
fn no_place_that_an_author_named_stands_for_one_of_the_page() {
    let rendered = site(
        "\
=== longhouse.yaml
base_url: https://x.example/
=== content/questions/q.md
# Q?
<a id=\"main\"></a><b id=\"answer-ana\" name=\"body\">x</b><i id=\"h-x\">y</i><p id=\"__proto__\">z</p>

## X {#answer}
=== content/questions/q/ana.md
<a id=\"answer-ana\"></a>Yes.
",
    );
    let page = rendered.page("/questions/q/");
    assert_eq!(page.matches(" id=\"main\"").count(), 1);
    assert_eq!(page.matches(" id=\"answer-ana\"").count(), 1);
    for id in ["h-main", "h-answer-ana", "h-h-x", "h-__proto__", "h-answer", "h-ana-answer-ana"] {
        assert!(page.contains(&format!(" id=\"{id}\"")), "{id} in {page}");
    }
    assert!(!page.contains(" name=\"body\""));
}

#[test]
fn every_link_of_content_to_another_site_says_that_nobody_vouches_for_it() {
    // Every field has an address, wherever one can stand.
    let out = |name: &str| format!("https://out.example/{name}");
    let every =
        |fields: &[&str]| -> String { fields.iter().map(|it| format!("{it}: {}\n", out(it))).collect() };
    let common =
        every(&["description", "affiliation", "sponsored", "license", "versions", "also_asked", "source"]);
    let body = "[a](https://out.example/a) https://out.example/b <https://out.example/c> [d][d]\n\n\
        # [e](https://out.example/e)\n\n- [f](https://out.example/f)\n\n| [g](https://out.example/g) |\n| --- |\n\n\
        > [!NOTE]\n> [h](https://out.example/h)\n\n<a href=\"https://out.example/i\" rel=\"me\">i</a>\n\n\
        <div><a href='HTTPS://OUT.EXAMPLE/j'>j</a></div>\n\nx[^1]\n\n![k](https://out.example/k.png)\n\n\
        [l](//out.example/l)\n\n[d]: https://out.example/d\n[^1]: https://out.example/m\n";
    let page = |fields: String, title: &str| format!("---\n{fields}{common}---\n# {title}\n\n{body}");
    let site = site(
        &[
            "=== longhouse.yaml\nbase_url: https://c.example/\n".to_owned(),
            format!("=== content/questions/q.md\n{}", page(String::new(), "Q?")),
            format!("=== content/questions/q/ana.md\n---\nversion: https://out.example/v\n---\n{body}"),
            format!(
                "=== content/stories/s.md\n{}",
                page(
                    every(&["customer", "industry", "size", "use_case", "problem", "why", "outcome"])
                        + "consent: yes, https://out.example/who, 2026-01-01\n",
                    "S"
                )
            ),
            format!("=== content/how-tos/h.md\n{}", page(every(&["time", "needs", "level"]), "H")),
            format!(
                "=== content/ideas/i.md\n{}",
                page(every(&["fulfilled_by", "response"]) + "state: shipped\n", "I")
            ),
            format!("=== content/announcements/n.md\n{}", page(every(&["places"]), "N")),
            format!(
                "=== content/people/ana.md\n{}",
                page(
                    every(&["company", "gifts", "interests", "expert_in", "place", "links"])
                        + "name: https://out.example/name\n",
                    "P"
                )
            ),
            format!(
                "=== content/links/l.md\n{}",
                page(every(&["url", "feed", "place", "when", "response"]), "L")
            ),
            format!("=== content/pages/p.md\n{}", page(every(&["menu"]), "P")),
        ]
        .concat(),
    );
    let anchor = scraper::Selector::parse("a[href]").expect("a selector");
    let mut seen = std::collections::BTreeSet::new();
    for (path, text) in site.pages() {
        for link in scraper::Html::parse_document(&text).select(&anchor) {
            let href = link.attr("href").unwrap_or_default().to_lowercase();
            // An interest with an address in it is part of an address of ours.
            let is_ours = href.starts_with(['#', '/']) && !href.starts_with("//");
            if !href.contains("out.example") || is_ours || href.starts_with("../") {
                continue;
            }
            let rel: Vec<&str> = link.attr("rel").unwrap_or_default().split(' ').collect();
            let says = |word: &str| rel.contains(&word);
            assert!(says("ugc") && says("nofollow") && says("noopener"), "{path}: {href} with rel {rel:?}");
            seen.insert(href);
        }
    }
    for name in
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "m", "fulfilled_by", "url", "feed", "links"]
    {
        assert!(seen.contains(&out(name)), "{name} is among {seen:?}");
    }
}

#[test]
fn a_link_of_a_wiki_finds_what_has_its_name() {
    let files = "=== longhouse.yaml\nrules: {unknown-kind: off}\n=== content/notes/Tea Time.md\n---\ntitle: All about tea\naliases: [chai]\n---\n## How long\n\nSee [[begin]].\n=== content/notes/begin.md\n# Begin\n\n[[tea time]], [[All about tea|by title]], [[CHAI|by alias]], [[notes/Tea Time.md#How long|by path]].\n=== content/other/page.md\n# Other\n\n[[Tee Time]] and [[#gone]]\n";
    let rendered = site(files);
    let page = rendered.main("/notes/begin/");
    for shown in [
        "<a href=\"/notes/tea-time/\">tea time</a>",
        "<a href=\"/notes/tea-time/\">by title</a>",
        "<a href=\"/notes/tea-time/\">by alias</a>",
        "<a href=\"/notes/tea-time/#h-how-long\">by path</a>",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    // They are links like any other: the page knows who links to it.
    assert!(rendered.main("/notes/tea-time/").matches("href=\"/notes/begin/\"").count() >= 2);
    let dead = rendered.only(Rule::DeadLink);
    assert_eq!((dead.line, dead.column, dead.fix.as_deref()), (3, 1, Some("[[Tea Time]]")));
    assert_eq!(rendered.only(Rule::DeadFragment).column, 18);
}
