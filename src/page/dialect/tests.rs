use super::*;

fn markdown(text: &str) -> String {
    read(text).rewritten.text
}

/// The lines that are not empty, without the signs of quotations that are.
fn lines(text: &str) -> Vec<String> {
    let read = markdown(text);
    let is_empty = |line: &str| line.trim_matches(['>', ' ']).is_empty();
    read.lines().map(|line| line.trim_end().to_string()).filter(|line| !is_empty(line)).collect()
}

#[test]
fn markdown_without_any_of_it_is_as_it_was() {
    let text = "# Title\n\nText `{{< x >}}` and %% 100 %.\n\n    ::: code\n\n```md\n:::note\n!!! note\n{{< x >}}\n```\n\n- a\n\n  - b\n\n> [!NOTE]\n> Text\n\n$$\nx ^ab\n$$\n\nIt is so!!! And == is.\n";
    assert_eq!(markdown(text), text);
}

#[test]
fn containers_become_quotations() {
    for (text, expected) in [
        (":::note\nA\n\nB\n:::\nC", "> [!note]\n> A\n> B\nC"),
        ("::: tip A *title*\nA\n:::", "> [!tip] A *title*\n> A"),
        (":::caution[Take care]{#x}\nA\n:::", "> [!caution] Take care\n> A"),
        ("::::info\n:::danger\nA\n:::\nB\n::::", "> [!info]\n> > [!danger]\n> > A\n> B"),
        ("::: {.callout-warning title=\"T\" collapse=\"true\"}\nA\n:::", "> [!warning]- T\n> A"),
        ("- item\n\n  :::tip\n  A\n  :::\n- more", "- item\n  > [!tip]\n  > A\n- more"),
        ("::: details Why\nA\n:::", "> [!details] Why\n> A"),
        (":::unknown\nA\n:::", "A"),
        (":::note\nnever ends", ":::note\nnever ends"),
        ("!!! note \"A **title**\"\n    A\n\n    - B\n\nC", "> [!note] A **title**\n> A\n> - B\nC"),
        ("!!! tip \"\"\n    A", "> [!tip|no-title]\n> A"),
        ("??? info\n\tA\n", "> [!info]-\n> A"),
        ("???+ faq \"Q\"\n    !!! bug\n        A\n    B", "> [!faq]+ Q\n> > [!bug]\n> > A\n> B"),
        (
            "!!! note\n    ```py\n    def f():\n        pass\n    ```",
            "> [!note]\n> ```py\n> def f():\n>     pass\n> ```",
        ),
        (
            "=== \"A\"\n    a\n\n=== \"B\"\n\n    b\nend",
            "> [!=tabs]\n> > [!=tab] A\n> > a\n> > [!=tab] B\n> > b\nend",
        ),
        (":::tabs\n== One\na\n== Two\nb\n:::", "> [!=tabs]\n> > [!=tab] One\n> > a\n> > [!=tab] Two\n> > b"),
        (
            "::: code-group\n```sh [npm]\nnpm i\n```\n```sh [yarn]\nyarn\n```\n:::",
            "> [!=tabs]\n> > [!=tab] npm\n> > ```sh\n> > npm i\n> > ```\n> > [!=tab] yarn\n> > ```sh\n> > yarn\n> > ```",
        ),
        (
            "Term\n: What it means\n\n    more\n\nend",
            "> [!=dl]\n> > [!=dt] Term\n> > [!=dd]\n> > What it means\n> >   more\nend",
        ),
        ("> [!tip]- A *title*\n> A\n", "> [!tip]- A *title*\n> A"),
        ("> [!=tabs] x", "> \\[!=tabs] x"),
        ("{: .note }\nA\nB\n\nC", "> [!note]\n> A\n> B\nC"),
        ("A\n{: .warning}\n\nC", "> [!warning]\n> A\nC"),
    ] {
        assert_eq!(lines(text).join("\n"), expected, "{text}");
    }
}

#[test]
fn tags_become_what_they_are() {
    for (text, expected) in [
        ("{% hint style=\"info\" %}\nA\n{% endhint %}\nB", "> [!info]\n> A\nB"),
        ("{{< notice tip \"T\" >}}A{{< /notice >}}", "> [!tip] T\n> A"),
        ("{{% alert title=\"W\" color=\"warning\" %}}\nA\n{{% /alert %}}", "> [!warning] W\n> A"),
        (
            "{% tabs %}\n{% tab title=\"A\" %}\na\n{% endtab %}\n{% endtabs %}",
            "> [!=tabs]\n> > [!=tab] A\n> > a",
        ),
        (
            "{{< tabs items=\"A,B\" >}}\n{{< tab >}}a{{< /tab >}}\n{{< tab >}}b{{< /tab >}}\n{{< /tabs >}}",
            "> [!=tabs]\n> > [!=tab] A\n> > a\n> > [!=tab] B\n> > b",
        ),
        ("{{< highlight go >}}\nx := 1\n{{< /highlight >}}", "```go\nx := 1\n```"),
        ("{% highlight ruby linenos %}\ndef x\n{% endhighlight %}", "```ruby linenos\ndef x\n```"),
        (
            "{{< highlight go \"linenos=table,hl_lines=1\" >}}\nx := 1\n{{< /highlight >}}",
            "```go linenos=table,hl_lines=1\nx := 1\n```",
        ),
        (
            "{% highlight ruby mark_lines=\"1 2\" %}\ndef x\n{% endhighlight %}",
            "```ruby mark_lines=\"1 2\"\ndef x\n```",
        ),
        (
            "{{< figure src=\"a b.png\" alt=\"x\" caption=\"C\" width=\"300\" >}}",
            "![x](<a b.png> \"C\"){width=300}",
        ),
        ("{{< youtube w7Ft2ymGmfc >}}", "https://www.youtube.com/watch?v=w7Ft2ymGmfc"),
        ("[a]({{< ref \"b.md\" >}}) [c]({{< relref \"d/e.md#f\" >}})", "[a](b.md) [c](/d/e.md#f)"),
        ("[a]({{ site.baseurl }}{% link d/e.md %})", "[a](/d/e.md)"),
        ("[a]({{ '/about/' | relative_url }})", "[a](/about/)"),
        ("{% raw %}{{ x }} {% y %}{% endraw %} z", "{{ x }} {% y %} z"),
        ("{% raw %} and {% hint %} and {% tabs %}", "{% raw %} and {% hint %} and {% tabs %}"),
        ("{{ youtube(id=\"w7Ft2ymGmfc\") }}", "https://www.youtube.com/watch?v=w7Ft2ymGmfc"),
        ("a {% if x %} b {{ y }}", "a {% if x %} b {{ y }}"),
        ("a {{< unknown x=1 >}}b{{< /unknown >}}", "a b"),
        ("{{</* ref */>}}", "{{\\< ref \\>}}"),
        ("{{< button href=\"a.md\" >}}Go{{< /button >}} on", "[Go](a.md) on"),
        ("{% code title=\"a.js\" %}\n```js\nx\n```\n{% endcode %}", "```js title=\"a.js\"\nx\n```"),
        ("{% content-ref url=\"a.md\" %}\n[a.md](a.md)\n{% endcontent-ref %}", "[a.md](a.md)"),
    ] {
        assert_eq!(lines(text).join("\n"), expected, "{text}");
    }
    let read = read("{{< b >}} {{< a >}}\n\n{{< a >}} {% if x %}");
    let told = read
        .left_out
        .diagnostics(&"a.md".into(), |range| crate::diagnostic::Span::in_line(1, 1 + range.start as u32, 1));
    let told: Vec<String> = told.iter().map(|it| it.message.to_string()).collect();
    assert_eq!(
        told,
        [
            "`a` and `b` are shortcodes without an equal here, so they are left out (3 times in this file).",
            "`if` is a template tag, and nothing in content is a template, so it is shown as typed."
        ]
    );
}

#[test]
fn what_is_for_programs_alone_is_not_shown() {
    for (text, expected) in [
        ("[TOC]\n\nA", "A"),
        ("A\n\n[[_TOC_]]\n", "A"),
        ("* TOC\n{:toc}\n\nA", "A"),
        ("A %%hidden%% b", "A  b"),
        ("%%\nhidden\n\nmore\n%%\nA", "A"),
        ("A line ^abc123\n\nB", "A line\nB"),
        ("- a ^abc123\n- b", "- a\n- b"),
        ("*[HTML]: Hyper Text\nA", "A"),
        ("A^[a note] b", "A[^:1] b\n[^:1]: a note"),
        ("![x](y.png =300x200)", "![x](y.png ){ width=300 height=200}"),
        ("A\n{: .class target=\"_blank\"}\n\nB", "A\nB"),
    ] {
        assert_eq!(lines(text).join("\n"), expected, "{text}");
    }
    assert_eq!(
        read("*[HTML]: Hyper Text\n").abbreviations.into_iter().collect::<Vec<_>>(),
        [("HTML", "Hyper Text")]
    );
}

#[test]
fn a_place_in_the_markdown_is_one_in_the_file() {
    for text in [
        ":::note[T]\n\nA\n\n- [b](c.md)\n:::\n",
        "1. A\n\n    !!! tip \"T\"\n        [b](c.md)\n",
        "{% hint %}\ntext [b](c.md){% endhint %}",
        "> [!tip] T\n> A\n> [b](c.md)",
    ] {
        let read = read(text);
        let at = read.rewritten.text.find("[b]").unwrap();
        assert_eq!(read.rewritten.original(at), text.find("[b]").unwrap(), "{text}");
    }
}

#[test]
fn whatever_stands_there_costs_no_more_than_its_length() {
    for part in [
        ":::",
        ":::note\n",
        ":::\n",
        "!!! ",
        "!!! note\n",
        "    ",
        "=== \"a\"\n",
        "{% ",
        "{% raw %}",
        "{{< a >}}",
        "{{<",
        "%%",
        "%% ",
        "^[a ",
        "> [!a] b\n",
        "*[a]: b\n",
        "{: .note }\n",
        "a\n: b\n",
        "` ",
        "``` ",
        "a =1x)",
        "<!--",
        "{% tabs %}\n",
        "{{< highlight >}}",
        "a ^b-c\n",
        "- ",
        "> ",
        "\t",
        "{%\n",
        "::a[",
        "{{",
        "@tab a\n",
        "== a\n",
        "$$\n",
    ] {
        let text = part.repeat(200_000 / part.len());
        let time = std::time::Instant::now();
        let read = read(&text);
        assert!(
            read.rewritten.text.len() <= text.len() * 24 + 1000,
            "{part:?}: {}",
            read.rewritten.text.len()
        );
        assert!(time.elapsed().as_secs() < 4, "{part:?}: {:?}", time.elapsed());
    }
}
