//! Content that lies elsewhere than all that is trusted: how the branch of a stranger is built and checked.

use std::path::PathBuf;

use super::Failure;
use crate::source::LoadOptions;

/// Where the content is, and where everything else is.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct Apart {
    /// Read the content from this folder, and everything else from the site's folder
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// Read everything but the content from this folder: configuration, theme, data, static files
    #[arg(long, value_name = "DIR", requires = "content")]
    trusted: Option<PathBuf>,
}

impl Apart {
    /// The root of the site, which is trusted.
    pub(super) fn root(&self, root: Option<PathBuf>) -> Result<PathBuf, Failure> {
        match (&self.trusted, root) {
            (Some(_), Some(_)) => Err(Failure::Usage(
                "`--trusted` and `--root` both name the folder of the site. Give one of them.".to_string(),
            )),
            (Some(trusted), None) => Ok(trusted.clone()),
            (None, root) => super::root(root),
        }
    }

    /// Reads the content from where it is.
    pub(super) fn on(&self, options: LoadOptions) -> LoadOptions {
        LoadOptions { content: self.content.clone(), ..options }
    }
}
