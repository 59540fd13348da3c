//! What may stand in a file of names and values: every name, what it takes, and what it means.
//!
//! One table for three readers: the code that reads the file (each table is an enum, so that a `match` over
//! it names every key and no other), the JSON Schema for editors, and the reference in the documentation.

/// What names are called that stand for people.
pub const HANDLE: &str = "handle";

/// A name and what belongs after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// The name, as people write it.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What holds without it, as YAML; empty where nothing does, or where that cannot be written.
    pub default: &'static str,
    /// A whole file, as small as can be, in which the key stands rightly.
    pub example: &'static str,
    /// What it says and does, in sentences.
    pub about: &'static str,
}

/// What belongs after a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Takes {
    /// One text, kept as typed.
    Text,
    /// A list of texts, or one text with commas.
    Texts,
    /// Somebody, by handle.
    Person,
    /// Several of them, or one text with commas.
    People,
    /// A list of texts, or one text in which commas mean nothing.
    Sentences,
    /// `true` or `false`, `yes` or `no`, `on` or `off`.
    Flag,
    /// A whole number from the first to the second.
    Number(i64, i64),
    /// Any number, with digits after a point.
    Decimal,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A day.
    Day,
    /// A number of days, weeks, months or years.
    Period,
    /// A language tag (BCP 47).
    Language,
    /// Several of them.
    Languages,
    /// A time zone by its name in the IANA database.
    TimeZone,
    /// The address of a whole site.
    Address,
    /// Several of them.
    Addresses,
    /// Addresses of hosts, without a path.
    Origins,
    /// Names of hosts.
    Hosts,
    /// The name of a folder, without slashes.
    FolderName,
    /// The path of a folder from the site's root.
    Folder,
    /// An address with `{path}` or `{file}` in it.
    Pattern,
    /// `true`, `false`, or a text that says more.
    MarkOrText,
    /// `yes, WHO, DATE`.
    Consent,
    /// A list of `handle [version] [date]`.
    Confirmations,
    /// Addresses, each with or without a word for it.
    Links,
    /// Texts with the address that each leads to.
    Menu,
    /// These names.
    Map(&'static [Key]),
    /// These names, and any other with one text.
    Open(&'static [Key]),
    /// Names of one's own, described by the first, each with what the second is. Those that are [`HANDLE`] are people.
    Named(&'static str, &'static Takes),
    /// A list of such maps.
    List(&'static [Key]),
    /// Rules by their names, each with a level.
    Rules,
    /// Any of these.
    Either(&'static [Takes]),
}

/// A table of keys as an enum.
pub trait Keys: Copy + PartialEq + 'static {
    /// Every key, in the order in which people are told of them.
    const ALL: &'static [(Self, Key)];

    /// The same without the enum.
    const KEYS: &'static [Key];

    /// The key of exactly this name.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, key)| key.name == name).map(|(variant, _)| *variant)
    }
}

/// Declares a table of [`Keys`]: variant, name, what it takes, default, example, meaning.
macro_rules! keys {
    ($(#[doc = $doc:literal])+ $name:ident {
        $($variant:ident = $key:literal, $takes:expr, $default:expr, $example:literal, $about:expr;)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $(#[doc = $about] $variant,)+ }

        impl $crate::yaml::key::Keys for $name {
            const ALL: &'static [(Self, $crate::yaml::key::Key)] = &[$((
                $name::$variant,
                $crate::yaml::key::Key {
                    name: $key,
                    takes: $takes,
                    default: $default,
                    example: $example,
                    about: $about,
                },
            ),)+];

            const KEYS: &'static [$crate::yaml::key::Key] = {
                const COUNT: usize = [$($key),+].len();
                const ARRAY: [$crate::yaml::key::Key; COUNT] = {
                    let mut keys = [<$name as $crate::yaml::key::Keys>::ALL[0].1; COUNT];
                    let mut at = 0;
                    while at < COUNT {
                        keys[at] = <$name as $crate::yaml::key::Keys>::ALL[at].1;
                        at += 1;
                    }
                    keys
                };
                &ARRAY
            };
        }
    };
}

pub(crate) use keys;
