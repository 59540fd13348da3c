//! Every key of `longhouse.yaml`: what it takes, what holds without it, what it does.

use super::{Host, editor};
use crate::page::front_matter::Role;
use crate::page::kind::FolderKind;
use crate::yaml::key::{Takes, keys};

/// The words for the level of a rule.
pub const LEVELS: &[&str] = &["error", "warning", "off"];

keys! {
    /// The settings themselves.
    Setting {
        Title = "title", Takes::Text, "Community", "title: The Kiln Community",
            "The name of the site, on every page, in the browser's window and in feeds.";
        Tagline = "tagline", Takes::Text, "", "tagline: Potters help each other.",
            "One sentence about the site, on the home page and as its description for search engines.";
        BaseUrl = "base_url", Takes::Address, "", "base_url: https://help.example.org/community/",
            "The address at which the site stands, with its sub-path. Feeds, the sitemap, previews in other places and links with a whole address need it. Without it the site is built for http://127.0.0.1:4000/, with a warning.";
        FormerUrls = "former_urls", Takes::Addresses, "[]", "former_urls: [https://forum.example.org/]",
            "Addresses at which the site stood before. Links in content that still name them lead to the site as it stands now.";
        SiteId = "site_id", Takes::Text, "", "site_id: kiln-community",
            "What the ids of feed entries are made of. With it they stay when the site moves, so that feed readers do not show everything again.";
        Language = "language", Takes::Language, "en", "language: de",
            "The main language of the content.";
        Languages = "languages", Takes::Languages, "[en]", "language: en\nlanguages: [en, de]",
            "All languages of the content. Headings such as `## Answer` are understood in each of them.";
        Timezone = "timezone", Takes::TimeZone, "UTC", "timezone: Europe/Berlin",
            "The time zone that decides which day it is, and on which day a commit was made.";
        Theme = "theme", Takes::FolderName, "default", "theme: default",
            "The theme. Files below `themes/<name>/` take the place of those of the same name in the default theme.";
        Trust = "trust", Takes::Word(&["git"]), "", "trust: git",
            "With `git`, authors, team marks and the company's responses count only if the commit that added the file is that person's. Without it, what a maintainer merged is believed.";
        License = "license", Takes::Text, "", "license: CC-BY-4.0",
            "The licence of the content as an SPDX name, for every page that names none of its own.";
        Content = "content", Takes::Folder, "content", "content: docs/pages",
            "The folder with the content. It counts as written by strangers; everything beside it is trusted.";
        Kinds = "kinds", Takes::Named("folder", &Takes::Word(&FolderKind::WORDS)), "{}", "kinds:\n  guides: how-to\n  _questions: faq",
            "What the folders in the content folder are, where their names do not say it. A `faq` is a question whose text is its answer.";
        Brand = "brand", Takes::Open(BrandKey::KEYS), "{}", "brand:\n  promise: Ask a potter who has had the same crack.\n  accent: \"#2c5f2d\"",
            "How the site presents itself. Any other name is a design token of the theme: `accent: \"#2c5f2d\"` sets `--accent` in the style sheet.";
        Menu = "menu", Takes::Menu, "", "menu:\n  - {label: Questions, url: /questions/}\n  - {label: Shop, url: \"https://shop.example.org/\"}",
            "The menu on every page. Without it the theme makes one of what there is.";
        Footer = "footer", Takes::Either(&[Takes::Map(FooterKey::KEYS), Takes::Menu, Takes::Text]), "", "footer:\n  text: Made by potters.\n  links:\n    - {label: Guidelines, url: /guidelines/}",
            "What stands below every page: a text, links, or both.";
        Csp = "csp", Takes::Map(CspKey::KEYS), "{}", "csp:\n  allow: [\"https://videos.example.org\"]",
            "What the content security policy of the pages allows beside the site itself.";
        Repository = "repository", Takes::Either(&[Takes::Map(RepositoryKey::KEYS), Takes::Text]), "", "repository: https://github.com/kiln/community",
            "Where the site's files are, for \"Edit this page\" and \"Answer this\". An address alone is enough where its host is known.";
        Contact = "contact", Takes::Text, "", "contact: mailto:community@example.org",
            "How to reach whoever runs the site: an address of the web or of mail.";
        Team = "team", Takes::Either(&[Takes::Named("handle", &Takes::Word(Role::WORDS)), Takes::Texts]), "{}", "team:\n  jun: staff\n  greta: moderator",
            "Who belongs to the company, by handle. Only these people get the team's mark and can answer for the company. In a plain list everybody is staff.";
        Products = "products", Takes::Either(&[Takes::List(ProductKey::KEYS), Takes::Named("id", &Takes::Either(&[Takes::Map(ProductKey::KEYS), Takes::Text])), Takes::Texts]), "[]", "products:\n  - id: kiln\n    name: The Kiln\n    versions: [\"4.1\", \"4.2\"]",
            "What the company makes. Each product that content names gets a page at `/products/<id>/`.";
        Tags = "tags", Takes::Either(&[Takes::Map(TagsKey::KEYS), Takes::Texts]), "{}", "tags:\n  known: [glaze, firing]\n  synonyms:\n    glaze: [glazing, enamel]",
            "Which tags there are and which mean the same. A plain list is the known ones.";
        Images = "images", Takes::Map(ImagesKey::KEYS), "{}", "images:\n  allow_hosts: [images.example.org]",
            "Where images may come from beside the site itself, and from which size on one is reported.";
        Attachments = "attachments", Takes::Texts, "[]", "attachments: [log, yaml, docx]",
            "Endings of files beside content that are published besides those of every site, to be saved and not shown. Types that a browser, a host or a computer would run, such as `html`, `js`, `xml` or `exe`, cannot be among them.";
        MaxFileBytes = "max_file_bytes", Takes::Number(1, 1 << 40), "100000000", "max_file_bytes: 25000000",
            "How large a file beside content may be, in bytes. A larger one is not published. Some hosts take no file above 25 MB.";
        PageSize = "page_size", Takes::Number(1, 1000), "20", "page_size: 50",
            "How many entries stand on one page of a list.";
        Feeds = "feeds", Takes::Word(&["full", "excerpt"]), "full", "feeds: excerpt",
            "What the feeds of the site and of each kind carry of an entry: its whole text, or its description alone. The feeds of tags and people have descriptions.";
        Search = "search", Takes::Either(&[Takes::Map(SearchKey::KEYS), Takes::Flag]), "true", "search:\n  language: de",
            "How the site is searched.";
        Write = "write", Takes::Either(&[Takes::Map(WriteKey::KEYS), Takes::Flag]), "", "write:\n  issues: false",
            "The page `/write/`, a form in which people write without an account or git. Without this key there is one where `repository` or `contact` is set; `false` leaves it out.";
        Rules = "rules", Takes::Rules, "{}", "rules:\n  missing-title: error\n  unknown-kind: off",
            "Levels of rules that differ from their own: `error`, `warning` or `off`. A level changes the report and the exit status, never what is mended or held.";
        Check = "check", Takes::Map(CheckKey::KEYS), "{}", "check:\n  words: {e-mail: email}",
            "What `longhouse check` looks for beyond what holds for every site.";
        Highlight = "highlight", Takes::Flag, "true", "highlight: false",
            "Whether code is coloured.";
        Editor = "editor", Takes::Either(&[Takes::Word(&editor::NAMES), Takes::Text]), "", "editor: vscode",
            "How the preview opens a file in your own editor: the name of one, or an address in which `{path}`, `{line}` and `{column}` are filled in, such as `vscode://file/{path}:{line}:{column}`. The site that is published does not have it.";
    }
}

keys! {
    /// Below `brand:`, beside design tokens.
    BrandKey {
        Logo = "logo", Takes::Text, "", "brand:\n  logo: /logo.svg",
            "The path of the logo, such as a file in `static/`.";
        Favicon = "favicon", Takes::Text, "", "brand:\n  favicon: /favicon.svg",
            "The path of the icon in the browser's tab. Without it the theme has one.";
        Card = "card", Takes::Text, "", "brand:\n  card: /card.png",
            "The path of the picture, 1200 by 630, that stands for pages without one where their address is shared. Without it the theme has one.";
        Promise = "promise", Takes::Text, "", "brand:\n  promise: Ask a potter who has had the same crack.",
            "What the company promises, in a sentence on the home page.";
    }
}

keys! {
    /// Below `footer:`.
    FooterKey {
        Text = "text", Takes::Text, "", "footer:\n  text: Made by potters.",
            "A sentence.";
        Links = "links", Takes::Menu, "[]", "footer:\n  links:\n    - {label: Imprint, url: /imprint/}",
            "Links, written like the menu.";
    }
}

keys! {
    /// In an entry of a menu.
    MenuKey {
        Label = "label", Takes::Text, "", "menu:\n  - label: About\n    url: /about/",
            "The text.";
        Url = "url", Takes::Text, "", "menu:\n  - label: About\n    url: /about/",
            "Where it leads: a path of the site, or a whole address.";
    }
}

keys! {
    /// Below `csp:`.
    CspKey {
        Allow = "allow", Takes::Origins, "[]", "csp:\n  allow: [\"https://videos.example.org\"]",
            "Addresses of hosts that pages may load from. The keywords of policies are refused, because one of them could undo the policy.";
    }
}

keys! {
    /// Below `repository:`.
    RepositoryKey {
        Host = "host", Takes::Word(&Host::WORDS), "", "repository:\n  host: gitlab\n  url: https://git.example.org/kiln/community",
            "The program that shows the repository. Known from the address for github.com, gitlab.com, codeberg.org, bitbucket.org and dev.azure.com.";
        Url = "url", Takes::Text, "", "repository:\n  url: https://github.com/kiln/community",
            "The repository's address in the browser.";
        Branch = "branch", Takes::Text, "main", "repository:\n  url: https://github.com/kiln/community\n  branch: trunk",
            "The branch that contributions go to.";
        Path = "path", Takes::Folder, "", "repository:\n  url: https://github.com/kiln/everything\n  path: community",
            "The folder of the site in the repository, where it is not the top.";
        EditUrl = "edit_url", Takes::Pattern, "", "repository:\n  edit_url: \"https://git.example.org/edit/{branch}/{path}\"",
            "How the address for editing a file is made, for hosts that are not known: `{path}`, `{dir}`, `{file}` and `{branch}` are filled in.";
        NewUrl = "new_url", Takes::Pattern, "", "repository:\n  new_url: \"https://git.example.org/new/{branch}?file={path}&text={content}\"",
            "How the address for a new file is made: `{content}`, the text to begin with, can stand in it too.";
    }
}

keys! {
    /// In a product.
    ProductKey {
        Id = "id", Takes::Text, "", "products:\n  - id: kiln",
            "Its name in addresses and in the front matter of pages: small letters, digits and hyphens.";
        Name = "name", Takes::Text, "", "products:\n  - id: kiln\n    name: The Kiln",
            "Its name for people. Without it, the id.";
        Versions = "versions", Takes::Texts, "[]", "products:\n  - id: kiln\n    versions: [\"4.1\", \"4.2\"]",
            "Its versions, the newest last. Answers that people confirmed for the newest one stand first.";
        UseCases = "use_cases", Takes::Texts, "[]", "products:\n  - id: kiln\n    use_cases: [stoneware, raku]",
            "What people use it for. It is kept; nothing shows it yet.";
    }
}

keys! {
    /// Below `tags:`.
    TagsKey {
        Known = "known", Takes::Texts, "[]", "tags:\n  known: [glaze, firing]",
            "The tags there are. Where it is given, any other tag is a warning.";
        Synonyms = "synonyms", Takes::Named("tag", &Takes::Texts), "{}", "tags:\n  synonyms:\n    glaze: [glazing, enamel]",
            "For a tag, the other words that mean it. They become that tag.";
    }
}

keys! {
    /// Below `images:`.
    ImagesKey {
        AllowHosts = "allow_hosts", Takes::Hosts, "[]", "images:\n  allow_hosts: [images.example.org]",
            "Hosts whose images are shown. An image from anywhere else becomes a link, so that no other site learns who reads.";
        MaxBytes = "max_bytes", Takes::Number(1, 1 << 40), "5000000", "images:\n  max_bytes: 500000",
            "From how many bytes on an image is a `large-image`.";
        MaxPixels = "max_pixels", Takes::Number(1, 1 << 40), "25000000", "images:\n  max_pixels: 4000000",
            "From how many pixels on, width times height, an image is a `large-image`.";
    }
}

keys! {
    /// Below `search:`.
    SearchKey {
        Enabled = "enabled", Takes::Flag, "true", "search:\n  enabled: false",
            "Whether there is a search at all. `false` leaves out the boxes, the search page and the index.";
        Language = "language", Takes::Language, "", "search:\n  language: de",
            "The language whose word endings search understands, where it is not the site's.";
    }
}

keys! {
    /// Below `check:`.
    CheckKey {
        Words = "words", Takes::Named("word", &Takes::Text), "{}", "check:\n  words:\n    kill switch: main switch\n    github: GitHub",
            "Words and phrases, each with what is to be written instead. `word-list` reports them in titles and texts, in any case, as whole words, and not in code or quotations. A phrase that differs only in its capitals asks for exactly these.";
        Phrases = "phrases", Takes::Named("rule", &Takes::Texts), "{}", "check:\n  phrases:\n    \"3\": [idiot, shut up]\n    no-advertising: [discount code]",
            "For a rule of `GUIDELINES.md`, phrases that a moderator wants to see. A rule is named by its number in the numbered list, or by the id of its heading. `guidelines` reports the phrases and cites the rule; nothing happens to the page.";
        Hosts = "hosts", Takes::Hosts, "[]", "check:\n  hosts: [shop.example.org]",
            "Hosts that readers trust. A link to another one that looks like them is `lookalike-host`. Those that the configuration names elsewhere count already.";
        UnansweredAfter = "unanswered_after", Takes::Number(1, 3650), "30", "check:\n  unanswered_after: 14",
            "After how many days a question without an answer is `unanswered`.";
        LongParagraph = "long_paragraph", Takes::Number(50, 5000), "300", "check:\n  long_paragraph: 200",
            "From how many words on a paragraph is a `long-paragraph`.";
    }
}

keys! {
    /// Below `write:`.
    WriteKey {
        Enabled = "enabled", Takes::Flag, "", "write:\n  enabled: true",
            "Whether there is the page at all. Without this key there is one where `repository` or `contact` is set.";
        Issues = "issues", Takes::Flag, "true", "write:\n  issues: false",
            "Whether what was written can be handed over as an issue on GitHub, GitLab, Gitea or Forgejo. Say `false` where the repository takes none.";
    }
}
