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
    Container = "This `:::` is shown as typed: a container has an end, and stands outside of quotations",
        "Write a line `:::` below it, or an alert: `> [!NOTE]`, and `> ` before each line of its text.";
    Admonition = "This `!!!` or `???` is shown as typed: a note of MkDocs begins its line, outside of quotations",
        "Write an alert: `> [!NOTE]`, and `> ` before each line of its text.";
    Tabs = "This `===` is shown as typed: a tab of MkDocs begins its line, outside of quotations",
        "Write a heading, and the text below it without indentation.";
    Variable = "`{{ … }}` is a template value; nothing in content is a template, so it is shown as typed",
        "Write the value itself. If it is meant as text, put it between backticks.";
    Include = "This includes another file in other programs; it is shown as typed",
        "Write a link to the file, `[text](page.md)`, or its text.";
    Toc = "This inserts a table of contents where it has a line to itself; here it is shown as typed",
        "Remove it. A page has its own.";
    Attributes = "`{: …}` and `{.class}` are attributes in kramdown or Pandoc; here they are shown as typed",
        "Remove them. They can stand behind a picture or a link, and in a line of their own.";
    Command = "This is a command of LaTeX; outside of a formula it is shown as typed",
        "Remove it, or put what belongs to a formula between `$$`.";
    Diagram = "A diagram is not drawn; its text is shown as code",
        "Add a picture of it with a description: `![What it shows](diagram.svg)`. The text can stay.";
    Query = "A block of another program is not run; its text is shown as code",
        "Write the list or the table that it makes, or an alert: `> [!NOTE]`.";
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
