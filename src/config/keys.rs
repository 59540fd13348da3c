//! Every key of `longhouse.yaml`: what it takes, what holds without it, what it does.

use super::{Host, editor};
use crate::page::front_matter::Role;
use crate::page::kind::FolderKind;
use crate::yaml::key::{HANDLE, Takes, keys};

/// The words for the level of a rule.
pub const LEVELS: &[&str] = &["error", "warning", "off"];

keys! {
    /// The settings themselves.
    Setting {
        Title = "title", Takes::Text, "", "title: The Kiln Community",
            "The name of the site, shown on every page, in the browser's title bar and in feeds. Without it, the \
             title or the first heading of the README in the content folder is used, or else `Community`.";
        Tagline = "tagline", Takes::Text, "", "tagline: Potters help each other.",
            "One sentence about the site, on the home page and as its description for search engines.";
        BaseUrl = "base_url", Takes::Address, "", "base_url: https://help.example.org/community/",
            "The address of the site, including its sub-path. Feeds, the sitemap, link previews elsewhere and links \
             with a full address need it. Without it, the site is built for http://127.0.0.1:4000/, with a warning.";
        FormerUrls = "former_urls", Takes::Addresses, "[]", "former_urls: [https://forum.example.org/]",
            "Former addresses of the site. Links in content that still use them lead to the current site.";
        SiteId = "site_id", Takes::Text, "", "site_id: kiln-community",
            "The basis for the ids of feed entries. It keeps them stable when the site moves, so that feed readers \
             do not show old entries as new.";
        Language = "language", Takes::Language, "en", "language: de",
            "The main language of the content.";
        Languages = "languages", Takes::Languages, "[en]", "language: en\nlanguages: [en, de]",
            "All languages of the content. Headings such as `## Answer` are understood in each of them.";
        Timezone = "timezone", Takes::TimeZone, "UTC", "timezone: Europe/Berlin",
            "The time zone that decides which day it is, and on which day a commit was made.";
        Theme = "theme", Takes::FolderName, "default", "theme: default",
            "The theme. Files in `themes/<name>/` replace files of the same name in the default theme.";
        Trust = "trust", Takes::Word(&["git"]), "", "trust: git",
            "With `git`, authors, team marks and the company's responses count only if the commit that added the \
             file was made by that person. Without it, everything that a maintainer merged is trusted.";
        License = "license", Takes::Text, "", "license: CC-BY-4.0",
            "The licence of the content, as an SPDX name, for every page that does not set its own.";
        Content = "content", Takes::Folder, "content", "content: docs/pages",
            "The folder with the content. Content is treated as written by strangers; everything else is trusted.";
        Kinds = "kinds", Takes::Named("folder", &Takes::Word(&FolderKind::WORDS)), "{}", "kinds:\n  guides: how-to\n  _questions: faq",
            "The kinds of folders whose names do not show their kind. A `faq` is a question whose text \
             is its answer.";
        Brand = "brand", Takes::Open(BrandKey::KEYS), "{}", "brand:\n  promise: Ask a potter who has had the same crack.\n  accent: \"#2c5f2d\"",
            "How the site presents itself. Any other name is a design token of the theme: `accent: \"#2c5f2d\"` sets `--accent` in the style sheet.";
        Menu = "menu", Takes::Menu, "", "menu:\n  - {label: Questions, url: /questions/}\n  - {label: Shop, url: \"https://shop.example.org/\"}",
            "The menu on every page. Without it, the theme makes one from the content.";
        Footer = "footer", Takes::Either(&[Takes::Map(FooterKey::KEYS), Takes::Menu, Takes::Text]), "", "footer:\n  text: Made by potters.\n  links:\n    - {label: Guidelines, url: /guidelines/}",
            "The footer of every page: a text, links, or both.";
        Csp = "csp", Takes::Map(CspKey::KEYS), "{}", "csp:\n  allow: [\"https://videos.example.org\"]",
            "What the content security policy of the pages allows in addition to the site itself.";
        Repository = "repository", Takes::Either(&[Takes::Map(RepositoryKey::KEYS), Takes::Text]), "", "repository: https://github.com/kiln/community",
            "Where the site's files are, for \"Edit this page\" and \"Answer this\". The address alone is enough \
             for a known host.";
        Contact = "contact", Takes::Text, "", "contact: mailto:community@example.org",
            "How to contact the people who run the site: a web or email address.";
        Team = "team", Takes::Either(&[Takes::Named(HANDLE, &Takes::Word(Role::WORDS)), Takes::People]), "{}", "team:\n  jun: staff\n  greta: moderator",
            "Who belongs to the company, by handle. Only these people get the team mark and can respond for the \
             company. In a plain list, everyone is staff.";
        Products = "products", Takes::Either(&[Takes::List(ProductKey::KEYS), Takes::Named("id", &Takes::Either(&[Takes::Map(ProductKey::KEYS), Takes::Text])), Takes::Texts]), "[]", "products:\n  - id: kiln\n    name: The Kiln\n    versions: [\"4.1\", \"4.2\"]",
            "The company's products. Each product that content mentions gets a page at `/products/<id>/`.";
        Tags = "tags", Takes::Either(&[Takes::Map(TagsKey::KEYS), Takes::Texts]), "{}", "tags:\n  known: [glaze, firing]\n  synonyms:\n    glaze: [glazing, enamel]",
            "The known tags and their synonyms. A plain list declares only the known tags.";
        Images = "images", Takes::Map(ImagesKey::KEYS), "{}", "images:\n  allow_hosts: [images.example.org]",
            "Where images may come from in addition to the site itself, and how large they may be before they are \
             reported.";
        Attachments = "attachments", Takes::Texts, "[]", "attachments: [log, yaml, docx]",
            "Additional types of files next to content that are published as downloads, by extension. Types \
             that a browser, a host or a computer could run, such as `html`, `js`, `xml` or `exe`, are not allowed.";
        MaxFileBytes = "max_file_bytes", Takes::Number(1, 1 << 40), "100000000", "max_file_bytes: 25000000",
            "The maximum size of a file next to content, in bytes. Larger files are not published. Some hosts do not \
             accept files above 25 MB.";
        PageSize = "page_size", Takes::Number(1, 1000), "20", "page_size: 50",
            "How many entries are on one page of a list.";
        Feeds = "feeds", Takes::Word(&["full", "excerpt"]), "full", "feeds: excerpt",
            "What the feeds of the site and of each kind contain of an entry: its full text, or only its \
             description. The feeds of tags and people contain descriptions.";
        Search = "search", Takes::Either(&[Takes::Map(SearchKey::KEYS), Takes::Flag]), "true", "search:\n  language: de",
            "How the site is searched.";
        Insight = "insight", Takes::Word(&["public"]), "", "insight: public",
            "`public` publishes figures of the community at `/insight/`: how many questions are asked and answered, and \
             how fast. Nobody is named. Without it, only `longhouse insight` shows them.";
        Moderation = "moderation", Takes::Word(&["public"]), "", "moderation: public",
            "`public` publishes what moderators decided at `/moderation/`: what, when, by whom and by which rule of \
             `GUIDELINES.md`. The page exists if `data/moderation.yaml` has a decision.";
        Decide = "decide", Takes::Map(DecideKey::KEYS), "{}", "decide:\n  floor: 12",
            "The pages `/decide/` and `/critical/`, for people who are deciding whether to buy: how it went for \
             customers, every critical story in full, and what was done about it.";
        Write = "write", Takes::Either(&[Takes::Map(WriteKey::KEYS), Takes::Flag]), "", "write:\n  issues: false",
            "The page `/write/`, a form for writing without an account or git. By default it exists if `repository` \
             or `contact` is set; `false` leaves it out.";
        Rules = "rules", Takes::Rules, "{}", "rules:\n  missing-title: error\n  unknown-kind: off",
            "Levels of rules, where they differ from the default: `error`, `warning` or `off`. A level changes the \
             report and the exit status, never what is mended or held.";
        Check = "check", Takes::Map(CheckKey::KEYS), "{}", "check:\n  words: {e-mail: email}",
            "Additional things that `longhouse check` looks for.";
        Highlight = "highlight", Takes::Flag, "true", "highlight: false",
            "Whether code is highlighted.";
        Markdown = "markdown", Takes::Map(MarkdownKey::KEYS), "{}", "markdown:\n  math: false",
            "Which additions to markdown are read. Turn one off if your texts use its signs for something else.";
        Editor = "editor", Takes::Either(&[Takes::Word(&editor::NAMES), Takes::Text]), "", "editor: vscode",
            "How the preview opens a file in your own editor: the editor's name, or an address in which `{path}`, \
             `{line}` and `{column}` are filled in, such as `vscode://file/{path}:{line}:{column}`. It is not part \
             of the published site.";
    }
}

keys! {
    /// Below `brand:`, beside design tokens.
    BrandKey {
        Logo = "logo", Takes::Text, "", "brand:\n  logo: /logo.svg",
            "The path of the logo, such as a file in `static/`.";
        Favicon = "favicon", Takes::Text, "", "brand:\n  favicon: /favicon.svg",
            "The path of the icon in the browser tab. Without it, the theme provides one.";
        Card = "card", Takes::Text, "", "brand:\n  card: /card.png",
            "The path of the picture, 1200 by 630 pixels, that represents pages without their own picture when \
             their address is shared. Without it, the theme provides one.";
        Promise = "promise", Takes::Text, "", "brand:\n  promise: Ask a potter who has had the same crack.",
            "The company's promise, in one sentence on the home page.";
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
            "Its target: a path on the site, or a full address.";
    }
}

keys! {
    /// Below `csp:`.
    CspKey {
        Allow = "allow", Takes::Origins, "[]", "csp:\n  allow: [\"https://videos.example.org\"]",
            "Addresses of hosts that pages may load from. Policy keywords are refused, because a single one could \
             disable the policy.";
    }
}

keys! {
    /// Below `repository:`.
    RepositoryKey {
        Host = "host", Takes::Word(&Host::WORDS), "", "repository:\n  host: gitlab\n  url: https://git.example.org/kiln/community",
            "The software that hosts the repository. It is recognised from the address for github.com, gitlab.com, \
             codeberg.org, bitbucket.org and dev.azure.com.";
        Url = "url", Takes::Text, "", "repository:\n  url: https://github.com/kiln/community",
            "The repository's address in a browser.";
        Branch = "branch", Takes::Text, "main", "repository:\n  url: https://github.com/kiln/community\n  branch: trunk",
            "The branch that contributions go to.";
        Path = "path", Takes::Folder, "", "repository:\n  url: https://github.com/kiln/everything\n  path: community",
            "The folder of the site in the repository, if it is not the top folder.";
        EditUrl = "edit_url", Takes::Pattern, "", "repository:\n  edit_url: \"https://git.example.org/edit/{branch}/{path}\"",
            "The pattern of the address for editing a file, for unknown hosts: `{path}`, `{dir}`, `{file}` and \
             `{branch}` are filled in.";
        NewUrl = "new_url", Takes::Pattern, "", "repository:\n  new_url: \"https://git.example.org/new/{branch}?file={path}&text={content}\"",
            "The pattern of the address for a new file: it can also contain `{content}`, the initial text.";
    }
}

keys! {
    /// In a product.
    ProductKey {
        Id = "id", Takes::Text, "", "products:\n  - id: kiln",
            "Its name in addresses and in the front matter of pages: lower-case letters, digits and hyphens.";
        Name = "name", Takes::Text, "", "products:\n  - id: kiln\n    name: The Kiln",
            "Its display name. Without it, the id.";
        Versions = "versions", Takes::Either(&[Takes::Texts, Takes::List(VersionKey::KEYS)]), "[]", "products:\n  - id: kiln\n    versions: [\"4.1\", \"4.2\", {name: \"5.0\", state: coming}]",
            "Its versions, the newest last. Answers that people confirmed for the newest version come first. Each \
             version that content mentions gets a page at `/products/<id>/<version>/`. A version with `state: coming` is \
             not released yet: it has a page from the first question on, and does not count as the newest.";
        UseCases = "use_cases", Takes::Texts, "[]", "products:\n  - id: kiln\n    use_cases: [stoneware, raku]",
            "What people use it for. It is kept, but not shown yet.";
    }
}

keys! {
    /// In a version of a product.
    VersionKey {
        Name = "name", Takes::Text, "", "products:\n  - id: kiln\n    versions: [{name: \"5.0\"}]",
            "The version, as people write it.";
        State = "state", Takes::Word(&["coming"]), "", "products:\n  - id: kiln\n    versions: [{name: \"5.0\", state: coming}]",
            "`coming` if it is not released yet.";
    }
}

keys! {
    /// Below `decide:`.
    DecideKey {
        Floor = "floor", Takes::Number(1, 1000), "8", "decide:\n  floor: 12",
            "The number of published stories from which on the pages exist. Until then `longhouse check` says how many \
             are missing.";
    }
}

keys! {
    /// Below `tags:`.
    TagsKey {
        Known = "known", Takes::Texts, "[]", "tags:\n  known: [glaze, firing]",
            "The known tags. If it is given, any other tag is a warning.";
        Synonyms = "synonyms", Takes::Named("tag", &Takes::Texts), "{}", "tags:\n  synonyms:\n    glaze: [glazing, enamel]",
            "For each tag, other words for the same thing. They become that tag.";
    }
}

keys! {
    /// Below `images:`.
    ImagesKey {
        AllowHosts = "allow_hosts", Takes::Hosts, "[]", "images:\n  allow_hosts: [images.example.org]",
            "Hosts whose images are shown. Images from other hosts become links, so that no other site learns who \
             reads a page.";
        FetchHosts = "fetch_hosts", Takes::Hosts, "[]", "images:\n  fetch_hosts: [pictures.example.org]",
            "Hosts from which `longhouse fix --fetch-images` and `longhouse receive` bring pictures in, besides those at \
             which the editors of git hosts keep them.";
        MaxBytes = "max_bytes", Takes::Number(1, 1 << 40), "5000000", "images:\n  max_bytes: 500000",
            "The size in bytes above which an image is a `large-image`.";
        MaxPixels = "max_pixels", Takes::Number(1, 1 << 40), "25000000", "images:\n  max_pixels: 4000000",
            "The number of pixels, width times height, above which an image is a `large-image`.";
    }
}

keys! {
    /// Below `search:`.
    SearchKey {
        Enabled = "enabled", Takes::Flag, "true", "search:\n  enabled: false",
            "Whether the site has a search. `false` leaves out the search boxes, the search page and the index.";
        Language = "language", Takes::Language, "", "search:\n  language: de",
            "The language whose word endings the search understands, if it is not the site's language.";
    }
}

keys! {
    /// Below `check:`.
    CheckKey {
        Words = "words", Takes::Named("word", &Takes::Text), "{}", "check:\n  words:\n    kill switch: main switch\n    github: GitHub",
            "Words and phrases, each with its preferred replacement. `word-list` reports them in titles and texts, \
             in any case, as whole words, but not in code or quotations. A phrase that differs only in capitals \
             requires exactly those capitals.";
        Phrases = "phrases", Takes::Named("rule", &Takes::Texts), "{}", "check:\n  phrases:\n    \"3\": [idiot, shut up]\n    no-advertising: [discount code]",
            "For a rule in `GUIDELINES.md`, phrases that a moderator wants to see. A rule is given by its number in \
             the numbered list, or by the id of its heading. `guidelines` reports the phrases and quotes the rule; \
             the page is published as it is.";
        Hosts = "hosts", Takes::Hosts, "[]", "check:\n  hosts: [shop.example.org]",
            "Hosts that readers trust. A link to another host that looks like one of them is a `lookalike-host`. \
             Hosts that appear elsewhere in the configuration are included.";
        UnansweredAfter = "unanswered_after", Takes::Number(1, 3650), "30", "check:\n  unanswered_after: 14",
            "The number of days after which a question without an answer is `unanswered`.";
        LongParagraph = "long_paragraph", Takes::Number(50, 5000), "300", "check:\n  long_paragraph: 200",
            "The number of words above which a paragraph is a `long-paragraph`.";
    }
}

keys! {
    /// Below `markdown:`.
    MarkdownKey {
        Math = "math", Takes::Flag, "true", "markdown:\n  math: false",
            "Whether `$…$` and `$$…$$` are formulas. The front matter of a page can say it too: `math: false`.";
        Emoji = "emoji", Takes::Flag, "true", "markdown:\n  emoji: false",
            "Whether `:tada:` is an emoji, by the names that GitHub uses.";
        Mentions = "mentions", Takes::Flag, "true", "markdown:\n  mentions: false",
            "Whether `@ana` is a link to that person's page, and, if `repository` is set, `#12` and commit hashes are \
             links to the repository.";
        Subscript = "subscript", Takes::Flag, "false", "markdown:\n  subscript: true",
            "Whether a text between two single `~` is lowered wherever it stands. Otherwise it is lowered only right \
             behind a word, as in `H~2~O`, and is struck out elsewhere, as on GitHub.";
    }
}

keys! {
    /// Below `write:`.
    WriteKey {
        Enabled = "enabled", Takes::Flag, "", "write:\n  enabled: true",
            "Whether the page exists. By default it exists if `repository` or `contact` is set.";
        Issues = "issues", Takes::Flag, "true", "write:\n  issues: false",
            "Whether texts can be submitted as issues on GitHub, GitLab, Gitea or Forgejo. Set it to `false` if the \
             repository has no issues.";
    }
}
