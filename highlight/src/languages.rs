//! What the lexer has to know of a language: how comments and strings look, and its words.

mod further;

use further::FURTHER;

/// One language, or several that are written alike.
pub(super) struct Rules {
    /// What people write after the fence.
    names: &'static [&'static str],
    /// What begins a comment that ends with its line.
    pub line_comments: &'static [&'static str],
    /// What a comment of several lines begins and ends with.
    pub block_comment: Option<(&'static str, &'static str)>,
    /// Longer openings before the shorter ones they begin with.
    pub quotes: &'static [Quote],
    /// Sorted, like all lists of words; in lower case where `FOLD` is set.
    pub keywords: &'static [&'static str],
    pub constants: &'static [&'static str],
    pub types: &'static [&'static str],
    /// What else is special.
    pub traits: u32,
}

/// A string.
pub(super) struct Quote {
    pub open: &'static str,
    pub close: &'static str,
    /// Whether `\` takes away the meaning of the next character.
    pub escapes: bool,
    /// Whether it may go on over the end of the line.
    pub lines: bool,
    /// Whether `$name` and `${…}` in it are variables.
    pub holes: bool,
}

/// A word that begins with a capital letter is a type, one of capitals alone a constant.
pub(super) const CAPITALS: u32 = 1;
/// A word before `(` is a function.
pub(super) const CALLS: u32 = 1 << 1;
/// `$name` is a variable.
pub(super) const DOLLAR: u32 = 1 << 2;
/// The first word of a command is a function, `-x` an option.
pub(super) const SHELL: u32 = 1 << 3;
/// Keywords may be written in capitals.
pub(super) const FOLD: u32 = 1 << 4;
/// `/…/` where a value is expected is a string.
pub(super) const REGEX: u32 = 1 << 5;
/// `@name` is an attribute.
pub(super) const AT: u32 = 1 << 6;
/// Raw strings, lifetimes, macros and `#[attributes]`.
pub(super) const RUST: u32 = 1 << 7;
/// A string before `:` is a key.
pub(super) const STRING_KEYS: u32 = 1 << 8;
/// `:name` is a constant, and names may end in `?` and `!`.
pub(super) const SYMBOLS: u32 = 1 << 9;
/// `key:` begins a line.
pub(super) const COLON_KEYS: u32 = 1 << 10;
/// `key =` begins a line, `[section]` is a heading.
pub(super) const EQUALS_KEYS: u32 = 1 << 11;
/// Letters directly before a quotation mark belong to the string.
pub(super) const PREFIXES: u32 = 1 << 12;
/// Lines are added, removed or neither.
pub(super) const DIFF: u32 = 1 << 13;
/// A line that begins with `#` is for the preprocessor.
pub(super) const PREPROCESSOR: u32 = 1 << 14;

/// `-name` after a space is an option.
pub(super) const OPTIONS: u32 = 1 << 15;
/// A dash between two letters belongs to the word.
pub(super) const DASHES: u32 = 1 << 16;
/// A comment begins only after a space, so that an address may hold its sign.
pub(super) const SPACED: u32 = 1 << 17;

/// The rules of the language of this name, in lower case.
pub(super) fn find(name: &str) -> Option<&'static Rules> {
    ALL.iter().chain(FURTHER).find(|rules| rules.names.contains(&name))
}

/// All names of all languages here.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().chain(FURTHER).flat_map(|rules| rules.names.iter().copied())
}

const fn quote(open: &'static str, lines: bool, holes: bool) -> Quote {
    Quote { open, close: open, escapes: true, lines, holes }
}

const fn verbatim(open: &'static str, lines: bool) -> Quote {
    Quote { open, close: open, escapes: false, lines, holes: false }
}

const DOUBLE: Quote = quote("\"", false, false);
const SINGLE: Quote = quote("'", false, false);
const NONE: Rules = Rules {
    names: &[],
    line_comments: &[],
    block_comment: None,
    quotes: &[],
    keywords: &[],
    constants: &[],
    types: &[],
    traits: 0,
};
const LIKE_C: Rules = Rules {
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: &[DOUBLE, SINGLE],
    traits: CAPITALS | CALLS,
    ..NONE
};

#[rustfmt::skip]
static ALL: &[Rules] = &[
    Rules {
        names: &[
            "bash", "sh", "shell", "zsh", "console", "terminal", "shell-session", "shellsession", "shellscript", "ksh",
            "mksh", "csh", "tcsh", "dash", "nu", "nushell", "xonsh", "elvish", "bats", "bash-session", "sh-session",
            "zsh-session", "shell-script", "session", "term", "cli", "command-line", "commandline", "azurecli",
            "azure-cli", "awscli", "aws-cli",
        ],
        line_comments: &["#"],
        quotes: &[quote("\"", true, true), verbatim("'", true), quote("`", true, true)],
        keywords: &[
            "case", "coproc", "do", "done", "elif", "else", "esac", "exit", "export", "fi", "for", "function", "if",
            "in",
            "local", "readonly", "return", "select", "set", "source", "then", "trap", "unset", "until", "while",
        ],
        traits: SHELL | DOLLAR,
        ..NONE
    },
    Rules {
        names: &[
            "python", "py", "python3", "pycon", "py2", "python2", "ipython", "ipython3", "jupyter", "sage", "starlark",
            "mojo", "python-repl", "python-console", "pytb",
        ],
        line_comments: &["#"],
        quotes: &[quote("\"\"\"", true, false), quote("'''", true, false), DOUBLE, SINGLE],
        keywords: &[
            "and", "as", "assert", "async", "await", "break", "case", "class", "continue", "def", "del", "elif", "else",
            "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "match", "nonlocal",
            "not",
            "or", "pass", "raise", "return", "try", "while", "with", "yield",
        ],
        constants: &["False", "None", "True", "__name__", "cls", "self"],
        types: &["bool", "bytes", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple"],
        traits: CAPITALS | CALLS | AT | PREFIXES,
        ..NONE
    },
    Rules {
        // What rustdoc allows in place of the language too.
        names: &["rust", "rs", "ignore", "no_run", "should_panic", "compile_fail"],
        quotes: &[quote("\"", true, false)],
        keywords: &[
            "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "fn", "for",
            "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "static",
            "struct",
            "super", "trait", "type", "union", "unsafe", "use", "where", "while", "yield",
        ],
        constants: &["Err", "None", "Ok", "Self", "Some", "false", "self", "true"],
        types: &[
            "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32",
            "u64",
            "u8", "usize",
        ],
        traits: CAPITALS | CALLS | RUST,
        ..LIKE_C
    },
    Rules {
        names: &[
            "javascript", "js", "mjs", "cjs", "jsx", "typescript", "ts", "tsx", "node", "groq", "mts", "cts",
            "javascriptreact", "typescriptreact", "es6", "ecmascript", "deno", "bun", "flow", "mongodb", "mongo",
            "mongosh", "rescript", "res",
        ],
        quotes: &[DOUBLE, SINGLE, quote("`", true, false)],
        keywords: &[
            "abstract", "any", "as", "async", "await", "break", "case", "catch", "class", "const", "continue",
            "debugger",
            "declare", "default", "delete", "do", "else", "enum", "export", "extends", "finally", "for", "from",
            "function",
            "get", "if", "implements", "import", "in", "instanceof", "interface", "keyof", "let", "namespace", "new",
            "of",
            "private", "protected", "public", "readonly", "return", "satisfies", "set", "static", "switch", "throw",
            "try",
            "type", "typeof", "var", "void", "while", "with", "yield",
        ],
        constants: &["Infinity", "NaN", "false", "null", "super", "this", "true", "undefined"],
        types: &["bigint", "boolean", "never", "number", "object", "string", "symbol", "unknown"],
        traits: CAPITALS | CALLS | REGEX | AT,
        ..LIKE_C
    },
    Rules {
        names: &[
            "json", "jsonc", "json5", "jsonl", "ndjson", "geojson", "webmanifest", "json-with-comments", "jsonld",
            "json-ld", "topojson", "avsc", "avro", "elasticsearch", "har", "sarif", "hjson", "vega", "vega-lite",
        ],
        constants: &["false", "null", "true"],
        traits: STRING_KEYS,
        ..LIKE_C
    },
    Rules {
        names: &[
            "yaml", "yml", "compose", "docker-compose", "kubernetes", "k8s", "openapi", "swagger", "ansible",
            "cloudformation", "github-actions", "gitlab-ci", "azure-pipelines", "salt", "saltstack", "sls", "sigma",
            "taskfile", "frontmatter", "front-matter", "cff", "robots", "robots.txt",
        ],
        line_comments: &["#"],
        quotes: &[DOUBLE, verbatim("'", true)],
        constants: &["false", "no", "null", "off", "on", "true", "yes", "~"],
        traits: COLON_KEYS,
        ..NONE
    },
    Rules {
        names: &[
            "toml", "ini", "cfg", "conf", "editorconfig", "gitconfig", "dotenv", "env", "properties", "systemd",
            "service", "unit", "npmrc", "yarnrc", "cargo", "pyproject", "poetry", "strings", "wireguard",
        ],
        line_comments: &["#", ";"],
        quotes: &[quote("\"\"\"", true, false), verbatim("'''", true), DOUBLE, verbatim("'", false)],
        constants: &["false", "no", "off", "on", "true", "yes"],
        traits: EQUALS_KEYS,
        ..NONE
    },
    Rules {
        names: &[
            "sql", "postgresql", "postgres", "psql", "pgsql", "mysql", "sqlite", "sqlite3", "plpgsql", "tsql",
            "mariadb", "t-sql", "plsql", "pl-sql", "mssql", "oracle", "soql", "hql", "hiveql", "cql", "n1ql",
            "snowflake", "bigquery", "redshift", "duckdb", "clickhouse", "sparksql", "spark-sql", "influxql", "esql",
            "edgeql", "surql", "surrealql",
        ],
        line_comments: &["--"],
        block_comment: Some(("/*", "*/")),
        quotes: &[verbatim("'", true), verbatim("\"", false), verbatim("`", false)],
        keywords: &[
            "add", "all", "alter", "analyze", "and", "any", "as", "asc", "before", "begin", "between", "by", "cascade",
            "case", "check", "column", "commit", "concurrently", "conflict", "constraint", "create", "cross",
            "current_date",
            "current_timestamp", "database", "declare", "default", "delete", "desc", "distinct", "do", "drop", "each",
            "else", "end", "except", "exclude", "execute", "exists", "explain", "extension", "fetch", "filter", "first",
            "for", "foreign", "from", "full", "function", "generated", "grant", "group", "having", "if", "ilike", "in",
            "index", "inner", "insert", "intersect", "interval", "into", "is", "join", "key", "language", "last",
            "lateral",
            "left", "like", "limit", "lock", "materialized", "natural", "not", "nothing", "nulls", "offset", "on",
            "only",
            "or", "order", "outer", "over", "partition", "primary", "procedure", "recursive", "references", "rename",
            "replace", "restrict", "returning", "returns", "revoke", "right", "rollback", "row", "rows", "schema",
            "select",
            "set", "show", "similar", "start", "table", "temp", "temporary", "then", "to", "transaction", "trigger",
            "truncate", "union", "unique", "update", "using", "vacuum", "values", "view", "when", "where", "window",
            "with",
            "within",
        ],
        constants: &["false", "null", "true"],
        types: &[
            "bigint", "bigserial", "blob", "boolean", "bytea", "char", "character", "date", "decimal", "double",
            "float",
            "inet", "int", "integer", "json", "jsonb", "numeric", "precision", "real", "serial", "smallint", "text",
            "time",
            "timestamp", "timestamptz", "tinyint", "uuid", "varchar", "varying",
        ],
        traits: FOLD | CALLS,
    },
    Rules {
        names: &["go", "golang"],
        quotes: &[DOUBLE, SINGLE, verbatim("`", true)],
        keywords: &[
            "break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func",
            "go",
            "goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch",
            "type",
            "var",
        ],
        constants: &["false", "iota", "nil", "true"],
        types: &[
            "any", "bool", "byte", "complex128", "complex64", "error", "float32", "float64", "int", "int16", "int32",
            "int64",
            "int8", "rune", "string", "uint", "uint16", "uint32", "uint64", "uint8", "uintptr",
        ],
        ..LIKE_C
    },
    Rules {
        names: &["java", "kotlin", "kt", "kts", "scala", "groovy", "gradle", "dart", "jshell", "gradle-kts"],
        quotes: &[quote("\"\"\"", true, false), DOUBLE, SINGLE],
        keywords: &[
            "abstract", "as", "assert", "break", "by", "case", "catch", "class", "companion", "const", "continue",
            "data",
            "def", "default", "do", "else", "enum", "export", "extends", "extension", "final", "finally", "for", "fun",
            "if", "implements", "implicit", "import", "in", "init", "instanceof", "interface", "internal", "is", "late",
            "lateinit", "lazy", "library", "match", "mixin", "module", "native", "new", "object", "open", "operator",
            "override", "package", "part", "permits", "private", "protected", "public", "record", "required", "return",
            "sealed", "static", "strictfp", "super", "suspend", "switch", "synchronized", "this", "throw", "throws",
            "trait",
            "transient", "try", "typealias", "typedef", "val", "var", "void", "volatile", "when", "where", "while",
            "with",
            "yield",
        ],
        constants: &["false", "null", "true"],
        types: &["boolean", "byte", "char", "double", "dynamic", "float", "int", "long", "num", "short"],
        traits: CAPITALS | CALLS | AT,
        ..LIKE_C
    },
    Rules {
        names: &[
            "c", "h", "cpp", "c++", "cc", "cxx", "hpp", "objc", "objective-c", "arduino", "ino", "glsl", "cuda", "cu",
            "hlsl", "metal", "cg", "shaderlab", "opencl", "ispc", "obj-c", "objectivec", "objcpp", "objective-cpp",
        ],
        keywords: &[
            "alignas", "alignof", "asm", "auto", "break", "case", "catch", "class", "co_await", "co_return", "co_yield",
            "concept", "const", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete",
            "do",
            "else", "enum", "explicit", "export", "extern", "final", "for", "friend", "goto", "if", "inline", "mutable",
            "namespace", "new", "noexcept", "operator", "override", "private", "protected", "public", "register",
            "requires", "restrict", "return", "sizeof", "static", "static_assert", "static_cast", "struct", "switch",
            "template", "this", "throw", "try", "typedef", "typeid", "typename", "union", "using", "virtual",
            "volatile",
            "while",
        ],
        constants: &["NULL", "false", "nullptr", "true"],
        types: &[
            "bool", "char", "char16_t", "char32_t", "double", "float", "int", "int16_t", "int32_t", "int64_t", "int8_t",
            "long", "short", "signed", "size_t", "ssize_t", "string", "uint16_t", "uint32_t", "uint64_t", "uint8_t",
            "unsigned", "vector", "void", "wchar_t",
        ],
        traits: CAPITALS | CALLS | PREPROCESSOR,
        ..LIKE_C
    },
    Rules {
        names: &["csharp", "cs", "c#", "linq"],
        quotes: &[
            quote("\"\"\"", true, false),
            Quote { open: "@\"", close: "\"", escapes: false, lines: true, holes: false },
            Quote { open: "$\"", close: "\"", escapes: true, lines: false, holes: false },
            DOUBLE,
            SINGLE,
        ],
        keywords: &[
            "abstract", "as", "async", "await", "base", "break", "case", "catch", "checked", "class", "const",
            "continue",
            "default", "delegate", "do", "else", "enum", "event", "explicit", "extern", "finally", "fixed", "for",
            "foreach", "get", "goto", "if", "implicit", "in", "init", "interface", "internal", "is", "lock",
            "namespace",
            "new", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "record",
            "ref",
            "required", "return", "sealed", "set", "sizeof", "static", "struct", "switch", "this", "throw", "try",
            "typeof",
            "unchecked", "unsafe", "using", "var", "virtual", "volatile", "when", "where", "while", "with", "yield",
        ],
        constants: &["false", "null", "true"],
        types: &[
            "bool", "byte", "char", "decimal", "double", "dynamic", "float", "int", "long", "nint", "object", "sbyte",
            "short", "string", "uint", "ulong", "ushort", "void",
        ],
        traits: CAPITALS | CALLS | PREPROCESSOR,
        ..LIKE_C
    },
    Rules {
        names: &["ruby", "rb", "irb", "rake", "gemfile", "chef"],
        line_comments: &["#"],
        block_comment: Some(("=begin", "=end")),
        quotes: &[quote("\"", true, false), quote("'", true, false), quote("`", false, false)],
        keywords: &[
            "alias", "and", "begin", "break", "case", "class", "def", "defined?", "do", "else", "elsif", "end",
            "ensure",
            "extend", "for", "if", "in", "include", "loop", "module", "next", "not", "or", "prepend", "private",
            "protected", "public", "raise", "redo", "require", "require_relative", "rescue", "retry", "return", "super",
            "then", "undef", "unless", "until", "when", "while", "yield",
        ],
        constants: &["false", "nil", "self", "true"],
        traits: CAPITALS | CALLS | SYMBOLS | REGEX | AT | DOLLAR,
        ..NONE
    },
    Rules {
        names: &["elixir", "ex", "exs", "iex"],
        line_comments: &["#"],
        quotes: &[quote("\"\"\"", true, false), quote("\"", true, false), SINGLE],
        keywords: &[
            "after", "alias", "and", "case", "catch", "cond", "def", "defdelegate", "defexception", "defguard",
            "defimpl",
            "defmacro", "defmodule", "defp", "defprotocol", "defstruct", "do", "else", "end", "fn", "for", "if",
            "import",
            "in", "not", "or", "quote", "raise", "receive", "require", "rescue", "super", "throw", "try", "unless",
            "unquote", "use", "when", "with",
        ],
        constants: &["__MODULE__", "false", "nil", "true"],
        traits: CAPITALS | CALLS | SYMBOLS | AT,
        ..NONE
    },
    Rules {
        names: &["lua", "luau", "moonscript", "moon"],
        line_comments: &["--"],
        block_comment: Some(("--[[", "]]")),
        quotes: &[DOUBLE, SINGLE, Quote { open: "[[", close: "]]", escapes: false, lines: true, holes: false }],
        keywords: &[
            "and", "break", "do", "else", "elseif", "end", "for", "function", "goto", "if", "in", "local", "not", "or",
            "repeat", "return", "then", "until", "while",
        ],
        constants: &["false", "nil", "self", "true"],
        traits: CALLS,
        ..NONE
    },
    Rules {
        names: &["swift"],
        quotes: &[quote("\"\"\"", true, false), DOUBLE],
        keywords: &[
            "actor", "any", "as", "associatedtype", "async", "await", "break", "case", "catch", "class", "continue",
            "convenience", "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough",
            "fileprivate",
            "final", "for", "func", "get", "guard", "if", "import", "in", "indirect", "init", "inout", "internal", "is",
            "lazy", "let", "mutating", "open", "operator", "override", "private", "protocol", "public", "repeat",
            "required", "return", "set", "some", "static", "struct", "subscript", "switch", "throw", "throws", "try",
            "typealias", "unowned", "var", "weak", "where", "while",
        ],
        constants: &["Self", "false", "nil", "self", "super", "true"],
        traits: CAPITALS | CALLS | AT,
        ..LIKE_C
    },
    Rules {
        names: &["php-code", "php8-code"],
        line_comments: &["//", "#"],
        quotes: &[quote("\"", true, true), quote("'", true, false)],
        keywords: &[
            "abstract", "and", "array", "as", "break", "callable", "case", "catch", "class", "clone", "const",
            "continue",
            "declare", "default", "do", "echo", "else", "elseif", "empty", "enum", "exit", "extends", "final",
            "finally",
            "fn", "for", "foreach", "function", "global", "goto", "if", "implements", "include", "include_once",
            "instanceof", "insteadof", "interface", "isset", "list", "match", "namespace", "new", "or", "print",
            "private",
            "protected", "public", "readonly", "require", "require_once", "return", "static", "switch", "throw",
            "trait",
            "try", "unset", "use", "var", "while", "xor", "yield",
        ],
        constants: &["false", "null", "parent", "self", "true"],
        types: &["bool", "float", "int", "iterable", "mixed", "never", "object", "string", "void"],
        traits: CAPITALS | CALLS | DOLLAR,
        ..LIKE_C
    },
    Rules { names: &["diff", "patch", "udiff", "git-diff"], traits: DIFF, ..NONE },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_names_are_given_once() {
        let mut names: Vec<&str> = Vec::new();
        for rules in ALL.iter().chain(FURTHER) {
            for words in [rules.keywords, rules.constants, rules.types] {
                assert!(words.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", rules.names);
            }
            names.extend(rules.names);
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
