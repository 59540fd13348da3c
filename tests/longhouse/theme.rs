//! The theme of a site over the default one, file by file, and what is said when it is wrong.

use longhouse::BuildError;
use longhouse::site::Visibility;

use crate::fixture::{folder, render, site};

const QUESTION: &str = "=== content/questions/a.md\n# A\nText.\n";

/// What is said when the theme holds this file.
fn said(path: &str, text: &str) -> String {
    let folder = folder(QUESTION);
    folder.write(&format!("themes/default/{path}"), text);
    match render(&folder.load(), Visibility::default()) {
        Err(BuildError::Template(error)) => error.to_string(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("the template is not refused"),
    }
}

#[test]
fn one_template_one_part_and_the_head_can_be_replaced() {
    let rendered = site(&format!("{QUESTION}\
=== longhouse.yaml
theme: acme
=== themes/acme/templates/head.html
<meta name=\"acme\" content=\"{{{{ site.title }}}}\">
=== themes/acme/templates/question.html
{{% extends \"base.html\" %}}{{% block main %}}<h1>Acme: {{{{ entry.title }}}}</h1>{{{{ entry.body | safe }}}}<img src=\"{{{{ theme['pics/logo.svg'] }}}}\" alt=\"\">{{% endblock main %}}
=== themes/acme/static/pics/logo.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
=== themes/acme/static/v1.2/LICENSE
Ours.
"));
    let page = rendered.page("/questions/a/");
    assert!(page.contains("<meta name=\"acme\" content=\"Community\">"), "{page}");
    assert!(page.contains("<h1>Acme: A</h1><p>Text.</p>"), "{page}");
    assert!(page.contains("<img src=\"/assets/pics/logo."), "{page}");
    assert!(rendered.page("/questions/").contains("<meta name=\"acme\""));
    assert!(
        rendered.paths().iter().any(|path| path.starts_with("assets/v1.2/LICENSE")),
        "{:?}",
        rendered.paths()
    );
}

#[test]
fn a_field_that_is_not_there_is_named_with_those_that_are() {
    let said = said(
        "templates/question.html",
        "{% extends \"base.html\" %}\n{% block main %}\n<h1>{{ entry.titel }}</h1>\n{% endblock main %}\n",
    );
    for part in [
        "question.html",
        "3",
        "titel",
        "`entry` has: title, slug, kind, authors",
        "`page` has: title, full_title",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn a_template_that_cannot_be_read_is_named_with_its_line() {
    let said = said(
        "templates/question.html",
        "{% extends \"base.html\" %}\n{% block main %}\n{% if entry.title %}\n{% endblock main %}\n",
    );
    assert!(said.contains("question.html") && said.contains('4'), "{said}");
    let said = self::said("templates/question.html", "{% extends \"bsae.html\" %}");
    assert!(said.contains("question.html") && said.contains("bsae.html"), "{said}");
}

#[test]
fn design_tokens_stand_in_the_style_sheet_and_not_on_the_page() {
    let rendered = site(&format!("{QUESTION}=== longhouse.yaml\nbrand: {{accent: '#aa3300'}}\n"));
    let css =
        rendered.paths().into_iter().find(|path| path.starts_with("assets/site.") && path.ends_with(".css"));
    let css = css.expect("a style sheet").to_string();
    assert!(rendered.file(&css).contains("--accent: #aa3300;"));
    assert!(rendered.page("/").contains(&format!("/{css}")));
    assert!(!rendered.page("/").contains("aa3300"));
}
