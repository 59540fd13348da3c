//! Addresses on git hosts, each with every character that an address must not take for its own.

use super::*;

fn repository(host: Host, url: &str, path: &str) -> Repository {
    Repository {
        host,
        url: url.to_owned(),
        branch: "main".to_owned(),
        path: path.to_owned(),
        edit_url: None,
        new_url: None,
    }
}

fn new(repository: &Repository, path: &str, text: &str) -> Option<String> {
    repository.new_file(path, text).map(|file| file.url)
}

#[test]
fn what_is_seen_on_a_host_is_the_file_it_came_from() {
    let file = "content/questions/a b#ü.md";
    for (host, url) in [
        (Host::GitHub, "https://github.com/acme/site"),
        (Host::GitLab, "https://gitlab.com/acme/group/site"),
        (Host::Gitea, "https://codeberg.org/acme/site"),
        (Host::Bitbucket, "https://bitbucket.org/acme/site"),
        (Host::Azure, "https://dev.azure.com/acme/project/_git/site"),
    ] {
        for path in ["", "docs/site"] {
            let repository = repository(host, url, path);
            let seen = repository.view_url(file).expect("each host shows files");
            assert_eq!(repository.strip_view_url(&seen).as_deref(), Some(file), "{seen}");
            assert_eq!(repository.strip_view_url(&format!("{seen}#L3")).as_deref(), Some(file));
            assert!(repository.edit_url(file).is_some_and(|edit| Url::parse(&edit).is_ok()));
            assert!(repository.new_file(file, "# T\n").is_some_and(|new| Url::parse(&new.url).is_ok()));
        }
    }
}

#[test]
fn addresses_are_those_of_the_host() {
    let github = repository(Host::GitHub, "https://github.com/acme/site", "docs");
    assert_eq!(
        github.edit_url("content/questions/a.md").as_deref(),
        Some("https://github.com/acme/site/edit/main/docs/content/questions/a.md")
    );
    assert_eq!(
        new(&github, "content/questions/b/ana.md", "Hi & bye\n").as_deref(),
        Some(
            "https://github.com/acme/site/new/main?filename=docs%2Fcontent%2Fquestions%2Fb%2Fana.md&value=Hi%20%26%20bye%0A"
        )
    );
    for (address, file) in [
        ("https://www.github.com/Acme/site/blob/main/docs/a.md", Some("a.md")),
        ("http://github.com/acme/site/blob/0a1b2c/docs/x/a.md?plain=1#L3", Some("x/a.md")),
        ("https://github.com/acme/site/tree/main/docs/x", Some("x")),
        ("https://github.com/acme/site/issues/3", None),
        ("https://github.com/acme/site/blob/main/other/a.md", None),
        ("https://github.com/acme/site/blob/main/docs/%2e%2e/a.md", None),
        ("https://github.com/acme/sitemap/blob/main/docs/a.md", None),
        ("https://gitlab.com/acme/site/-/blob/main/docs/a.md", None),
        ("not an address", None),
    ] {
        assert_eq!(github.strip_view_url(address).as_deref(), file, "{address}");
    }
}

#[test]
fn each_host_shows_the_history_of_a_file() {
    for (host, url, history) in [
        (Host::GitHub, "https://github.com/acme/site", "/commits/main/docs/a%20b.md"),
        (Host::GitLab, "https://gitlab.com/acme/site", "/-/commits/main/docs/a%20b.md"),
        (Host::Gitea, "https://codeberg.org/acme/site", "/commits/branch/main/docs/a%20b.md"),
        (Host::Bitbucket, "https://bitbucket.org/acme/site", "/history-node/main/docs/a%20b.md?at=main"),
        (
            Host::Azure,
            "https://dev.azure.com/acme/p/_git/site",
            "?path=/docs%2Fa%20b.md&version=GBmain&_a=history",
        ),
    ] {
        let found = repository(host, url, "docs").history_url("a b.md");
        assert_eq!(found, Some(format!("{url}{history}")));
    }
    assert_eq!(repository(Host::Custom, "https://git.acme.test/site", "").history_url("a.md"), None);
}

#[test]
fn a_pattern_is_filled_once() {
    let mut custom = repository(Host::Custom, "https://git.acme.test/site", "");
    custom.edit_url = Some("https://git.acme.test/e/{branch}/{path}".to_owned());
    custom.new_url = Some("https://git.acme.test/n?d={dir}&f={file}&c={content}&{other}".to_owned());
    assert_eq!(
        custom.edit_url("a/{branch}.md").as_deref(),
        Some("https://git.acme.test/e/main/a/%7Bbranch%7D.md")
    );
    assert_eq!(
        new(&custom, "a/b/c.md", "x").as_deref(),
        Some("https://git.acme.test/n?d=a%2Fb&f=c.md&c=x&{other}")
    );
    assert_eq!(custom.view_url("a.md"), None);
}

/// A path and a text with every character that means something in an address, and a branch and a folder that
/// do as well.
const PATH: &str = "content/questions/a #1 100% & b+c?/..x[y]{path}=\"'ü\u{6771}\u{1f642}.md";
const TEXT: &str = "---\ntags: [a&b]\n---\n# C# + 100%? \u{1f642}\r\n\"..\" {branch}\n";
const BRANCH: &str = "release/#1 & more";
const FOLDER: &str = "docs/my site";

/// Hosts, their addresses, and what editing and beginning the file above is there.
const GOLDEN: [(Host, &str, &str, &str); 5] = [
    (
        Host::GitHub,
        "https://github.com/acme/site",
        "/edit/release/%231%20%26%20more/docs/my%20site/content/questions/a%20%231%20100%25%20%26%20b+c%3F/..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md",
        "/new/release/%231%20%26%20more?filename=docs%2Fmy%20site%2Fcontent%2Fquestions%2Fa%20%231%20100%25%20%26%20b%2Bc%3F%2F..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md&value=---%0Atags%3A%20%5Ba%26b%5D%0A---%0A%23%20C%23%20%2B%20100%25%3F%20%F0%9F%99%82%0D%0A%22..%22%20%7Bbranch%7D%0A",
    ),
    (
        Host::GitLab,
        "https://gitlab.com/acme/group/site",
        "/-/edit/release/%231%20%26%20more/docs/my%20site/content/questions/a%20%231%20100%25%20%26%20b+c%3F/..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md",
        "/-/new/release/%231%20%26%20more/docs/my%20site/content/questions/a%20%231%20100%25%20%26%20b+c%3F?file_name=..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md",
    ),
    (
        Host::Gitea,
        "https://codeberg.org/acme/site",
        "/_edit/release/%231%20%26%20more/docs/my%20site/content/questions/a%20%231%20100%25%20%26%20b+c%3F/..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md",
        "/_new/release/%231%20%26%20more/docs/my%20site/content/questions/a%20%231%20100%25%20%26%20b+c%3F?filename=..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md&value=---%0Atags%3A%20%5Ba%26b%5D%0A---%0A%23%20C%23%20%2B%20100%25%3F%20%F0%9F%99%82%0D%0A%22..%22%20%7Bbranch%7D%0A",
    ),
    (
        Host::Bitbucket,
        "https://bitbucket.org/acme/site",
        "/src/release/%231%20%26%20more/docs/my%20site/content/questions/a%20%231%20100%25%20%26%20b+c%3F/..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md?mode=edit&spa=0&at=release%2F%231%20%26%20more&fileviewer=file-view-default",
        "/create-file/release/%231%20%26%20more/docs/my%20site/content/questions/a%20%231%20100%25%20%26%20b+c%3F?at=release%2F%231%20%26%20more&filename=..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md",
    ),
    (
        Host::Azure,
        "https://dev.azure.com/acme/a%20project/_git/site",
        "?path=/docs%2Fmy%20site%2Fcontent%2Fquestions%2Fa%20%231%20100%25%20%26%20b%2Bc%3F%2F..x%5By%5D%7Bpath%7D%3D%22%27%C3%BC%E6%9D%B1%F0%9F%99%82.md&version=GBrelease%2F%231%20%26%20more&_a=contents",
        "?path=/docs%2Fmy%20site%2Fcontent%2Fquestions%2Fa%20%231%20100%25%20%26%20b%2Bc%3F&version=GBrelease%2F%231%20%26%20more&_a=contents",
    ),
];

fn awkward(host: Host, url: &str) -> Repository {
    Repository { branch: BRANCH.to_owned(), ..repository(host, url, FOLDER) }
}

#[test]
fn every_host_gets_every_character_as_it_was_meant() {
    for (host, url, edit, new_file) in GOLDEN {
        let repository = awkward(host, url);
        assert_eq!(repository.edit_url(PATH), Some(format!("{url}{edit}")), "{host:?}");
        assert_eq!(new(&repository, PATH, TEXT), Some(format!("{url}{new_file}")), "{host:?}");
    }
}

#[test]
fn what_a_host_reads_in_an_address_is_what_was_put_there() {
    let inside = format!("{FOLDER}/{PATH}");
    let (folder, name) = inside.rsplit_once('/').expect("a folder");
    for (host, url, ..) in GOLDEN {
        let repository = awkward(host, url);
        let read = |address: Option<String>| {
            let address = Url::parse(&address.expect("an address")).expect("one that can be read");
            assert_eq!(address.fragment(), None, "{address}");
            let path = percent_decode_str(address.path()).decode_utf8().expect("UTF-8").into_owned();
            let query: std::collections::BTreeMap<String, String> =
                address.query_pairs().into_owned().collect();
            (path, query)
        };
        let (path, query) = read(repository.edit_url(PATH));
        let (new_path, new_query) = read(new(&repository, PATH, TEXT));
        if host == Host::Azure {
            assert_eq!(query["path"], format!("/{inside}"));
            assert_eq!(query["version"], format!("GB{BRANCH}"));
            assert_eq!(new_query["path"], format!("/{folder}"));
            continue;
        }
        assert!(path.ends_with(&format!("/{BRANCH}/{inside}")), "{path}");
        let fills = matches!(host, Host::GitHub | Host::Gitea);
        assert_eq!(new_query.get("value").map(String::as_str), fills.then_some(TEXT), "{host:?}");
        let name_in = |key: &str| new_query[key].clone();
        match host {
            Host::GitHub => assert_eq!(name_in("filename"), inside),
            Host::GitLab => assert_eq!(name_in("file_name"), name),
            _ => assert_eq!(name_in("filename"), name),
        }
        let wanted =
            if host == Host::GitHub { format!("/new/{BRANCH}") } else { format!("/{BRANCH}/{folder}") };
        assert!(new_path.ends_with(&wanted), "{new_path}");
    }
}

#[test]
fn a_path_is_never_another_one() {
    // What a browser makes of an address before it asks for it must not lead out of the folder.
    let github = repository(Host::GitHub, "https://github.com/acme/site", "");
    for path in ["content/questions/..%2f..%2fa.md", "content/a\\..\\b.md", "content/a\nb\tc.md"] {
        let address = Url::parse(&github.edit_url(path).expect("an address")).expect("an address");
        let read = percent_decode_str(address.path()).decode_utf8().expect("UTF-8").into_owned();
        assert_eq!(read, format!("/acme/site/edit/main/{path}"));
    }
}

#[test]
fn an_address_is_never_too_long_and_keeps_what_a_file_means() {
    let github = repository(Host::GitHub, "https://github.com/acme/site", "");
    let long = "\u{6771}".repeat(2_000);
    let text = format!("---\ncomment: true\n---\n{long}\n");
    let file = github.new_file("content/questions/a/ana.md", &text).expect("an address");
    assert!(file.url.ends_with("&value=---%0Acomment%3A%20true%0A---%0A"), "{}", file.url);
    assert_eq!(file.carries, Carries::FrontMatter);
    let file = github.new_file("a.md", &long).expect("an address");
    assert!(file.url.ends_with("?filename=a.md&value=") && file.carries == Carries::Nothing, "{}", file.url);
    let file = github.new_file("a.md", &format!("---\ntitle: {long}\n---\n")).expect("an address");
    assert_eq!(file.carries, Carries::Nothing);
    assert_eq!(github.new_file(&format!("{long}.md"), "x"), None);
    // To the byte.
    let bare = github.new_file("a.md", "").expect("an address").url.len();
    let fits = github.new_file("a.md", &"x".repeat(LONGEST - bare)).expect("an address");
    assert!(fits.url.len() == 6_000 && fits.carries == Carries::All);
    let over = github.new_file("a.md", &"x".repeat(LONGEST - bare + 1)).expect("an address");
    assert_eq!(over.carries, Carries::Nothing);
}

#[test]
fn a_host_that_cannot_begin_a_file_says_so() {
    for (host, url, ..) in GOLDEN {
        let carries = repository(host, url, "").new_file("a.md", "x").map(|file| file.carries);
        let wanted = if matches!(host, Host::GitHub | Host::Gitea) { Carries::All } else { Carries::Nothing };
        assert_eq!(carries, Some(wanted), "{host:?}");
    }
    let mut custom = repository(Host::Custom, "https://git.acme.test/site", "");
    assert_eq!(custom.new_file("a.md", "x"), None);
    custom.new_url = Some("https://git.acme.test/n/{path}".to_owned());
    assert_eq!(custom.new_file("a.md", "x").map(|file| file.carries), Some(Carries::Nothing));
}

#[test]
fn an_account_has_the_name_by_which_people_know_it() {
    for (host, url, name) in [
        (Host::GitHub, "https://github.com/acme/site", Account::Of("GitHub")),
        (Host::GitHub, "https://git.acme.test/acme/site", Account::At("git.acme.test".to_owned())),
        (Host::GitLab, "https://gitlab.com/acme/site", Account::Of("GitLab")),
        (Host::Gitea, "https://codeberg.org/acme/site", Account::Of("Codeberg")),
        (Host::Bitbucket, "https://bitbucket.org/acme/site", Account::Of("Bitbucket")),
        (Host::Azure, "https://acme.visualstudio.com/_git/site", Account::Of("Microsoft")),
        (Host::Custom, "", Account::Nowhere),
    ] {
        assert_eq!(repository(host, url, "").account(), name);
    }
}
