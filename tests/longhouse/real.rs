//! Whole sites as people wrote them: the example site, and any others that `LONGHOUSE_SITES` names
//! (folders, separated like a `PATH`). Below a path of a host every link must lead to a file and an id.

use std::path::{Path, PathBuf};

use longhouse::site::Visibility;
use longhouse::source::{LoadOptions, load};

use crate::crawl::{assert_safe, assert_whole};
use crate::fixture::render;

#[test]
fn every_link_of_every_page_leads_somewhere_below_a_path() {
    let mut sites: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site")];
    sites.extend(std::env::var_os("LONGHOUSE_SITES").iter().flat_map(std::env::split_paths));
    for root in sites.iter().filter(|root| root.join("longhouse.yaml").exists() || *root != &sites[0]) {
        let base_url = Some("https://x.example/sub/dir/".to_string());
        let options = LoadOptions { base_url, ..LoadOptions::default() };
        let sources = load(root, &options).unwrap_or_else(|_| panic!("{} cannot be read", root.display()));
        let rendered = render(&sources, Visibility::default()).expect("a site");
        assert_safe(&rendered);
        assert_whole(&rendered, "https://x.example", "/sub/dir");
    }
}
