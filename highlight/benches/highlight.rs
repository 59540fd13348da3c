//! Looks for the code that is worst to paint: for every grammar that the program knows, lines are made
//! of the words and signs of its own patterns, and bred towards what takes longest.
//!
//! `cargo bench --bench highlight` prints the worst found of each language, in nanoseconds a step and
//! milliseconds for a block of 64 KB, the slowest first. `-- NAME…` looks at these languages only;
//! `ROUNDS=1000` looks longer. Where a step takes much longer than elsewhere, the step is counted wrong.
//! Nothing here depends on the clock but the figures and what is bred: it is a tool, not a test.

#![expect(clippy::print_stdout, reason = "a table for whoever asked for it")]

use std::collections::BTreeSet;

use longhouse_highlight::{Budget, LONGEST_BLOCK, Painted, highlight, needs_grammar};
use syntect::parsing::syntax_definition::{Pattern, SyntaxDefinition};

/// Enough for a look at what a step takes.
const GLANCE: u64 = 100_000;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    let rounds = std::env::var("ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(150);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut table = Vec::new();
    for syntax in two_face::syntax::extra_newlines().into_builder().syntaxes() {
        let Some(name) = name(syntax) else { continue };
        if !wanted.is_empty() && !wanted.contains(&name) {
            continue;
        }
        let words = words(syntax);
        let worst = breed(&name, &words, rounds, &mut random);
        let (time, steps, painted) = full(&name, &worst.code(LONGEST_BLOCK));
        table.push((time, name, worst, steps, painted));
    }
    table.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (time, name, worst, steps, painted) in &table {
        println!(
            "{:8.1} ms {:9} steps {:6.1} ns/step {} {name:20} {:?}",
            time * 1e3,
            steps,
            time * 1e9 / (*steps).max(1) as f64,
            if *painted { "painted" } else { "plain  " },
            worst.code(100),
        );
    }
}

/// A name by which this syntax is found, if it is one that the program uses.
fn name(syntax: &SyntaxDefinition) -> Option<String> {
    let names = std::iter::once(&syntax.name).chain(&syntax.file_extensions).map(|it| it.to_lowercase());
    names.into_iter().find(|name| {
        needs_grammar(name) && highlight(name, "x\n", &mut Budget::default()) != Painted::Unknown
    })
}

/// The words and signs that the patterns of a syntax hold.
fn words(syntax: &SyntaxDefinition) -> Vec<String> {
    let mut words: BTreeSet<String> =
        ["a", "A", "0", " ", "\t", "é", "_", "字", "aaaaaaaa", "        ", "a.b", "0.0"]
            .map(String::from)
            .into();
    words.extend("\\!\"#$%&'()*+,-./:;<=>?@[]^`{|}~".chars().map(String::from));
    #[expect(clippy::iter_over_hash_type, reason = "the words are sorted")]
    for context in syntax.contexts.values() {
        for pattern in &context.patterns {
            let Pattern::Match(pattern) = pattern else { continue };
            let source = pattern.regex.regex_str();
            words.extend(
                source
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .filter(|word| !word.is_empty() && word.len() < 16)
                    .map(String::from),
            );
            let signs = source.split(|c: char| c.is_alphanumeric() || c.is_whitespace());
            words.extend(signs.filter(|it| !it.is_empty() && it.len() < 5).map(|it| it.replace('\\', "")));
        }
    }
    words.into_iter().filter(|word| !word.is_empty()).collect()
}

/// How a block is made: a line before, then lines of a beginning, something again and again, and an end.
#[derive(Clone)]
struct Genes {
    before: Vec<String>,
    begin: Vec<String>,
    again: Vec<String>,
    end: Vec<String>,
    line: usize,
}

impl Genes {
    fn random(words: &[String], random: &mut Random) -> Genes {
        Genes {
            before: random.words(words, 4),
            begin: random.words(words, 4),
            again: [random.words(words, 3), random.words(words, 1)].concat(),
            end: random.words(words, 3),
            line: [20, 80, 300, 1000, 2000][random.below(5)],
        }
    }

    fn mutated(&self, words: &[String], random: &mut Random) -> Genes {
        let mut genes = self.clone();
        for _ in 0..=random.below(2) {
            let other = Genes::random(words, random);
            match random.below(8) {
                0 => genes.before = other.before,
                1 => genes.begin = other.begin,
                2 => genes.end = other.end,
                3 => genes.line = other.line,
                4 => genes.again = other.again,
                _ => {
                    let parts = [&mut genes.before, &mut genes.begin, &mut genes.again, &mut genes.end];
                    let part = &mut parts.into_iter().nth(random.below(4)).expect("four")[..];
                    if !part.is_empty() {
                        let at = random.below(part.len());
                        part[at].clone_from(&words[random.below(words.len())]);
                    }
                }
            }
        }
        genes
    }

    fn code(&self, length: usize) -> String {
        let again = self.again.concat();
        let mut line = self.begin.concat();
        while line.len() + again.len() < self.line && !again.is_empty() {
            line.push_str(&again);
        }
        line.push_str(&self.end.concat());
        line.truncate((0..=line.len().min(2000)).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0));
        line.push('\n');
        let mut code = format!("{}\n", self.before.concat());
        while code.len() + line.len() <= length {
            code.push_str(&line);
        }
        code
    }
}

fn breed(name: &str, words: &[String], rounds: usize, random: &mut Random) -> Genes {
    let mut best = Genes::random(words, random);
    let mut best_time = 0.0;
    for round in 0..rounds {
        let tried = if round < rounds / 3 || random.below(8) == 0 {
            Genes::random(words, random)
        } else {
            best.mutated(words, random)
        };
        let code = tried.code(8 * 1024);
        let time = glance(name, &code);
        if time > best_time {
            // Once more, in case that the machine was busy with something else.
            let time = time.min(glance(name, &code));
            if time > best_time {
                (best, best_time) = (tried, time);
            }
        }
    }
    best
}

/// Seconds for a step, or for what stands for one; patterns are compiled before.
fn glance(name: &str, code: &str) -> f64 {
    let mut fastest = f64::MAX;
    for _ in 0..3 {
        let mut budget = Budget::of(GLANCE, GLANCE);
        let started = processor_seconds();
        std::hint::black_box(highlight(name, code, &mut budget));
        fastest = fastest.min(processor_seconds() - started);
    }
    fastest
}

fn full(name: &str, code: &str) -> (f64, u64, bool) {
    let mut fastest = f64::MAX;
    let mut steps = 0;
    let mut painted = false;
    for _ in 0..3 {
        let mut budget = Budget::default();
        let before = budget.left();
        let started = processor_seconds();
        painted = matches!(highlight(name, code, &mut budget), Painted::Html(_));
        fastest = fastest.min(processor_seconds() - started);
        steps = before - budget.left();
    }
    (fastest, steps, painted)
}

/// What this thread has used of the processor: other programs may be running too.
fn processor_seconds() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    used.tv_sec as f64 + used.tv_nsec as f64 * 1e-9
}

/// The same numbers each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn words(&mut self, words: &[String], limit: usize) -> Vec<String> {
        (0..self.below(limit + 1)).map(|_| words[self.below(words.len())].clone()).collect()
    }
}
