//! What search is told of a site: every page once, in its readers' words, and nothing of what is hidden.

use longhouse::search::documents;
use longhouse::site::Visibility;

use crate::fixture::folder;

#[test]
fn a_document_holds_the_wordings_the_answers_and_their_anchors() {
    let folder = folder(
        "\
=== longhouse.yaml
base_url: https://x.example/help/
products: [{id: app, name: App}]
=== content/questions/billing/invoice.md
---
also_asked: [Where is my bill?]
accepted: ben
products: [app]
---
# Where is my invoice?
I looked everywhere.
=== content/questions/billing/invoice/ana.md
In the drawer.
=== content/questions/billing/invoice/ben.md
In the **mail**.
=== content/questions/bill.md
---
duplicate_of: invoice
---
# Who has my bill?
Not me.
=== content/how-tos/h.md
# Print it
## Steps
Press the button.
=== content/questions/gone.md
---
status: hidden
---
# Gone
=== content/people/ana.md
---
listed: false
---
Secretive.
=== content/people/ben.md
---
expert_in: [printers]
---
",
    );
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let documents = documents(&site);
    let urls: Vec<&str> = documents.iter().map(|it| it.url.as_str()).collect();
    assert_eq!(urls, ["/help/questions/invoice/", "/help/how-tos/h/", "/help/people/ben/"]);
    let invoice = &documents[0];
    assert_eq!(invoice.alternatives, ["Where is my bill?", "Who has my bill?"]);
    assert_eq!((invoice.tags.as_slice(), invoice.answered), (["billing".to_string()].as_slice(), true));
    let passages: Vec<(&str, &str, bool)> =
        invoice.passages.iter().map(|it| (it.anchor.as_str(), it.text.trim(), it.accepted)).collect();
    assert_eq!(
        passages,
        [
            ("", "I looked everywhere.", false),
            ("answer-ben", "In the mail.", true),
            ("answer-ana", "In the drawer.", false),
            ("asked-bill", "Not me.", false)
        ]
    );
    assert!(documents[1].passages[0].text.contains("Press the button."));
    assert!(documents[2].passages[0].text.contains("printers"));
}
