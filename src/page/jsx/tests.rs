use super::*;

fn markdown(text: &str) -> String {
    read(text).rewritten.text
}

fn lines(text: &str) -> Vec<String> {
    let read = markdown(text);
    read.lines().map(|line| line.trim_end().to_string()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn markdown_without_jsx_is_as_it_was() {
    let text =
        "# Title\n\nA `<b>{x}</b>` and $x_{1}$.\n\n```js\nimport a from 'b'\n<T>{x}</T>\n```\n\n- a\n  - b\n";
    assert_eq!(markdown(text), text);
}

#[test]
fn what_components_hold_stays_markdown() {
    let text = "import Tabs from '@theme/Tabs'\nimport {\n  a,\n  b,\n} from './x'\n\n<Tabs>\n  <TabItem value=\"npm\" label=\"npm\">\n\n    Run **this**:\n\n    ```sh\n      npm i\n    ```\n\n  </TabItem>\n</Tabs>\n\nEnd {/* no */}here.\n";
    assert_eq!(
        lines(text),
        [
            "{{< tabs >}}",
            "{{< tab title=\"npm\" >}}",
            "Run **this**:",
            "```sh",
            "  npm i",
            "```",
            "{{< /tab >}}",
            "{{< /tabs >}}",
            "End here."
        ]
    );
}

#[test]
fn an_alert_is_an_alert() {
    let text = "<Aside type=\"caution\" title=\"Careful\">\n  One\n\n  - two\n</Aside>\n\nThree\n";
    assert_eq!(
        lines(text),
        ["{{< callout type=\"caution\" title=\"Careful\" >}}", "One", "- two", "{{< /callout >}}", "Three"]
    );
}

#[test]
fn a_place_in_the_markdown_is_one_in_the_file() {
    let text = "export const x = 1\n\n<Card title=\"A\">\n  [b](c.md)\n</Card>\n";
    let read = read(text);
    let at = read.rewritten.text.find("[b]").unwrap();
    assert_eq!(read.rewritten.original(at), text.find("[b]").unwrap());
}
