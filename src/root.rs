//! What the root of a site holds beside its content, by name: the one place where these names are spelled.
//!
//! Everything in [`TRUSTED_FILES`] and [`TRUSTED_FOLDERS`] belongs to the company that runs the site. The output
//! folder is made by a build. Neither is ever content, also where the root itself is the content folder.

/// The configuration.
pub const CONFIG: &str = "longhouse.yaml";

/// The community's guidelines, shown at [`GUIDELINES_PAGE`](crate::site::url::GUIDELINES_PAGE).
pub const GUIDELINES: &str = "GUIDELINES.md";

/// The searches that a check tries.
pub const SEARCH_TESTS: &str = "search-tests.yaml";

/// The folder of themes, each in a folder of its own.
pub const THEMES: &str = "themes";

/// The folder of files that are published as they are.
pub const STATIC: &str = "static";

/// The folder of data files.
pub const DATA: &str = "data";

/// The votes that were counted elsewhere.
pub const REACTIONS: &str = "data/reactions.yaml";

/// What moderators decided.
pub const MODERATION: &str = "data/moderation.yaml";

/// The folder of the snapshots of feeds, one file for each link that has one.
pub const FEEDS: &str = "data/feeds";

/// The file, at the top of a repository or in the root, that joins the names of people in commits.
pub const MAILMAP: &str = ".mailmap";

/// The file beside it that lists bulk commits, which are no changes.
pub const IGNORED_COMMITS: &str = ".git-blame-ignore-revs";

/// The files that say how commits are to be read.
pub const OF_COMMITS: [&str; 2] = [MAILMAP, IGNORED_COMMITS];

/// The content folder where the configuration names none.
pub const CONTENT: &str = "content";

/// The output folder where the command line names none.
pub const OUTPUT: &str = "public";

/// The output folder of Jekyll, which is left out as well.
const OUTPUT_OF_JEKYLL: &str = "_site";

/// The trusted files of the root.
pub const TRUSTED_FILES: [&str; 3] = [CONFIG, GUIDELINES, SEARCH_TESTS];

/// The trusted folders of the root.
pub const TRUSTED_FOLDERS: [&str; 3] = [THEMES, STATIC, DATA];

/// Whether a name in the root is that of a trusted file or folder.
#[must_use]
pub fn is_trusted(name: &str) -> bool {
    TRUSTED_FILES.contains(&name) || TRUSTED_FOLDERS.contains(&name)
}

/// Whether a name in the root is no content even where the root itself is the content folder.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    is_trusted(name) || name == OUTPUT || name == OUTPUT_OF_JEKYLL
}

/// The path of a file in a folder of the root: nothing where it lies elsewhere.
#[must_use]
pub fn inside<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(folder)?.strip_prefix('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_root_are_no_content() {
        for name in ["longhouse.yaml", "GUIDELINES.md", "search-tests.yaml", "themes", "static", "data"] {
            assert!(is_trusted(name) && is_reserved(name), "{name}");
        }
        for name in ["public", "_site"] {
            assert!(!is_trusted(name) && is_reserved(name), "{name}");
        }
        for name in ["content", "questions", "Data", "README.md"] {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn a_path_is_inside_a_folder_and_not_inside_one_whose_name_only_begins_alike() {
        assert_eq!(inside(DATA, "data/reactions.yaml"), Some("reactions.yaml"));
        assert_eq!(inside(DATA, "database/x"), None);
        assert_eq!(inside(DATA, "data"), None);
    }
}
