//! Everything that is known and not rendered: what is said of it, and what to write instead.

/// Declares each kind of markup once: its variant, what is said of it, what to do.
macro_rules! constructs {
    ($($variant:ident = $message:literal, $help:literal;)+) => {
        /// A kind of markup that is not rendered.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Construct { $($variant,)+ }

        impl Construct {
            /// What is said of it.
            pub(crate) const fn message(self) -> &'static str {
                match self { $(Construct::$variant => $message,)+ }
            }

            /// What to write instead.
            pub(crate) const fn help(self) -> &'static str {
                match self { $(Construct::$variant => $help,)+ }
            }
        }
    };
}

constructs! {
    WikiLink = "`[[…]]` is a link of a wiki; it is shown as typed and leads nowhere",
        "Write `[text](page.md)` with the path of the file, in angle brackets where it has spaces: `[text](<My page.md>)`.";
    Embed = "`![[…]]` puts a file in in other programs; it is shown as typed",
        "Write `![What it shows](picture.png)` for a picture, and a link `[text](page.md)` for a page.";
    Container = "`:::` begins a container of other programs; its signs are shown as typed",
        "Write an alert: `> [!NOTE]`, and `> ` before each line of its text.";
    Admonition = "`!!!` and `???` begin a note of MkDocs; they are shown as typed, and what is indented below may become code",
        "Write an alert: `> [!NOTE]`, and `> ` before each line of its text. For what folds write `<details><summary>`.";
    Tabs = "`===` begins a tab of MkDocs; it is shown as typed, and what is indented below may become code",
        "Write a heading, and the text below it without indentation.";
    Callout = "Only `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]` and `[!CAUTION]` alone in their line are alerts; this one is shown as a quotation",
        "Choose one of them, and put a title into the next line in bold: `> **Title**`.";
    Shortcode = "`{{< … >}}` and `{{% … %}}` are shortcodes of Hugo; they are shown as typed",
        "Write what it stands for as markdown: a link, an image or a block of code. If it is meant as text, put it between backticks.";
    Tag = "`{% … %}` is a tag of a template; nothing in content is a template, so it is shown as typed",
        "Write what it stands for as markdown. If it is meant as text, put it between backticks.";
    Variable = "`{{ … }}` is a value of a template; nothing in content is a template, so it is shown as typed",
        "Write the value itself. If it is meant as text, put it between backticks.";
    Include = "This puts another file in in other programs; it is shown as typed",
        "Write a link to the file, `[text](page.md)`, or its text.";
    Toc = "This stands for a table of contents in other programs; it is shown as typed",
        "Leave it out.";
    Attributes = "`{: …}` and `{.class}` are attributes of kramdown or Pandoc; they are shown as typed",
        "Leave them out. The id of a heading can stay: `## Title {#id}`.";
    Comment = "`%%…%%` is a comment of Obsidian; here everybody can read it",
        "Write `<!-- … -->`, or leave it out.";
    Highlight = "`==…==` marks text in other programs; it is shown as typed",
        "Write `<mark>…</mark>`, or `**…**`.";
    Formula = "`$…$` and `\\(…\\)` are formulas in other programs; they are shown as typed",
        "Write it between backticks, or show it as a picture with a description.";
    Diagram = "A diagram is not drawn: its text is shown as code",
        "Add a picture of it with a description: `![What it shows](diagram.svg)`. The text can stay.";
    Query = "A block of another program is not run: its text is shown as code",
        "Write the list or the table that it makes, or an alert: `> [!NOTE]`.";
    BlockId = "`^…` at the end of a block is its name in Obsidian; it is shown as typed",
        "Leave it out. Links lead to headings: `page.md#heading`.";
    InlineTag = "`#tag` in the text is no tag; it is shown as typed",
        "Write `tags: [one, two]` between the `---` lines at the top of the file.";
    Field = "`name:: value` is a field of Obsidian or Logseq; it is shown as typed",
        "Write `name: value` between the `---` lines at the top of the file, or a sentence.";
    Icon = "`:name:` is a symbol in other programs; it is shown as typed",
        "Type or paste the emoji itself, or leave it out.";
    Jsx = "JSX is only read in `.mdx` files; here its tags are shown as typed",
        "Rename the file to end in `.mdx`, or write the text as markdown.";
    Module = "`import` and `export` belong to MDX; in a `.md` file they are shown as typed",
        "Rename the file to end in `.mdx`, or leave the lines out.";
    Footnote = "This footnote has no text, so its mark is shown as typed",
        "Add a line `[^1]: The text.` with the same name, or remove the mark.";
    InlineFootnote = "`^[…]` is a footnote of Pandoc; it is shown as typed",
        "Write `[^1]`, and a line `[^1]: The text.` below.";
    Label = "This link names a label that nothing in the file defines; it is shown as typed",
        "Add a line `[label]: page.md`, or write the address itself: `[text](page.md)`.";
    Role = "This is a role of reStructuredText or MyST; it is shown as typed",
        "Write a link `[text](page.md)`, or code between backticks.";
    Directive = "This is a directive of reStructuredText; it is shown as typed",
        "Write it as markdown: an alert `> [!NOTE]`, an image, or a block of code between lines of ```.";
    Asciidoc = "This looks like AsciiDoc, which is not rendered; it is shown as typed",
        "Turn the file into markdown, for example with `pandoc` from DocBook: `## Title`, `[text](page.md)`.";
    Textile = "This looks like Textile, which is not rendered; it is shown as typed",
        "Turn the file into markdown: `pandoc -f textile -t gfm`.";
    Org = "This looks like Org, which is not rendered; it is shown as typed",
        "Turn the file into markdown: `pandoc -f org -t gfm`.";
    MediaWiki = "This looks like the markup of MediaWiki, which is not rendered; it is shown as typed",
        "Turn the file into markdown: `pandoc -f mediawiki -t gfm`.";
    Metadata = "The file begins with fields that stand between no `---` lines; they are shown as text",
        "Put a line `---` above and one below them: `title: …`, `tags: [one, two]`.";
    Definition = "`: ` below a term is a definition in other programs; it is shown as typed",
        "Write a list: `- **Term**: what it means`.";
    Abbreviation = "`*[…]:` explains an abbreviation in other programs; it is shown as typed",
        "Write `<abbr title=\"…\">` where it is used, or explain it in a sentence.";
    Keys = "`++…++` is a key in MkDocs; it is shown as typed",
        "Write `<kbd>Ctrl</kbd>+<kbd>C</kbd>`.";
    Critic = "`{++ ++}`, `{-- --}` and `{>> <<}` are marks of CriticMarkup; they are shown as typed",
        "Decide what stays, and remove the signs. What is struck out is `~~…~~`.";
    TaskState = "Only `[ ]` and `[x]` are boxes of tasks; this one is shown as typed",
        "Write `- [ ]` or `- [x]`, and say the rest in words.";
    Cells = "A row has more cells than its table has columns; those on the right are left out",
        "Add columns to the first two lines of the table, or write `\\|` for a `|` that belongs to a text, in code too.";
    NoTable = "This is no table: the line of dashes has another number of columns than the line above",
        "Give both lines the same number of columns.";
}
