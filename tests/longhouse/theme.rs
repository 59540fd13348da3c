//! The theme of a site over the default one, file by file; what is said when it is wrong, and which colour
//! takes the place of one that cannot be read.

use longhouse::BuildError;
use longhouse::diagnostic::{Diagnostic, Rule, Severity};
use longhouse::site::Visibility;

use crate::fixture::{Rendered, bytes, folder, render, site};

const QUESTION: &str = "=== content/questions/a.md\n# A\nText.\n";

/// A question with an answer by somebody who has a page, in a list of its own.
const ANSWERED: &str = "=== content/questions/a.md\n# A\nText.\n=== content/questions/a/ana.md\nSo.\n\
                        === content/people/ana.md\n# Ana\n";

/// What is said when the theme `acme` holds these files.
#[track_caller]
fn said(files: &str) -> Vec<Diagnostic> {
    let folder = folder(&format!("{ANSWERED}=== longhouse.yaml\ntheme: acme\n{files}"));
    match render(&folder.load(), Visibility::default()) {
        Err(BuildError::Template(errors)) => {
            for problem in &errors.diagnostics {
                let text =
                    errors.texts.get(&*problem.file).unwrap_or_else(|| panic!("the text of {problem:?}"));
                assert!(text.lines().count() >= problem.line as usize, "{problem:?}");
                assert_eq!((problem.rule, problem.severity), (Rule::Theme, Severity::Error));
            }
            errors.diagnostics
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("the theme is not refused"),
    }
}

/// `file:line:column: message`, below `themes/`.
fn places(problems: &[Diagnostic]) -> Vec<String> {
    let place = |it: &Diagnostic| {
        let file = it.file.strip_prefix("themes/").unwrap_or(&it.file);
        format!("{file}:{}:{}: {}", it.line, it.column, it.message)
    };
    problems.iter().map(place).collect()
}

/// The one problem of a theme whose question page has this in its middle.
#[track_caller]
fn in_question(template: &str) -> Diagnostic {
    let mut problems = said(&format!(
        "=== themes/acme/templates/question.html\n{{% extends \"base.html\" %}}\n{{% block main %}}\n{template}\n{{% endblock main %}}\n"
    ));
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems.remove(0)
}

/// The style sheet of the theme.
fn css(rendered: &Rendered) -> String {
    let is_css = |path: &&str| path.starts_with("assets/site.") && path.ends_with(".css");
    rendered.file(rendered.paths().into_iter().find(is_css).expect("a style sheet"))
}

/// The value of a token that the configuration brought into the style sheet.
fn token(rendered: &Rendered, name: &str) -> Option<String> {
    let css = css(rendered);
    let brand = css.strip_prefix("@layer brand {")?.split('}').next()?;
    let value = brand.lines().find_map(|line| line.trim().strip_prefix(&format!("--{name}: ")))?;
    Some(value.trim_end_matches(';').to_string())
}

/// A site with this `brand:`.
fn branded(brand: &str) -> Rendered {
    site(&format!("{QUESTION}=== longhouse.yaml\nbrand:\n{brand}"))
}

#[test]
fn each_part_that_a_site_replaces_shows_and_nothing_else_changes() {
    let content = "=== content/questions/a.md\n---\ntags: [one]\n---\n# A\nText.\n=== content/questions/b.md\n# B\nText.\n\
                   === content/stories/s.md\n---\nauthors: ana\ncustomer: Ana\n---\n# S\nText.\n=== content/people/ana.md\n# Ana\n\
                   === content/pages/about.md\n# About\n";
    let plain = site(content);
    let with = |files: &str| site(&format!("{content}{files}"));
    let changed = |themed: &Rendered| -> Vec<String> {
        assert_eq!(themed.diagnostics, plain.diagnostics);
        let mut changed: Vec<String> = themed
            .paths()
            .into_iter()
            .filter(|path| {
                !plain.has(path) || plain.output.get(path).map(bytes) != themed.output.get(path).map(bytes)
            })
            .map(ToString::to_string)
            .collect();
        changed.extend(
            plain.paths().into_iter().filter(|path| !themed.has(path)).map(|path| format!("-{path}")),
        );
        changed
            .retain(|path| path.ends_with(".html") || !path.trim_start_matches('-').starts_with("search/"));
        changed
    };

    let template = with(
        "=== themes/default/templates/story.html\n{% extends \"base.html\" %}{% block main %}<h1>Told: {{ entry.title }}</h1>{% endblock main %}\n",
    );
    assert_eq!(changed(&template), ["stories/s/index.html"]);
    assert!(template.main("/stories/s/").contains("<h1>Told: S</h1>"));

    let part = with(
        "=== themes/default/templates/part/row.html\n<li class=\"ours\"><a href=\"{{ row.url }}\">{{ row.title }}</a>\n",
    );
    assert!(part.main("/questions/").contains("<li class=\"ours\"><a href=\"/questions/b/\">B</a>"));
    let lists = changed(&part);
    assert!(lists.contains(&"questions/index.html".to_string()) && lists.contains(&"index.html".to_string()));
    assert!(
        lists.iter().all(|path| path.ends_with("index.html") && plain.file(path).contains("class=\"rows\"")),
        "{lists:?}"
    );
    assert!(!lists.contains(&"about/index.html".to_string()));

    let own = with(
        "=== themes/default/templates/head.html\n<link rel=\"stylesheet\" href=\"{{ theme['acme/more.css'] }}\"><meta name=\"acme\" content=\"{{ site.title }}\">\n\
         === themes/default/static/acme/more.css\nh1 { color: teal }\n",
    );
    let pages = own.pages().filter(|(_, page)| !page.contains("http-equiv=\"refresh\"")).count();
    let added = changed(&own);
    let files: Vec<&String> = added.iter().filter(|path| !path.ends_with(".html")).collect();
    assert!(
        matches!(files[..], [one] if one.starts_with("assets/acme/more.") && one.ends_with(".css")),
        "{files:?}"
    );
    assert_eq!(added.len(), pages + 1, "every page has the same head");
    for (path, page) in own.pages().filter(|(_, page)| !page.contains("http-equiv=\"refresh\"")) {
        let head = format!(
            "<link rel=\"stylesheet\" href=\"/{}\"><meta name=\"acme\" content=\"Community\">\n",
            files[0]
        );
        assert_eq!(page.replace(&head, ""), plain.file(path), "{path}");
    }

    for files in [
        "=== themes/default/static/site.css\nbody { color: black }\n",
        "=== longhouse.yaml\nbrand: {font: Inter, accent: '#0f5c5c', accent-dark: '#7fcac2'}\n",
    ] {
        let sheet = with(files);
        let name = |it: &Rendered| {
            let is_css = |path: &&str| path.starts_with("assets/site.") && path.ends_with(".css");
            it.paths().into_iter().find(is_css).expect("a style sheet").to_string()
        };
        assert_ne!(name(&sheet), name(&plain));
        for (path, page) in sheet.pages() {
            assert_eq!(page.replace(&name(&sheet), &name(&plain)), plain.file(path), "{path}");
        }
    }

    let analytics = with("=== longhouse.yaml\ncsp: {allow: [https://count.example.org]}\n");
    for (path, page) in analytics.pages() {
        assert!(page.contains("script-src 'self' 'wasm-unsafe-eval' https://count.example.org;"), "{path}");
        assert_eq!(
            page.replace(" https://count.example.org", "").replace("frame-src;", "frame-src 'none';"),
            plain.file(path),
            "{path}"
        );
    }
}

#[test]
fn a_theme_has_a_name_and_files_in_folders() {
    let rendered = site(&format!("{QUESTION}\
=== longhouse.yaml
theme: acme
=== themes/acme/templates/question.html
{{% extends \"base.html\" %}}{{% block main %}}<h1>Acme: {{{{ entry.title }}}}</h1>{{{{ entry.body | safe }}}}<img src=\"{{{{ theme['pics/logo.svg'] }}}}\" alt=\"\">{{% endblock main %}}
=== themes/acme/static/pics/logo.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
=== themes/acme/static/v1.2/LICENSE
Ours.
"));
    let page = rendered.page("/questions/a/");
    assert!(page.contains("<h1>Acme: A</h1><p>Text.</p>"), "{page}");
    assert!(page.contains("<img src=\"/assets/pics/logo."), "{page}");
    assert!(
        rendered.paths().iter().any(|path| path.starts_with("assets/v1.2/LICENSE")),
        "{:?}",
        rendered.paths()
    );
    assert_eq!(rendered.rules(), [] as [String; 0]);
}

#[test]
fn a_field_that_is_not_there_is_named_with_those_that_are() {
    let found = in_question("<h1>{{ entry.titel }}</h1>");
    assert_eq!(
        places(std::slice::from_ref(&found)),
        ["acme/templates/question.html:3:14: `entry` has no field `titel`."]
    );
    assert_eq!((found.end_line, found.end_column), (3, 19));
    assert_eq!(found.fix.as_deref(), Some("title"));
    assert!(found.help.starts_with("Did you mean `title`? `entry` has `"), "{}", found.help);
    assert!(
        found.help.contains("`authors`") && found.help.ends_with("on the page /questions/a/."),
        "{}",
        found.help
    );
}

#[test]
fn the_step_of_a_path_that_fails_is_found_at_any_depth() {
    let one = |template: &str| {
        let found = in_question(template);
        (found.column, found.message.clone(), found.fix.clone().unwrap_or_default())
    };
    let is = |found: (u32, String, String), column: u32, message: &str, fix: &str| {
        assert_eq!(found, (column, message.to_string(), fix.to_string()));
    };
    is(one("{{ page.titel }}"), 9, "`page` has no field `titel`.", "title");
    is(one("{{ site.homee }}"), 9, "`site` has no field `homee`.", "home");
    is(one("{{ theme['sit.css'] }}"), 10, "The theme has no file `sit.css`.", "'site.css'");
    is(one("{{ entri.title }}"), 4, "`entri` does not exist here.", "entry");
    is(one("{{ titel }}"), 4, "`titel` does not exist here.", "");
    is(one("{{ entry.comemnts[0].body }}"), 10, "`entry` has no field `comemnts`.", "comments");
    is(one("{{ entry.question.anwsers[0] }}"), 19, "`entry.question` has no field `anwsers`.", "answers");
    is(one("{{ entry.question.answers[3] }}"), 27, "`entry.question.answers` is a list that has no `3`.", "");
    is(one("{{ entry.answers[3].body }}"), 10, "`entry` has no field `answers`.", "question.answers");
    is(one("{{ entry.title.text }}"), 16, "`entry.title` is a text, so it has no field `text`.", "");
    is(one("{% for it in entry.comemnts %}{% endfor %}"), 20, "`entry` has no field `comemnts`.", "comments");
    let deep = "{% for answer in entry.question.answers %}{% for who in answer.authors %}{{ who.nme }}{% endfor %}{% endfor %}";
    is(one(deep), 81, "`who` has no field `nme`.", "name");
    is(
        one("{% set it = entry.question.answers[0] %}{{ it.authors[0].nme.first }}"),
        58,
        "`it.authors[0]` has no field `nme`.",
        "name",
    );
}

#[test]
fn a_problem_in_a_part_or_a_parent_names_the_file_in_which_it_stands() {
    let found = said("=== themes/acme/templates/part/row.html\n<li>\n{{ row.titel }}\n");
    assert_eq!(places(&found), ["acme/templates/part/row.html:2:8: `row` has no field `titel`."]);
    assert_eq!(found[0].fix.as_deref(), Some("title"));
    assert!(found[0].help.contains("It is included by themes/default/templates/"), "{}", found[0].help);

    let found = said(
        "=== themes/acme/templates/base.html\n<title>{{ page.title }}</title>{% block search %}{% endblock search %}\n{% block main %}{% endblock main %}{{ site.nmae }}\n\
         === themes/acme/templates/question.html\n{% extends \"base.html\" %}{% block main %}{{ entry.titel }}{% endblock main %}\n",
    );
    assert_eq!(
        places(&found),
        [
            "acme/templates/base.html:2:44: `site` has no field `nmae`.",
            "acme/templates/question.html:1:51: `entry` has no field `titel`."
        ],
        "each place once, however many pages have it"
    );

    let found = said("=== themes/acme/templates/base.html\n{% block main %}{% endblock main %}\n");
    assert_eq!(
        places(&found),
        [
            "acme/templates/base.html:1:1: This template needs the block `search`, which the default theme fills."
        ]
    );

    // A template of the program, used where what it needs does not exist.
    let found = in_question("{% include \"part/row.html\" %}");
    assert!(found.file.starts_with("themes/default/templates/part/row.html"), "{found:?}");
    assert_eq!(found.message, "`row` does not exist here.");
    assert!(
        found
            .help
            .contains("built into the program. It is included by themes/acme/templates/question.html:3."),
        "{}",
        found.help
    );
}

#[test]
fn all_templates_that_cannot_be_read_are_told_together() {
    let found = said(
        "=== themes/acme/templates/question.html\n{% extends \"bsae.html\" %}\n{% block main %}{% endblock main %}\n\
         === themes/acme/templates/story.html\n{% extends \"base.html\" %}\n{% block main %}\n{% if entry.title %}\n{% endblock main %}\n\
         === themes/acme/templates/idea.html\n{% extends \"base.html\" %}{% block main %}{% include \"part/rwo.html\" %}{% include \"row.html\" %}{% endblock main %}\n\
         === themes/acme/templates/page.html\n{% extends \"base.html\" %}{% block mian %}{{ entry.title | uper }}{% endblock mian %}\n\
         === themes/acme/templates/part/by.html\n{{ }}\n",
    );
    let told = places(&found);
    let begins = [
        "acme/templates/idea.html:1:53: This template includes `part/rwo.html`, which does not exist.",
        "acme/templates/idea.html:1:82: This template includes `row.html`, which does not exist.",
        "acme/templates/page.html:1:",
        "acme/templates/part/by.html:1:",
        "acme/templates/question.html:1:12: This template extends `bsae.html`, which does not exist.",
        "acme/templates/story.html:4:4: `endblock` has nothing to close here",
    ];
    for begin in begins {
        assert!(told.iter().any(|it| it.starts_with(begin)), "{begin} in {told:#?}");
    }
    assert!(told.iter().any(|it| it.contains("uper")), "{told:#?}");
    let fixes: Vec<Option<&str>> = found
        .iter()
        .filter(|it| it.message.starts_with("This template"))
        .map(|it| it.fix.as_deref())
        .collect();
    assert_eq!(fixes, [Some("\"part/row.html\""), Some("\"part/row.html\""), Some("\"base.html\"")]);
    assert!(
        found
            .iter()
            .filter(|it| it.message.contains("bsae"))
            .all(|it| it.help.contains("There are `404.html`, "))
    );

    let circle = said("=== themes/acme/templates/part/by.html\n\n{% include \"part/by.html\" %}\n");
    assert_eq!(circle.len(), 1, "{circle:#?}");
    assert!(
        places(&circle)[0].starts_with("acme/templates/part/by.html:2:12: Templates include each other"),
        "{circle:?}"
    );
}

#[test]
fn a_file_of_the_theme_that_nothing_uses_is_told() {
    let rendered = site(&format!(
        "{QUESTION}=== longhouse.yaml\ntheme: acme\n=== themes/acme/templates/qestion.html\nx\n=== themes/acme/templates/part/mine.html\nx\n\
         === themes/acme/templates/part/other.html\nx\n=== themes/acme/templates/head.html\n{{% include \"part/mine.html\" %}}\n\
         === themes/acme/site.css\nx\n=== themes/acme/template/page.html\nx\n=== themes/acme/README.md\nx\n"
    ));
    let told: Vec<String> =
        rendered.diagnostics.iter().map(|it| format!("{}: {}", it.file, it.help)).collect();
    assert_eq!(told.len(), 4, "{told:#?}");
    for (at, part) in [
        (0, "themes/acme/site.css: Templates go into `templates/`"),
        (0, "Move it to `themes/acme/static/site.css`"),
        (1, "Move it to `themes/acme/templates/page.html`"),
        (2, "themes/acme/templates/part/other.html: A template is used if"),
        (3, "themes/acme/templates/qestion.html: Did you mean `question.html`?"),
    ] {
        assert!(told[at].contains(part), "{part} in {told:#?}");
    }
    assert!(rendered.diagnostics.iter().all(|it| it.severity == Severity::Warning && it.rule == Rule::Theme));
}

#[test]
fn design_tokens_stand_in_the_style_sheet_and_not_on_the_page() {
    let rendered = branded("  accent: '#aa3300'\n  code_font: Iosevka, monospace\n");
    assert_eq!(rendered.rules(), [] as [String; 0]);
    assert_eq!(token(&rendered, "accent").as_deref(), Some("#aa3300"));
    assert_eq!(token(&rendered, "code-font").as_deref(), Some("Iosevka, monospace"));
    assert!(!rendered.page("/").contains("aa3300"));
    let near = branded("  acent: '#aa3300'\n  shadow: none\n");
    let problem = near.only(Rule::Theme);
    assert_eq!((problem.line, problem.column, problem.fix.as_deref()), (2, 3, Some("accent")));
    assert_eq!(problem.severity, Severity::Warning);
}

#[test]
fn an_accent_that_cannot_be_read_is_corrected_and_said() {
    let rendered = branded("  accent: \"#8fbc8f\"\n");
    let problem = rendered.only(Rule::Contrast);
    assert_eq!(
        (&*problem.file, problem.line, problem.column, problem.end_column),
        ("longhouse.yaml", 2, 11, 20)
    );
    assert_eq!(problem.severity, Severity::Warning);
    assert!(
        problem.message.contains("`accent` #8fbc8f on the code background #f4f1ec has a contrast of 1.9:1"),
        "{}",
        problem.message
    );
    let used = token(&rendered, "accent").expect("an accent");
    assert_ne!(used, "#8fbc8f");
    assert_eq!(problem.fix.as_deref(), Some(&*format!("\"{used}\"")));
    assert!(problem.help.contains(&used), "{}", problem.help);
    // What is said to be right is right.
    let again = branded(&format!("  accent: \"{used}\"\n"));
    assert_eq!(again.rules(), [] as [String; 0]);
    assert_eq!(token(&again, "accent").as_deref(), Some(&*used));
    // Anyone who does not want to hear of it gets the readable colour all the same.
    let quiet =
        site(&format!("{QUESTION}=== longhouse.yaml\nbrand: {{accent: gold}}\nrules: {{contrast: off}}\n"));
    assert_eq!(quiet.rules(), [] as [String; 0]);
    assert_ne!(token(&quiet, "accent").as_deref(), Some("gold"));
}

#[test]
fn one_accent_gives_the_other_and_what_stands_on_it() {
    let light = branded("  accent: \"#8a3b12\"\n");
    let derived = token(&light, "accent-dark").expect("an accent for dark");
    assert_eq!(token(&light, "on-accent").as_deref(), Some("#fdfcfa"));
    assert_eq!(token(&light, "on-accent-dark").as_deref(), Some("#1e1f21"));
    assert_eq!(token(&light, "paper"), None);
    let dark = branded(&format!("  accent-dark: \"{derived}\"\n"));
    assert_eq!((light.rules(), dark.rules()), (vec![], vec![]));
    assert!(token(&dark, "accent").is_some_and(|it| it.starts_with('#')));
    // A light accent that is far too light for paper is derived without a word, since nobody wrote it.
    let pale = branded("  accent-dark: \"#ffffee\"\n");
    assert_eq!(pale.rules(), [] as [String; 0]);
    let both = branded("  accent: \"#8a3b12\"\n  accent-dark: orange\n");
    assert_eq!(token(&both, "accent-dark").as_deref(), Some("orange"));
}

#[test]
fn a_paper_keeps_its_ink_and_its_accent_readable() {
    let rendered = branded("  paper: \"#204060\"\n");
    let told: Vec<&Diagnostic> = rendered.diagnostics.iter().collect();
    assert!(told.iter().all(|it| it.rule == Rule::Contrast && (it.line, it.column) == (2, 10)), "{told:#?}");
    assert!(told.iter().any(|it| it.message.contains("The grey of the theme")), "{told:#?}");
    assert!(token(&rendered, "paper").is_some_and(|it| it != "#204060"));
    let cream = branded("  paper: \"#fff8e7\"\n  ink: rgb(40 20 0)\n");
    assert_eq!(cream.rules(), [] as [String; 0]);
    assert_eq!(token(&cream, "ink").as_deref(), Some("rgb(40 20 0)"));
    assert_eq!(token(&cream, "paper-dark"), None);
    let faint = branded("  ink-dark: \"#444\"\n");
    assert!(faint.only(Rule::Contrast).message.contains("`ink-dark` #444444"), "{:?}", faint.diagnostics);
}

#[test]
fn a_style_sheet_of_its_own_gets_what_the_configuration_says() {
    let rendered = site(&format!(
        "{QUESTION}=== longhouse.yaml\nbrand: {{accent: gold}}\n=== themes/default/static/site.css\na {{ color: var(--accent) }}\n"
    ));
    assert_eq!(rendered.rules(), [] as [String; 0]);
    assert_eq!(token(&rendered, "accent").as_deref(), Some("gold"));
}

#[test]
fn the_picture_for_shared_links_has_a_whole_address() {
    let with = |config: &str| {
        site(&format!(
            "{QUESTION}=== longhouse.yaml\n{config}\n=== static/ours.png\nx\n=== themes/default/templates/head.html\n<meta content=\"{{{{ site.card }}}}\">\n"
        ))
    };
    let plain = with("base_url: https://example.org/help/");
    let page = plain.page("/");
    let address =
        page.split("<meta content=\"https://example.org/help/").nth(1).and_then(|it| it.split('"').next());
    assert!(address.is_some_and(|it| it.starts_with("assets/card.") && plain.has(it)), "{page}");
    let own = with("base_url: https://example.org/help/\nbrand: {card: /ours.png}");
    assert!(own.page("/").contains("<meta content=\"https://example.org/help/ours.png\">"));
    let wrong = with("brand: {card: /our.png}");
    let problem = wrong.only(Rule::Theme);
    assert_eq!((problem.line, problem.column, problem.fix.as_deref()), (1, 15, Some("/ours.png")));
}
