use super::*;

fn made(source: &str) -> String {
    to_mathml(source, false, &mut Macros::default()).unwrap_or_else(|problem| format!("refused: {problem}"))
}

#[test]
fn a_formula_becomes_mathml_with_its_source() {
    assert_eq!(
        made("x^2 < \\frac{1}{y}"),
        "<math alttext=\"x^2 &lt; \\frac{1}{y}\"><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo>\
         <mfrac><mn>1</mn><mi>y</mi></mfrac></math>"
    );
    assert!(
        to_mathml("x", true, &mut Macros::default())
            .is_ok_and(|made| made.starts_with("<math alttext=\"x\" display=\"block\">"))
    );
}

#[test]
fn what_people_write_most_is_understood() {
    for source in [
        r"\sum_{i=1}^{n} x_i = \int_0^\infty e^{-x^2}\,dx",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"\begin{aligned} a &= b \\[2pt] &= c \end{aligned}",
        r"\begin{align} a &= b \\ &= c \end{align}",
        r"\begin{align*} a &= b \end{align*}",
        r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{array}{|c|c|} \hline a & b \\ \hline \end{array}",
        r"\begin{gather*} a \\ b \end{gather*}",
        r"\begin{alignat}{2} a &= b \end{alignat}",
        r"\begin{split} a &= b \end{split}",
        r"\boxed{E = mc^2} \tag{1}",
        r"\sum_{\substack{i < n \\ i \ne j}} x",
        r"\operatorname*{arg\,max}_x \mathcal{L}(x) \quad \mathbb{1} \mathscr{H} \bm{v}",
        r"\underbrace{a+b}_{n} \overset{a}{b} \xrightarrow[a]{b} \cancel{x} \phantom{x}",
        r"\left( \frac{a}{b} \right] \bigl( \Big| \bigr) \{ \} \|x\|",
        r"{a \over b} \binom{n}{k} \dfrac12 \hat{y} \vec{z} \overline{xy} f'(x)",
        r"\textcolor{red}{x} \color{blue} y",
        r"100\% \, 5\,\text{km} \mathrm{d}x \dotsc \ldots \cdots \degree",
        r"\displaystyle \lim_{x \to 0} \frac{\sin x}{x} \implies 1",
        "O(n \\log n)\n+ 1",
    ] {
        let made = made(source);
        assert!(made.starts_with("<math "), "{source}: {made}");
        assert!(!made.contains(" style="), "{source}: {made}");
    }
    assert!(made(r"\textcolor{red}{x}").contains("class=\"math-red\""));
}

#[test]
fn what_cannot_be_read_says_why() {
    for (source, why) in [
        (r"\foo{x}", r"refused: unknown command `\foo`"),
        (r"\href{javascript:alert(1)}{x}", r"refused: unknown command `\href`"),
        (r"\frac{a}{", "refused: "),
        ("a & b", "refused: "),
        (r"\begin{aligned} a", "refused: "),
        ("}", "refused: "),
        (&"x".repeat(6000), "refused: it is longer than 5000 bytes"),
        (&"'".repeat(4900), "refused: it would become many times longer than it is"),
    ] {
        let made = made(source);
        assert!(made.starts_with(why), "{source}: {made}");
    }
}

#[test]
fn nothing_of_html_comes_through() {
    for source in [
        r"\text{<script>alert(1)</script>}",
        "<img src=x onerror=alert(1)>",
        r"\text{</math><b>}",
        "\"><script>",
        r"\style{x}{y}",
        r"\unicode{x3c}",
    ] {
        let made = made(source);
        for bad in ["<script", "<img", "<b>", "onerror=\""] {
            assert!(!made.contains(bad), "{source}: {made}");
        }
    }
}

#[test]
fn any_text_is_read_in_bounded_time_and_stack() {
    use proptest::prelude::*;
    let pieces = r"\frac|\sqrt|{|}|^|_|&|\\|\left(|\right)|\begin{matrix}|\end{matrix}|x|1|'|\text{|\def\a{|\a|\color{red}|\hat|\over|\not|[|]|ü|𝐱|%|#1|\operatorname{|\mathop|\tag{|\label{|\hline|\substack{|\boxed| |"
        .split('|')
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let source =
        proptest::collection::vec(proptest::sample::select(pieces), 0..400).prop_map(|it| it.concat());
    proptest!(ProptestConfig::with_cases(300), |(source in source)| {
        let _ = made(&source);
    });
}
