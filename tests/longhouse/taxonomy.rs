//! Tags, topics and products: what sorts entries.

use longhouse::diagnostic::Rule;

use crate::fixture::site;

#[test]
fn tags_have_synonyms_and_signs_in_their_names() {
    let site = site(
        "\
=== longhouse.yaml
tags:
  known: [Single Sign-On, C++, C#, .NET]
  synonyms: {Single Sign-On: [sso, saml]}
=== content/questions/a.md
---
tags: SSO, c++
categories: [C#]
---
# A?
=== content/questions/saml/b.md
---
keywords: .net, single sign on, bakcup, single sign-onn
---
# B?
",
    );
    for tag in ["single-sign-on", "c-plus-plus", "c-sharp", "dot-net"] {
        site.page(&format!("/tags/{tag}/"));
    }
    assert!(!site.has("tags/sso/index.html") && !site.has("tags/saml/index.html"));
    let page = site.main("/tags/single-sign-on/");
    assert!(page.contains("2 entries") && page.contains("<h1>Single Sign-On</h1>"), "{page}");
    let unknown: Vec<_> = site
        .diagnostics
        .iter()
        .map(|it| (it.rule, &*it.file, it.line, it.column, it.fix.as_deref()))
        .collect();
    assert_eq!(
        unknown,
        [
            (Rule::UnknownTag, "content/questions/saml/b.md", 2, 33, None),
            (Rule::UnknownTag, "content/questions/saml/b.md", 2, 41, Some("Single Sign-On")),
        ]
    );
}

#[test]
fn any_tag_is_right_where_none_is_declared() {
    let site = site("=== content/questions/a.md\n---\ntags: [no, 4.10, Größe]\n---\n# A?\n");
    for tag in ["no", "4.10", "größe"] {
        site.page(&format!("/tags/{tag}/"));
    }
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn products_are_known_by_id_and_by_name() {
    let site = site(
        "\
=== longhouse.yaml
products:
  - {id: app, name: The App, versions: [4.9, 4.10]}
=== content/questions/a.md
---
product: The App
versions: 4.10
---
# A?
=== content/questions/b.md
---
products: [app, apq]
---
# B?
",
    );
    let page = site.main("/products/app/");
    assert!(page.contains("<h1>The App</h1>") && page.contains("2 entries"), "{page}");
    assert!(site.main("/questions/a/").contains("<span>version 4.10</span>"));
    let problem = site.only(Rule::UnknownReference);
    assert_eq!((problem.line, problem.column, problem.fix.as_deref()), (2, 17, Some("app")));
}
