//! The colours of a brand: each that cannot be read is corrected, and what is missing is derived.
//!
//! What the theme itself uses stands in its style sheet and nowhere else: `var(--paper, #fdfcfa)` is the
//! paper of a site that sets none, `--ground` what code stands on, `--quiet` the grey of facts, and what
//! is inside `@media (prefers-color-scheme: dark)` holds for dark. A theme with a style sheet of its own
//! that has none of these gets what the configuration says as it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Brand;
use crate::config::colour::{Colour, READABLE};
use crate::diagnostic::{Diagnostic, Rule, Span, nearest};
use crate::root;

/// What goes into the style sheet for a brand.
#[derive(Debug, Default)]
pub(crate) struct Palette {
    /// Names and values of custom properties.
    pub(crate) tokens: BTreeMap<String, String>,
    /// What was corrected.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The colours of one scheme, as far as the style sheet says them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Scheme {
    paper: Option<Colour>,
    ink: Option<Colour>,
    accent: Option<Colour>,
    ground: Option<Colour>,
    quiet: Option<Colour>,
}

/// The tokens of a brand for this style sheet.
pub(crate) fn palette(brand: &Brand, css: &str) -> Palette {
    let mut palette = Palette::default();
    for (name, token) in &brand.tokens {
        palette.tokens.insert(name.clone(), token.value.value.clone());
    }
    if palette.tokens.is_empty() {
        return palette;
    }
    let [light, dark] = schemes(css);
    let derived = |other: &str, like: Scheme| {
        let given = Colour::parse(&brand.tokens.get(other)?.value.value)?.over(Colour::WHITE);
        Some(like.accent.map_or(given, |like| given.with_lightness(like.lightness())))
    };
    let has_both = brand.tokens.contains_key("accent") && brand.tokens.contains_key("accent-dark");
    let light_accent = if has_both { None } else { derived("accent-dark", light) };
    let dark_accent = if has_both { None } else { derived("accent", dark) };
    scheme(&mut palette, brand, "", light, light_accent);
    scheme(&mut palette, brand, "-dark", dark, dark_accent);
    palette
}

/// One warning for each token that no style sheet asks for, but whose name is nearly one that is.
pub(crate) fn misspelt<'a>(brand: &Brand, sheets: impl Iterator<Item = &'a str>) -> Vec<Diagnostic> {
    let mut known: Vec<String> = Vec::new();
    for sheet in sheets {
        known.extend(uses(&without_comments(sheet)).map(|(name, _)| name.to_string()));
    }
    let missing = brand.tokens.iter().filter(|(name, _)| !known.contains(name));
    missing
        .filter_map(|(name, token)| {
            let known = known.iter().map(String::as_str).filter(|it| !it.starts_with("l-"));
            let near = nearest(name, known)?;
            let message = format!("No style sheet of the theme uses the token `{name}`.");
            let file: Arc<str> = Arc::from(root::CONFIG);
            let problem = Diagnostic::new(Rule::Theme, &file, token.name, message);
            Some(
                problem
                    .severity(crate::diagnostic::Severity::Warning)
                    .help(format!("Did you mean `{near}`?"))
                    .fix(near),
            )
        })
        .collect()
}

/// Corrects the colours of one scheme, first what is written on, then what is written.
fn scheme(palette: &mut Palette, brand: &Brand, suffix: &str, own: Scheme, derived: Option<Colour>) {
    let named = |name: &str| format!("{name}{suffix}");
    let canvas = if suffix.is_empty() { Colour::WHITE } else { Colour::BLACK };
    let given = |name: &str| {
        let token = brand.tokens.get(&named(name))?;
        Some((Colour::parse(&token.value.value)?, token.value.span))
    };
    let given_paper = given("paper").map(|(colour, span)| (colour.over(canvas), span));
    let Some(mut paper) = given_paper.map(|it| it.0).or(own.paper) else { return };
    if let (Some((typed, span)), Some(quiet)) = (given_paper, own.quiet)
        && quiet.contrast(typed) < READABLE
        && let Some(better) = typed.readable_on(&[quiet])
    {
        let what = format!("The grey of the theme, {}, on `{}` {}", quiet.hex(), named("paper"), typed.hex());
        palette.correct(span, &named("paper"), &what, quiet.contrast(typed), better);
        paper = better;
    }
    let grounds: Vec<Colour> = std::iter::once(paper).chain(own.ground).collect();
    let mut text = |name: &str, default: Option<Colour>, derived: Option<Colour>| {
        let typed = given(name).map(|(colour, span)| (colour.over(paper), span));
        let colour = typed.map(|it| it.0).or(derived).or(default)?;
        let better = colour.readable_on(&grounds).or_else(|| colour.readable_on(&grounds[..1]))?;
        if better != colour {
            let contrast = colour.least_contrast(&grounds);
            let worst =
                grounds.iter().copied().min_by(|a, b| colour.contrast(*a).total_cmp(&colour.contrast(*b)));
            let worst = worst.unwrap_or(paper);
            let place = if worst == paper { "the page background" } else { "the code background" };
            let what = format!("`{}` {} on {place} {}", named(name), colour.hex(), worst.hex());
            match (typed, given_paper) {
                (Some((_, span)), _) => palette.correct(span, &named(name), &what, contrast, better),
                (None, Some((_, span))) if derived.is_none() => {
                    let problem = unreadable(span, &what, contrast);
                    palette.diagnostics.push(problem.help(format!(
                        "The site uses {} instead. Write `{}: \"{}\"` to keep it, or choose another background.",
                        better.hex(),
                        named(name),
                        better.hex()
                    )));
                    palette.tokens.insert(named(name), better.hex());
                }
                _ => {}
            }
        }
        if typed.is_none() && derived.is_some() {
            palette.tokens.insert(named(name), better.hex());
        }
        Some(better)
    };
    let ink = text("ink", own.ink, None);
    let Some(accent) = text("accent", own.accent, derived) else { return };
    // What stands on an area of the accent: the paper, if it can be read there, else what can.
    let best = [Some(paper), ink, Some(Colour::WHITE), Some(Colour::BLACK)]
        .into_iter()
        .flatten()
        .find(|it| it.contrast(accent) >= READABLE);
    let on_accent = best.unwrap_or(Colour::BLACK);
    palette.tokens.entry(named("on-accent")).or_insert_with(|| on_accent.hex());
}

impl Palette {
    /// Puts a readable colour in the place of one that somebody wrote, and says so.
    fn correct(&mut self, span: Span, name: &str, what: &str, contrast: f64, better: Colour) {
        let hex = better.hex();
        let problem = unreadable(span, what, contrast)
            .help(format!(
                "The site uses {hex} instead, the nearest readable colour. Write it here to keep it, or choose \
                 another."
            ))
            .fix(format!("\"{hex}\""));
        self.diagnostics.push(problem);
        self.tokens.insert(name.to_string(), hex);
    }
}

fn unreadable(span: Span, what: &str, contrast: f64) -> Diagnostic {
    // Rounded down, so that nothing seems to be enough that is not.
    let contrast = (contrast * 10.0).floor() / 10.0;
    let file: Arc<str> = Arc::from(root::CONFIG);
    let message = format!("{what} has a contrast of {contrast:.1}:1, but text needs at least {READABLE}:1.");
    Diagnostic::new(Rule::Contrast, &file, span, message)
}

/// What a style sheet uses in light and in dark where a site sets nothing.
fn schemes(css: &str) -> [Scheme; 2] {
    let css = without_comments(css);
    let (light, dark) = split(&css);
    let fallback = |name: &str| {
        let (_, rest) = uses(&css).find(|(used, _)| *used == name)?;
        Colour::parse(rest.strip_prefix(',')?)
    };
    let declared = |css: &str, name: &str| {
        let (_, value) = declarations(css).find(|(declared, _)| *declared == name)?;
        Colour::parse(value)
    };
    let light_ground = declared(&light, "ground");
    let light_quiet = declared(&light, "quiet");
    [
        Scheme {
            paper: fallback("paper"),
            ink: fallback("ink"),
            accent: fallback("accent"),
            ground: light_ground,
            quiet: light_quiet,
        },
        Scheme {
            paper: fallback("paper-dark"),
            ink: fallback("ink-dark"),
            accent: fallback("accent-dark"),
            ground: declared(&dark, "ground").or(light_ground),
            quiet: declared(&dark, "quiet").or(light_quiet),
        },
    ]
}

/// Each `var(--name` of a style sheet, with what stands between the name and the closing bracket.
fn uses(css: &str) -> impl Iterator<Item = (&str, &str)> {
    css.match_indices("var(--").map(move |(at, found)| {
        let rest = &css[at + found.len()..];
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
        (&rest[..end], inside(rest[end..].trim_start()))
    })
}

/// Each `--name: value` of a style sheet.
fn declarations(css: &str) -> impl Iterator<Item = (&str, &str)> {
    css.split([';', '{', '}']).filter_map(|part| {
        let (name, value) = part.trim().strip_prefix("--")?.split_once(':')?;
        Some((name.trim(), value.trim()))
    })
}

/// A style sheet outside of the dark scheme, and inside of it. What only holds in print is in neither.
fn split(css: &str) -> (String, String) {
    let (mut light, mut dark) = (String::new(), String::new());
    let mut rest = css;
    while let Some(at) = rest.find("@media") {
        light.push_str(&rest[..at]);
        let Some(open) = rest[at..].find('{') else { break };
        let query = &rest[at..at + open];
        let body = &rest[at + open + 1..];
        let mut depth = 1;
        let end = body.char_indices().find_map(|(at, c)| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (depth == 0).then_some(at)
        });
        let end = end.unwrap_or(body.len());
        if query.contains("prefers-color-scheme") && query.contains("dark") {
            dark.push_str(&body[..end]);
            dark.push(';');
        }
        rest = body.get(end + 1..).unwrap_or("");
    }
    light.push_str(rest);
    (light, dark)
}

/// The text up to the bracket that closes the one before it.
fn inside(text: &str) -> &str {
    let mut depth = 1;
    let end = text.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        (depth == 0).then_some(at)
    });
    &text[..end.unwrap_or(text.len())]
}

fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        kept.push_str(before);
        kept.push(' ');
        rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSS: &str = include_str!("../../themes/default/static/site.css");

    #[test]
    fn the_style_sheet_of_the_default_theme_says_every_colour_and_all_can_be_read() {
        for (scheme, name) in schemes(CSS).into_iter().zip(["light", "dark"]) {
            let colours = [scheme.paper, scheme.ink, scheme.accent, scheme.ground, scheme.quiet];
            let [Some(paper), Some(ink), Some(accent), Some(ground), Some(quiet)] = colours else {
                panic!("{name}: {scheme:?}");
            };
            for text in [ink, accent, quiet] {
                assert!(text.least_contrast(&[paper, ground]) >= READABLE, "{name} {}", text.hex());
            }
        }
        let [light, dark] = schemes(CSS);
        assert!(
            light.paper.map(Colour::lightness) > Some(0.9) && dark.paper.map(Colour::lightness) < Some(0.3)
        );
    }

    #[test]
    fn what_is_dark_and_what_is_print_is_not_taken_for_light() {
        let css = "/* --ground: red; var(--paper, red) */ @media print { :root { --ground: #111; } }\n\
                   @media (prefers-color-scheme:dark) { :root { --ground: #222; a { b: c } } }\n\
                   :root { --l: var( --x ); --ground: #333; --p: var(--paper, rgb(1, 2, 3)); }";
        let [light, dark] = schemes(css);
        assert_eq!(light.ground.map(Colour::hex).as_deref(), Some("#333333"));
        assert_eq!(dark.ground.map(Colour::hex).as_deref(), Some("#222222"));
        assert_eq!(light.paper.map(Colour::hex).as_deref(), Some("#010203"));
        assert_eq!(dark.paper, None);
    }
}
