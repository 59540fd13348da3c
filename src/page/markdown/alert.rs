//! The kinds of alerts: by which names people write them, how each is drawn, and which word is its title where its
//! author wrote none.

use std::borrow::Cow;

/// Declares each kind once: its class, its English title, and the names by which people write it.
macro_rules! alerts {
    ($($kind:ident, $class:literal, $english:literal, [$($name:literal),+];)+) => {
        /// The kinds of alerts. GitHub has the five whose class is their name; the others are those of Obsidian,
        /// Docusaurus, MkDocs and their like.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Alert { $($kind,)+ }

        impl Alert {
            /// All kinds, in the order of their declaration.
            pub const ALL: &[Alert] = &[$(Alert::$kind,)+];

            /// The kind that a name means, in whatever case it is written.
            #[must_use]
            pub fn of(name: &str) -> Option<Alert> {
                Some(match name.to_ascii_lowercase().as_str() {
                    $($($name)|+ => Alert::$kind,)+
                    _ => return None,
                })
            }

            /// Whether GitHub has a kind of this name.
            #[must_use]
            pub fn is_of_host(name: &str) -> bool {
                ["note", "tip", "important", "warning", "caution"].iter().any(|it| it.eq_ignore_ascii_case(name))
            }

            /// The end of its class: kinds of one class look the same.
            #[must_use]
            pub const fn class(self) -> &'static str {
                match self { $(Alert::$kind => $class,)+ }
            }
        }

        impl Titles {
            /// English.
            pub const ENGLISH: Titles = Titles([$(Cow::Borrowed($english),)+]);
        }
    };
}

alerts! {
    Note, "note", "Note", ["note", "notice", "default", "secondary", "comment", "aside"];
    Info, "note", "Info", ["info", "information"];
    Summary, "note", "Summary", ["abstract", "summary", "tldr"];
    Todo, "note", "To do", ["todo"];
    Example, "note", "Example", ["example"];
    SeeAlso, "note", "See also", ["seealso", "see-also"];
    Tip, "tip", "Tip", ["tip"];
    Hint, "tip", "Hint", ["hint"];
    Important, "important", "Important", ["important"];
    Warning, "warning", "Warning", ["warning", "warn", "alert"];
    Attention, "warning", "Attention", ["attention"];
    Caution, "caution", "Caution", ["caution"];
    Success, "success", "Success", ["success", "check", "done"];
    Question, "question", "Question", ["question", "help", "faq"];
    Danger, "danger", "Danger", ["danger", "critical"];
    Failure, "danger", "Failure", ["failure", "fail", "missing"];
    Error, "danger", "Error", ["error"];
    Bug, "danger", "Bug", ["bug"];
    Quote, "quote", "Quote", ["quote", "cite"];
    Details, "note", "Details", ["details", "collapse", "expand", "spoiler"];
}

/// The title of each kind in the language of the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Titles([Cow<'static, str>; Alert::ALL.len()]);

impl Titles {
    /// The titles that this gives for each kind.
    pub fn new(title: impl Fn(Alert) -> String) -> Titles {
        Titles(std::array::from_fn(|at| Cow::Owned(title(Alert::ALL[at]))))
    }

    /// The title of a kind.
    #[must_use]
    pub fn of(&self, alert: Alert) -> &str {
        &self.0[alert as usize]
    }
}
