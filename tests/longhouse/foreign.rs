//! Content that was written for other programs: what is rendered, and that nothing of the rest is lost in silence.

use std::fs;
use std::path::Path;
use std::process::Output;

use longhouse::diagnostic::{Diagnostic, Rule};

use crate::fixture::{Rendered, command, folder, site};

/// What the rule `markdown` says of a file, without its help.
fn said<'d>(site: &'d Rendered, file: &str) -> Vec<&'d str> {
    let of = |it: &&'d Diagnostic| &*it.file == file && it.rule == Rule::Markdown;
    site.diagnostics.iter().filter(of).map(|it| it.message.as_str()).collect()
}

/// Whether each of these begins one of the messages, in any order.
#[track_caller]
fn says(site: &Rendered, file: &str, beginnings: &[&str]) {
    let said = said(site, file);
    assert_eq!(said.len(), beginnings.len(), "{said:#?}");
    for beginning in beginnings {
        assert!(said.iter().any(|it| it.starts_with(beginning)), "{beginning}: {said:#?}");
    }
}

fn longhouse(arguments: &[&str], root: &Path) -> Output {
    command().args(arguments).arg("--root").arg(root).output().expect("the command runs")
}

#[test]
fn mdx_is_read_as_markdown() {
    let site = site(
        "=== content/docs/install.mdx\n---\ntitle: Install\n---\nimport Tabs from '@theme/Tabs';\nimport hero from './hero.png';\nimport {\n  One,\n  Two,\n} from './parts';\n\nexport const version = {\n  main: '4.2',\n};\n\n## Begin\n\n<Tabs groupId=\"os\">\n  <TabItem value=\"linux\" label=\"Linux\">\n\n    Open the *terminal*, see [use](./use.mdx#next) and [use](use).\n\n    ```sh\n    import x from 'y'\n    echo {HOME} <Tabs>\n    ```\n\n  </TabItem>\n  <TabItem value=\"mac\">Press <kbd>Cmd</kbd>.</TabItem>\n</Tabs>\n\n<Admonition type=\"tip\" title=\"Short\">\n  It takes **a minute**.\n</Admonition>\n\n{/* nobody reads this */}\n\n<LinkCard title=\"Use it\" href=\"./use/\" description=\"The next page\" />\n\n<Image src={hero} alt=\"The window\" />\n\nVersion {version.main}, <b>bold</b> and `{code}`.\n\n<Chart data={[1, 2]} />\n=== content/docs/use.mdx\n---\ntitle: Use\n---\n## Next\n\nBack to [install](install.html), [the same](/docs/install/).\n",
    );
    let page = site.main("/docs/install/");
    for shown in [
        "<p class=\"tab-title\">Linux</p>",
        "<em>terminal</em>",
        "href=\"/docs/use/#h-next\"",
        "</span> x from",
        "<p class=\"tab-title\">mac</p>",
        "<kbd>Cmd</kbd>",
        "class=\"alert alert-tip\"",
        "<p class=\"alert-title\">Short</p>",
        "<strong>a minute</strong>",
        ">Use it</a>: The next page",
        "<b>bold</b>",
        "<code>{code}</code>",
        "The window",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    for left_out in ["TabItem value", "nobody reads", "version.main", "Chart", "theme/Tabs", "groupId"] {
        assert!(!page.contains(left_out), "{left_out} in {page}");
    }
    says(
        &site,
        "content/docs/install.mdx",
        &[
            "MDX is read as markdown, without its code (left out: 1 component `Chart`, 1 expression and 4 imports).",
        ],
    );
    let problem = site.only(Rule::Markdown);
    assert_eq!((problem.line, problem.column), (4, 1));
    assert!(site.main("/docs/use/").matches("href=\"/docs/install/\"").count() >= 2);
    assert!(
        !site.rules().iter().any(|it| it.contains("dead-link") || it.contains("unsafe-file")),
        "{:?}",
        site.rules()
    );
    // The picture does not exist, and the place of that is the place in the file.
    assert_eq!(site.only(Rule::DeadImage).line, 39);
}

#[test]
fn no_word_between_tags_is_lost() {
    let words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda omega";
    let text = "=== content/a.mdx\n# Title\n\n<Unknown.Part at={x}>alpha</Unknown.Part> <Other>\n\nbeta\n\n- gamma\n  <Note>\n  delta\n  </Note>\n\n</Other>\n\n<Steps>\n1. epsilon\n\n   <Aside>zeta</Aside>\n\n2. eta\n</Steps>\n\n<Details summary=\"theta\">\n\n    iota\n\n</Details>\n\n<div className=\"x\">\n  kappa\n</div>\n\n{'lambda'} <T> <Broken attr={ omega\n";
    let site = site(text);
    let page = site.main("/a/");
    for word in words.split(' ') {
        assert!(page.contains(word), "{word} in {page}");
    }
    assert!(page.contains("<details>") && page.contains("&lt;T&gt;"), "{page}");
}

#[test]
fn a_hostile_mdx_file_runs_nothing_and_costs_no_more_than_its_length() {
    let mut text = "=== content/a.mdx\n# Title\n\n<Link to=\"javascript:alert(1)\">x</Link> <Image src='\" onerror=alert(1) x=\"' alt=\"y\" />\n\n<div {...{onClick: evil}} onclick=\"alert(1)\">z</div>\n\n{'<script>alert(1)</script>'}\n\n<Note title=\"<script>alert(2)</script>\">t</Note>\n\n".to_string();
    for part in ["{", "<A b={", "`", "$$", "<Note>\n", "{/*", "<!--", "import {\n\n", "</Note>", "<a b='"] {
        text.push_str(&part.repeat(3000));
        text.push_str("\n\n");
    }
    let site = site(&text);
    let pages: String = site.pages().map(|(_, page)| page).collect();
    assert!(
        !pages.contains("<script>alert")
            && !pages.contains("onerror=alert(1) x")
            && !pages.contains("href=\"javascript")
    );
}

#[test]
fn an_obsidian_vault() {
    let site = site(
        "=== longhouse.yaml\ncontent: .\n=== Home.md\n---\ntitle: Home\n---\nSee [[Notes/Tea|tea]], [[Coffee]] and ![[cup.png]].\n\n> [!info]- More\n> Text\n\n%%a secret thought%%\n\n==important== and $E=mc^2$ #tea/green\n\nA line ^abc123\n\n#one #two\n\n```dataview\nLIST\n```\n\n```mermaid\ngraph TD\nA-->B\n```\n\nstatus:: open\n\n- [/] half\n=== Notes/Tea.md\n---\ntags: [tea]\n---\nIn code nothing is meant: `[[x]]` and `==y==`.\n\n    [[not this]]\n\n```md\n[[nor this]] %%x%%\n```\n",
    );
    says(
        &site,
        "Home.md",
        &["`#tag`", "A block of another program", "`name:: value`", "Only `[ ]` and `[x]`"],
    );
    says(&site, "Notes/Tea.md", &[]);
    let page = site.main("/home/");
    for shown in [
        "<a href=\"/notes/tea/\">tea</a>, Coffee and",
        "<details class=\"alert alert-note\">\n<summary class=\"alert-title\">More</summary>",
        "<mark>important</mark>",
        "<p>A line</p>",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(!page.contains("secret") && !page.contains("abc123"), "{page}");
    let dead: Vec<&str> =
        site.diagnostics.iter().filter(|it| it.rule == Rule::DeadLink).map(|it| &*it.message).collect();
    assert_eq!(dead, ["The page or file `Coffee` does not exist."]);
    assert!(site.main("/notes/tea/").contains("[[x]]") && !site.main("/notes/tea/").contains("<mark>"));
}

#[test]
fn a_docusaurus_and_a_starlight_folder() {
    let site = site(
        "=== longhouse.yaml\ncontent: docs\n=== docs/intro.md\n---\nsidebar_position: 1\ntitle: Intro\n---\nimport Tabs from '@theme/Tabs';\n\n:::note Title\n\nText\n\n:::\n\n:::tip\nMore\n:::\n\n<Tabs groupId=\"a\">\n\nInner\n\n</Tabs>\n\n[Guide](./guide/first) [again](guide/first.mdx) [up](/docs/guide/first)\n=== docs/guide/first.mdx\n---\ntitle: First\n---\nimport { Card, CardGrid, Steps } from '@astrojs/starlight/components';\n\n<CardGrid>\n  <Card title=\"One\" icon=\"star\">\n    The first card.\n  </Card>\n</CardGrid>\n\n<Steps>\n\n1. Do [this](../../intro/)\n2. Do that\n\n</Steps>\n",
    );
    // What imports a component and uses it is read like MDX.
    says(&site, "docs/intro.md", &["MDX is read as markdown, without its code (left out: 1 import)."]);
    says(&site, "docs/guide/first.mdx", &["MDX is read as markdown, without its code (left out: 1 import)."]);
    let page = site.main("/guide/first/");
    assert!(page.contains("<strong>One</strong>") && page.contains("<p>The first card.</p>"), "{page}");
    assert!(page.contains("<ol>") && page.contains("href=\"/intro/\""), "{page}");
    assert!(site.main("/intro/").matches("href=\"/guide/first/\"").count() >= 3);
}

#[test]
fn a_mkdocs_handbook() {
    let site = site(
        "=== longhouse.yaml\ncontent: docs\n=== docs/index.md\n# Handbook\n\n[TOC]\n\n!!! warning \"Careful\"\n    Hot.\n\n??? note\n    Folded.\n\n===+ \"Linux\"\n\n    Text\n\n[Button](page.md){ .md-button } :material-home: and ++ctrl+c++\n\n--8<-- \"part.md\"\n\n*[HTML]: Hyper Text\n\nTerm\n:   What it means\n=== docs/page.md\n# Page\n\nIt costs $5 and $10. At 10:30:00, a:b:c.\n",
    );
    says(&site, "docs/index.md", &["`:name:`", "This includes another file"]);
    says(&site, "docs/page.md", &[]);
}

#[test]
fn a_hugo_and_a_zola_site() {
    let site = site(
        "=== content/docs/_index.md\n+++\ntitle = \"Docs\"\n+++\n=== content/docs/a.md\n+++\ntitle = \"A\"\n+++\n{{< youtube abc >}}\n\n{{% notice tip %}}\nText\n{{% /notice %}}\n\n<!-- more -->\n\nSee [b](@/docs/b.md#part) and [b]({{< ref \"b.md\" >}}).\n=== content/docs/b.md\n+++\ntitle = \"B\"\n+++\n## Part\n\n{{ youtube(id=\"abc\") }}\n\n{% quote(author=\"x\") %}\ntext\n{% end %}\n",
    );
    says(&site, "content/docs/a.md", &[]);
    says(&site, "content/docs/b.md", &["`quote` is a template tag"]);
    assert!(
        site.main("/docs/a/").contains("alert-tip") && site.main("/docs/a/").contains("href=\"/docs/b/\"")
    );
    assert!(site.main("/docs/a/").contains("href=\"/docs/b/#h-part\""));
}

#[test]
fn a_wiki_of_a_git_host() {
    let site = site(
        "=== Home.md\n# Home\n\n[[Getting Started]] and [[text|Getting Started]], [this way](Getting-Started) too.\n\n[[_TOC_]]\n=== Getting-Started.md\n# Getting started\n\nText[^1] and [the manual][missing].\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 |\n\n| a | b |\n|---|\n| 1 | 2 |\n=== _Sidebar.md\n- [[Home]]\n=== _Footer.md\nText\n",
    );
    says(&site, "Home.md", &[]);
    says(
        &site,
        "Getting-Started.md",
        &["This footnote", "This link names a label", "A row has more cells", "This is not a table"],
    );
    let home = site.main("/home/");
    assert!(home.contains("<a href=\"/getting-started/\">Getting Started</a>"), "{home}");
    assert!(home.contains("<a href=\"/getting-started/\">text</a>") && !home.contains("TOC"), "{home}");
    let lost =
        site.of("Getting-Started.md").into_iter().find(|it| it.message.starts_with("A row")).expect("a row");
    assert_eq!((lost.line, lost.column), (7, 11));
}

#[test]
fn a_jekyll_faq() {
    let site = site(
        "=== longhouse.yaml\ncontent: .\nkinds: {_questions: faq}\n=== _questions/reset.md\n---\ntitle: How do I reset it?\nlayout: faq\n---\n{% include note.html text=\"x\" %}\n\nSee {{ site.url }} and ${{ secrets.X }}.\n\n{: .note }\nText\n\n* TOC\n{:toc}\n=== _questions/other.md\ntitle: What else is there?\ndate: 2024-01-02\ncustom: yes\n\nText\n=== _site/index.md\n# Made by a program\n",
    );
    says(&site, "_questions/reset.md", &["`{{ … }}`"]);
    assert!(
        site.of("_questions/other.md").iter().any(|it| matches!(it.rule, Rule::Markdown | Rule::FieldValue))
    );
    assert!(!site.paths().iter().any(|path| path.contains("_site")), "{:?}", site.paths());
}

#[test]
fn folders_of_chinese_notes_and_japanese_documents() {
    let site = site(
        "=== 笔记/茶.md\n# 茶\n\n见[[咖啡]]，价格是$5。==重点==在这里，%%隐藏%%。\n=== 笔记/咖啡.md\n# 咖啡\n\n【说明】：::普通文字，「引用」。\n=== 文書/使い方.md\n# 使い方\n\n:::message alert\n注意\n:::\n\n時刻は10:30:00です。\n",
    );
    says(&site, "笔记/茶.md", &[]);
    let tea = site.main("/笔记/茶/");
    assert!(tea.contains("<mark>重点</mark>") && tea.contains(">咖啡</a>") && !tea.contains("隐藏"), "{tea}");
    says(&site, "笔记/咖啡.md", &[]);
    says(&site, "文書/使い方.md", &["`message` is a container"]);
}

#[test]
fn signs_of_templates_with_nothing_between_them_are_text() {
    let site =
        site("=== content/pages/a.md\n# Signs\n\n{%} {%%} {{}} {{} {{<}} {{%}} {{#}} {/*} {} {: } ${{}}\n");
    assert!(site.main("/a/").contains("{%} {%%} {{}} {{} {{&lt;}} {{%}} {{#}} {/*} {} {: } ${{}}"));
}

#[test]
fn files_in_another_language_of_markup_are_told() {
    let site = site(
        "=== content/a.md\n= Title\n\n== Section\n\nimage::a.png[]\n=== content/b.md\nTitle\n*****\n\n.. note:: Careful\n\n:ref:`place` and :doc:`other`\n=== content/c.md\nh1. Title\n\nbq. Said\n=== content/d.md\n#+TITLE: Notes\n\nText\n",
    );
    says(&site, "content/a.md", &["This looks like AsciiDoc"]);
    says(&site, "content/b.md", &["This is a directive", "This is a role"]);
    says(&site, "content/c.md", &["This looks like Textile"]);
    says(&site, "content/d.md", &["This looks like Org"]);
}

#[test]
fn a_large_mixed_folder_is_told_in_a_few_lines() {
    let folder = folder("=== content/a.md\n# A\n\n[[b]]\n");
    for n in 0..20 {
        folder.write(&format!("content/w{n}.md"), format!("# W {n}\n\n{}\n", "[[a]] ".repeat(n + 1)));
        folder.write(&format!("content/j{n}.mdx"), format!("# J {n}\n\n<Chart{n} />\n"));
        folder.write(&format!("content/c{n}.md"), format!("# C {n}\n\n:::part\nText\n:::\n"));
    }
    let output = longhouse(&["check"], folder.root());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.matches("MDX is read").count(), 1, "{said}");
    assert!(said.contains("(20 times in 20 files"), "{said}");
}

#[test]
fn a_site_without_pages_is_told() {
    for files in ["=== longhouse.yaml\ntitle: A\n", "=== docs/a.adoc\n= A\n"] {
        let folder = folder(files);
        let problem = folder.build().only(Rule::NoContent).clone();
        assert!(problem.help.contains("`.mdx`"), "{}", problem.help);
        let output = longhouse(&["check"], folder.root());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("There is no page in") && !said.contains("No problems"), "{said}");
    }
}

#[test]
fn one_file_is_one_file() {
    let folder = folder(
        "=== longhouse.yaml\nbase_url: https://a.example/\n=== content/questions/reset-password.md\n# How do I reset my password on the new site?\n\nIt says wrong.\n",
    );
    let output = longhouse(&["check"], folder.root());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("1 files") && !said.contains("1 warnings"), "{said}");
}

#[test]
fn content_that_hides_pages_says_so() {
    let folder = folder(
        "=== content/questions/a.md\n# How do I do it?\n=== Home.md\n# Home\n=== Notes.md\n# Notes\n=== README.md\n# Read me\n",
    );
    let site = folder.build();
    let hidden = site.diagnostics.iter().find(|it| it.rule == Rule::Stray).expect("it is told");
    assert!(hidden.message.contains("2 pages"), "{}", hidden.message);
    assert_eq!(&*hidden.file, "Home.md");
}

#[test]
fn a_link_to_a_file_of_the_repository_leads_to_the_git_host() {
    let files = "=== content/docs/a.md\n# A\n\n[licence](../../LICENSE) [code](../../src/main.rs#L3) [none](../../gone.txt) [git](../../.git/config)\n=== LICENSE\nMIT\n=== src/main.rs\nfn main() {}\n";
    let without = site(files);
    let dead = |site: &Rendered| {
        site.diagnostics
            .iter()
            .filter(|it| it.rule == Rule::DeadLink)
            .map(|it| it.help.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        dead(&without).iter().filter(|it| it.contains("`repository:`")).count(),
        2,
        "{:?}",
        without.diagnostics
    );
    let with = site(&format!(
        "=== longhouse.yaml\nrepository: {{url: \"https://github.com/acme/kb\", branch: main}}\n{files}"
    ));
    let page = with.main("/docs/a/");
    assert!(page.contains("href=\"https://github.com/acme/kb/blob/main/LICENSE\""), "{page}");
    assert!(page.contains("href=\"https://github.com/acme/kb/blob/main/src/main.rs#L3\""), "{page}");
    assert_eq!(dead(&with).len(), 2);
}

#[test]
fn a_title_needs_words() {
    let folder = folder("=== content/questions/a.md\n# How do I do it?\n");
    for title in ["", "  ", "???", "\n", "…!"] {
        let output = longhouse(&["new", "question", title], folder.root());
        assert_eq!(output.status.code(), Some(2), "{title:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("A title needs words"), "{title:?}");
    }
    let output = longhouse(&["new", "question", "How\nso?"], folder.root());
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "content/questions/how-so.md");
    let output = longhouse(&["new", "answer", "a", "--by", "@"], folder.root());
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_theme_that_is_not_there_is_told_at_its_key() {
    let folder = folder("=== longhouse.yaml\ntitle: A\ntheme: acme\n=== content/a.md\n# A\n");
    let output = longhouse(&["check"], folder.root());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("longhouse.yaml:2:8"), "{said}");
}

#[test]
fn fix_says_what_a_guess_would_mend() {
    let folder = folder(
        "=== content/questions/reset-password.md\n# How do I reset my password?\n\n[a](../questions/reset-pasword.md)\n",
    );
    let output = longhouse(&["fix", "--dry-run"], folder.root());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("longhouse fix --guesses` would fix 1 problem by"), "{said}");
}

/// What `init` says and does where pages are.
#[track_caller]
fn proposes(files: &str, hidden: &[&str], expected: &[&str]) {
    let folder = folder(files);
    for name in hidden {
        fs::create_dir_all(folder.root().join(name)).expect("a folder");
    }
    let output = longhouse(&["init"], folder.root());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in expected {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(!folder.root().join("longhouse.yaml").exists(), "{said}");
    let output = longhouse(&["init", "--adopt"], folder.root());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!folder.root().join("content/questions/how-do-i-ask-a-question.md").exists());
    let output = longhouse(&["check", "--format", "json"], folder.root());
    let problems = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!problems.contains("no-content") && !problems.contains("unknown-kind"), "{problems}");
}

#[test]
fn init_proposes_what_is_there() {
    proposes(
        "=== docusaurus.config.js\nx\n=== docs/intro.md\n# Intro\n=== docs/guides/a.mdx\n# A\n=== blog/b.md\n# B\n=== node_modules/x/readme.md\n# X\n",
        &[],
        &[
            "a Docusaurus site, with 2 pages",
            "docs/guides/  how-tos",
            "1 page in `blog/` would not be part of the site",
            "content: docs",
        ],
    );
    proposes(
        "=== mkdocs.yml\ndocs_dir: handbook\n=== handbook/index.md\n# Handbook\n=== handbook/faq/a.md\n# What is a?\n\nIt is a.\n",
        &[],
        &["a MkDocs site", "content: handbook", "kinds: {faq: faq}"],
    );
    proposes(
        "=== astro.config.mjs\nx\n=== src/content/docs/index.mdx\n# A\n",
        &[],
        &["a Starlight site", "content: src/content/docs"],
    );
    proposes(
        "=== hugo.toml\nx\n=== content/posts/a.md\n# A\n",
        &[],
        &["a Hugo site", "kinds: {posts: announcements}"],
    );
    proposes(
        "=== config.toml\nx\n=== content/docs/a.md\n# A\n",
        &[],
        &["a Hugo or Zola site", "/docs/<name>/"],
    );
    proposes(
        "=== _config.yml\nx\n=== _questions/a.md\n# What is a?\n\nIt is a.\n=== _site/readme.md\n# X\n",
        &[],
        &["a Jekyll site, with 1 page.", "content: .", "kinds: {_questions: faq}"],
    );
    proposes("=== Home.md\n# Home\n=== _Sidebar.md\n- x\n", &[], &["a wiki, with 2 pages", "content: ."]);
    proposes(
        "=== Note.md\n# Note\n=== Folder/Other.md\n# Other\n",
        &[".obsidian"],
        &["an Obsidian vault", "content: ."],
    );
    proposes(
        "=== questions/a.md\n# How do I do it?\n=== README.md\n# Read me\n",
        &[],
        &["questions/  questions", "content: ."],
    );
}

#[test]
fn init_in_a_folder_without_pages_begins_a_site() {
    let folder = folder("=== README.md\n# Read me\n=== src/main.rs\nfn main() {}\n");
    let output = longhouse(&["init"], folder.root());
    assert!(output.status.success());
    assert!(folder.root().join("content/questions/how-do-i-ask-a-question.md").exists());
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x04\x08\x02\0\0\0";

/// What each construct of the page about other programs comes out as: a part of the HTML.
const ELSEWHERE: &[(&str, &str)] = &[
    ("[[Page]]", "<a href=\"/docs/page/\">Page</a>"),
    ("[[folder/Page]]", "<a href=\"/folder/page/\">folder/Page</a>"),
    ("[[Page|text]]", "<a href=\"/docs/page/\">text</a>"),
    ("[[Page#Heading]]", "<a href=\"/docs/page/#h-heading\">Page › Heading</a>"),
    ("[[#Heading]]", "<a href=\"#h-heading\">Heading</a>"),
    ("[[Page#^block]]", "<a href=\"/docs/page/\">Page</a>"),
    ("![[picture.png]]", "<img src="),
    ("![[picture.png|300]]", "width=\"300\""),
    ("![[picture.png|300x200]]", "width=\"300\" height=\"200\""),
    ("![[Page]]", "<a href=\"/docs/page/\">Page</a>"),
    ("![alt|300](picture.png)", "alt=\"alt\" width=\"300\""),
    ("> [!tip] Title⏎> Text", "<p class=\"alert-title\">Title</p>"),
    ("> [!info]- Title⏎> Text", "<summary class=\"alert-title\">Title</summary>"),
    ("==marked==", "<mark>marked</mark>"),
    ("%%comment%%", ""),
    ("A paragraph ^name", "<p>A paragraph</p>"),
    ("text^[a note]", "a note <a href=\"#fnref-1\""),
    ("#tag", "#tag"),
    (":::note⏎Text⏎:::", "alert-note"),
    (":::tip[Title]⏎Text⏎:::", "<p class=\"alert-title\">Title</p>"),
    ("::: warning Title⏎Text⏎:::", "<p class=\"alert-title\">Title</p>"),
    ("::: details Title⏎Text⏎:::", "<summary class=\"alert-title\">Title</summary>"),
    (":::tabs⏎== A⏎Text⏎== B⏎Text⏎:::", "<p class=\"tab-title\">B</p>"),
    ("::: code-group⏎~~~sh [npm]⏎npm i⏎~~~⏎:::", "<p class=\"tab-title\">npm</p>"),
    ("## Title {#id}", "id=\"h-id\""),
    ("[[toc]]", ""),
    (":::name⏎Text⏎:::", "<p>Text</p>"),
    ("!!! note \"Title\"⏎    Text", "<p class=\"alert-title\">Title</p>"),
    ("??? tip⏎    Text", "<details class=\"alert alert-tip\">"),
    ("???+ tip⏎    Text", "<details class=\"alert alert-tip\" open>"),
    ("=== \"Tab\"⏎    Text", "<p class=\"tab-title\">Tab</p>"),
    ("Term⏎:   What it means", "<dt>Term</dt>\n<dd><p>What it means</p>"),
    ("^^", "^^"),
    ("++inserted++", "<ins>inserted</ins>"),
    ("H~2~O", "H<sub>2</sub>O"),
    ("x^2^", "x<sup>2</sup>"),
    ("++ctrl+alt+del++", "<kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>Del</kbd>"),
    ("HTML⏎⏎*[HTML]: Hyper Text", "<abbr title=\"Hyper Text\">HTML</abbr>"),
    ("![x](y.png){ width=300 }", "width=\"300\""),
    ("[text](page.md){ .md-button }", "<a href=\"/docs/page/\">text</a></p>"),
    ("[TOC]", ""),
    ("--8<-- \"file\"", "--8&lt;-- \"file\""),
    ("{{< figure src=\"a.png\" caption=\"Text\" >}}", "<figcaption>Text</figcaption>"),
    ("{{< youtube id >}}", "youtube.com/watch?v=id"),
    ("{{< vimeo id >}}", "vimeo.com/id"),
    ("{{< highlight go >}}⏎code⏎{{< /highlight >}}", "language-go"),
    ("{{< highlight go \"linenos=table,hl_lines=1\" >}}⏎code⏎{{< /highlight >}}", "language-go numbered"),
    ("[text]({{< ref \"page.md\" >}})", "<a href=\"/docs/page/\">text</a>"),
    ("[text]({{< relref \"page.md\" >}})", "<a href=\"/docs/page/\">text</a>"),
    ("{{% notice tip \"Title\" %}}⏎Text⏎{{% /notice %}}", "<p class=\"alert-title\">Title</p>"),
    ("{{< details \"Title\" >}}⏎Text⏎{{< /details >}}", "<summary class=\"alert-title\">Title</summary>"),
    ("{{< tabs >}}⏎{{% tab \"A\" %}}⏎Text⏎{{% /tab %}}⏎{{< /tabs >}}", "<p class=\"tab-title\">A</p>"),
    ("{{</* ref */>}}", "{{&lt; ref &gt;}}"),
    ("{{< name >}}Text{{< /name >}}", "<p>Text</p>"),
    ("{% highlight ruby %}⏎code⏎{% endhighlight %}", "language-ruby"),
    ("[text]({% link page.md %})", "<a href=\"/docs/page/\">text</a>"),
    ("[text]({{ site.baseurl }}{% link page.md %})", "<a href=\"/docs/page/\">text</a>"),
    ("[text]({% post_url 2024-01-01-name %})", "<a href=\"/docs/2024-01-01-name/\">text</a>"),
    ("{% include figure.html src=\"a.png\" caption=\"Text\" %}", "<figcaption>Text</figcaption>"),
    ("{% include youtube.html id=\"id\" %}", "youtube.com/watch?v=id"),
    ("{% raw %}{{ x }}{% endraw %}", "<p>{{ x }}</p>"),
    ("{: .note }⏎Text", "alert-note"),
    ("Text⏎{: .warning }", "alert-warning"),
    ("* TOC⏎{:toc}", ""),
    ("{{ page.title }}", "{{ page.title }}"),
    ("{% if x %}", "{% if x %}"),
    ("{% hint style=\"info\" %}⏎Text⏎{% endhint %}", "alert-note"),
    ("{% tabs %}⏎{% tab title=\"A\" %}⏎Text⏎{% endtab %}⏎{% endtabs %}", "<p class=\"tab-title\">A</p>"),
    ("{% code title=\"a.js\" %}⏎~~~js⏎code⏎~~~⏎{% endcode %}", "language-js"),
    (
        "{% content-ref url=\"page.md\" %}⏎[page.md](page.md)⏎{% endcontent-ref %}",
        "<a href=\"/docs/page/\">page.md</a>",
    ),
    ("{% embed url=\"https://example.org/\" %}", "https://example.org/"),
    ("{% file src=\"a.pdf\" %}", "<a href="),
    ("<aside>⏎💡 Text⏎</aside>", "💡 Text"),
    ("[[_TOC_]]", ""),
    ("[[text|Page]]", "<a href=\"/docs/page/\">text</a>"),
    ("> [!NOTE]⏎> Text", "alert-note"),
];

#[test]
fn every_construct_of_the_page_about_other_programs_comes_out_as_it_says() {
    let page = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/content/format/from-elsewhere.md"),
    );
    let page = page.expect("the page");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let mut named: Vec<String> = Vec::new();
    for row in rows {
        let cell = row.split(" | ").next().unwrap_or_default().trim_start_matches("| ");
        let parts = cell.split('`').enumerate().filter(|(at, _)| at % 2 == 1);
        named.extend(parts.map(|(_, part)| part.replace("\\|", "|")));
    }
    let missing: Vec<&String> =
        named.iter().filter(|it| !ELSEWHERE.iter().any(|(sample, _)| sample == it)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let root = folder(
        "=== longhouse.yaml\ncontent: content\n=== content/docs/page.md\n# Page\n\n## Heading\n=== content/folder/Page.md\n# Another\n=== content/docs/2024-01-01-name.md\n# A post\n",
    );
    for (at, (sample, _)) in ELSEWHERE.iter().enumerate() {
        let sample = sample.replace('⏎', "\n").replace("~~~", "```");
        root.write(&format!("content/docs/case-{at}.md"), format!("# Case\n\n## Heading\n\n{sample}\n"));
    }
    for name in ["picture", "y", "a"] {
        root.write(&format!("content/docs/{name}.png"), PNG);
    }
    root.write("content/docs/a.pdf", "%PDF-1.4\n%%EOF\n");
    let built = longhouse(&["build"], root.root());
    assert!(built.status.code().is_some_and(|it| it < 2), "{built:?}");
    let mut wrong = Vec::new();
    for (at, (sample, expected)) in ELSEWHERE.iter().enumerate() {
        let file = root.root().join(format!("public/docs/case-{at}/index.html"));
        let html = fs::read_to_string(file).expect("a page");
        let main = html.split("<div class=\"text\">").nth(1).and_then(|it| it.split("</article>").next());
        let main = main.unwrap_or_default();
        let is_gone = !main.contains(sample);
        if !main.contains(expected) || (expected.is_empty() && !is_gone) {
            wrong.push(format!("{sample}: {expected} is not in {main}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
