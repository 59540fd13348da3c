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
    WikiLink = "`[[…]]` is a wiki link; it is shown as typed and leads nowhere",
        "Write `[text](page.md)` with the path of the file, in angle brackets where it has spaces: `[text](<My page.md>)`.";
    Embed = "`![[…]]` embeds a file in other programs; it is shown as typed",
        "Write `![What it shows](picture.png)` for a picture, and a link `[text](page.md)` for a page.";
    Container = "`:::` begins a container in other programs; it is shown as typed",
        "Write an alert: `> [!NOTE]`, and `> ` before each line of its text.";
    Admonition = "`!!!` and `???` begin a note in MkDocs; they are shown as typed, and the indented lines below may \
                  become code",
        "Write an alert: `> [!NOTE]`, and `> ` before each line of its text. For a part that folds, write \
         `<details><summary>`.";
    Tabs = "`===` begins a tab in MkDocs; it is shown as typed, and the indented lines below may become code",
        "Write a heading, and the text below it without indentation.";
    Callout = "Only `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]` and `[!CAUTION]`, alone on their line, are \
               alerts; this one is shown as a quotation",
        "Choose one of them, and put a title on the next line in bold: `> **Title**`.";
    Shortcode = "`{{< … >}}` and `{{% … %}}` are Hugo shortcodes; they are shown as typed",
        "Write what it stands for as markdown: a link, an image or a code block. If it is meant as text, put it \
         between backticks.";
    Tag = "`{% … %}` is a template tag; nothing in content is a template, so it is shown as typed",
        "Write what it stands for as markdown. If it is meant as text, put it between backticks.";
    Variable = "`{{ … }}` is a template value; nothing in content is a template, so it is shown as typed",
        "Write the value itself. If it is meant as text, put it between backticks.";
    Include = "This includes another file in other programs; it is shown as typed",
        "Write a link to the file, `[text](page.md)`, or its text.";
    Toc = "This inserts a table of contents in other programs; it is shown as typed",
        "Remove it.";
    Attributes = "`{: …}` and `{.class}` are attributes in kramdown or Pandoc; they are shown as typed",
        "Remove them. The id of a heading can stay: `## Title {#id}`.";
    Comment = "`%%…%%` is a comment in Obsidian; everybody can read it here",
        "Write `<!-- … -->`, or remove it.";
    Highlight = "`==…==` highlights text in other programs; it is shown as typed",
        "Write `<mark>…</mark>`, or `**…**`.";
    Command = "This is a command of LaTeX; outside of a formula it is shown as typed",
        "Remove it, or put what belongs to a formula between `$$`.";
    Diagram = "A diagram is not drawn; its text is shown as code",
        "Add a picture of it with a description: `![What it shows](diagram.svg)`. The text can stay.";
    Query = "A block of another program is not run; its text is shown as code",
        "Write the list or the table that it makes, or an alert: `> [!NOTE]`.";
    BlockId = "`^…` at the end of a block is its name in Obsidian; it is shown as typed",
        "Remove it. Links lead to headings: `page.md#heading`.";
    InlineTag = "`#tag` in the text is not a tag; it is shown as typed",
        "Write `tags: [one, two]` between the `---` lines at the top of the file.";
    Field = "`name:: value` is a field in Obsidian or Logseq; it is shown as typed",
        "Write `name: value` between the `---` lines at the top of the file, or a sentence.";
    Icon = "`:name:` is an icon in other programs, but no emoji of this name is known; it is shown as typed",
        "Type or paste the emoji itself, or remove it.";
    Jsx = "JSX is only read in `.mdx` files; here its tags are shown as typed",
        "Rename the file to end in `.mdx`, or write the text as markdown.";
    Module = "`import` and `export` belong to MDX; in a `.md` file they are shown as typed",
        "Rename the file to end in `.mdx`, or remove the lines.";
    Footnote = "This footnote has no text, so its mark is shown as typed",
        "Add a line `[^1]: The text.` with the same name, or remove the mark.";
    InlineFootnote = "`^[…]` is a footnote in Pandoc; it is shown as typed",
        "Write `[^1]`, and a line `[^1]: The text.` below.";
    Label = "This link names a label that is not defined in the file; it is shown as typed",
        "Add a line `[label]: page.md`, or write the address itself: `[text](page.md)`.";
    Role = "This is a role of reStructuredText or MyST; it is shown as typed",
        "Write a link `[text](page.md)`, or code between backticks.";
    Directive = "This is a directive of reStructuredText; it is shown as typed",
        "Write it as markdown: an alert `> [!NOTE]`, an image, or a code block between lines of ```.";
    Asciidoc = "This looks like AsciiDoc, which is not rendered; it is shown as typed",
        "Convert the file to markdown, for example with `pandoc` from DocBook: `## Title`, `[text](page.md)`.";
    Textile = "This looks like Textile, which is not rendered; it is shown as typed",
        "Convert the file to markdown: `pandoc -f textile -t gfm`.";
    Org = "This looks like Org, which is not rendered; it is shown as typed",
        "Convert the file to markdown: `pandoc -f org -t gfm`.";
    MediaWiki = "This looks like the markup of MediaWiki, which is not rendered; it is shown as typed",
        "Convert the file to markdown: `pandoc -f mediawiki -t gfm`.";
    Metadata = "The file begins with fields that are not between `---` lines; they are shown as text",
        "Put a line `---` above and below them: `title: …`, `tags: [one, two]`.";
    Definition = "`: ` below a term is a definition in other programs; it is shown as typed",
        "Write a list: `- **Term**: what it means`.";
    Abbreviation = "`*[…]:` explains an abbreviation in other programs; it is shown as typed",
        "Write `<abbr title=\"…\">` where it is used, or explain it in a sentence.";
    Keys = "`++…++` is a key in MkDocs; it is shown as typed",
        "Write `<kbd>Ctrl</kbd>+<kbd>C</kbd>`.";
    Critic = "`{++ ++}`, `{-- --}` and `{>> <<}` are CriticMarkup; they are shown as typed",
        "Decide what stays, and remove the signs. To strike text out, write `~~…~~`.";
    TaskState = "Only `[ ]` and `[x]` are task boxes; this one is shown as typed",
        "Write `- [ ]` or `- [x]`, and say the rest in words.";
    Cells = "A row has more cells than its table has columns; the cells on the right are left out",
        "Add columns to the first two lines of the table, or write `\\|` for a `|` that is part of the text, in \
         code too.";
    NoTable = "This is not a table: the line of dashes does not have as many columns as the line above",
        "Give both lines the same number of columns.";
}
