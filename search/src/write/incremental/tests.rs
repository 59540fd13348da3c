use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::document::Passage;
use crate::pack::pack;
use crate::write::write;

/// Numbers from a fixed sequence (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// Few words are frequent and many are rare.
    fn word(&mut self, of: usize) -> String {
        let number = self.below(of) * self.below(of) / of;
        let odd = ["naïve-Réponse", "C++", "node.js", "東京都", "snake_case", "v4.2", "don't"];
        match number % 23 {
            0 if number > 0 => odd[number / 23 % odd.len()].to_owned(),
            _ => format!("word{}", (b'a'..).nth(number % 26).map_or('a', char::from)).repeat(number / 26 + 1),
        }
    }

    fn text(&mut self, words: usize, of: usize) -> String {
        let count = self.below(words) + 1;
        (0..count).map(|_| self.word(of)).collect::<Vec<_>>().join(" ")
    }

    fn document(&mut self, words: usize, of: usize) -> Document {
        let kinds = ["question", "how-to", "story"];
        let mut passages =
            vec![Passage { text: self.text(words, of), by: self.word(of), ..Passage::default() }];
        for answer in 0..self.below(3) {
            let (anchor, text) = (format!("answer-{answer}"), self.text(words, of));
            passages.push(Passage { anchor, text, by: String::new(), accepted: self.below(3) == 0 });
        }
        Document {
            url: format!("/questions/{}/", self.below(1 << 20)),
            title: self.text(6, of),
            kind: kinds[self.below(3)].to_owned(),
            tags: (0..self.below(3)).map(|_| self.word(of)).collect(),
            answered: passages.len() > 1,
            passages,
            ..Document::default()
        }
    }

    /// Does to a list of documents what people do to files.
    fn edit(&mut self, documents: &mut Vec<Document>, words: usize, of: usize) {
        let place = self.below(documents.len() + 1);
        let new = self.document(words, of);
        match (self.below(12), documents.get_mut(place)) {
            (0..4, Some(document)) => document.passages = new.passages,
            (4 | 5, Some(document)) => document.title = new.title,
            (6, Some(document)) => document.tags = new.tags,
            (7, Some(_)) => drop(documents.remove(place)),
            (8, Some(document)) => *document = new,
            (9, Some(_)) => {
                let moved = documents.remove(place);
                let to = self.below(documents.len() + 1);
                documents.insert(to, moved);
            }
            (10, Some(document)) => {
                let twice = document.clone();
                documents.insert(place, twice);
            }
            _ => documents.insert(place, new),
        }
    }
}

fn keys(documents: &[Document]) -> Vec<u128> {
    documents.iter().map(Document::key).collect()
}

fn follow(writer: &mut Incremental, documents: &[Document]) -> Arc<Packed> {
    let document = |place: usize| Cow::Borrowed(&documents[place]);
    let pack = writer.update(&keys(documents), &document, &|| false).expect("it is written");
    pack.expect("nobody stopped it")
}

fn clean(documents: &[Document]) -> Packed {
    pack(write(documents, &Options::default()).expect("it is written")).expect("it is packed")
}

/// A writer whose chunks have a few documents only.
fn finely_cut() -> Incremental {
    Incremental { sizes: (2, 4), ..Incremental::new(&Options::default()) }
}

#[test]
fn whatever_is_edited_the_pack_is_that_of_a_clean_build() {
    for seed in 0..8 {
        let mut numbers = Numbers(seed);
        let mut documents = Vec::new();
        let mut writer = finely_cut();
        for step in 0..250 {
            for _ in 0..=numbers.below(3) {
                numbers.edit(&mut documents, 12, 300);
            }
            documents.truncate(16);
            assert!(*follow(&mut writer, &documents) == clean(&documents), "seed {seed}, step {step}");
        }
    }
}

#[test]
fn a_larger_site_in_several_chunks_follows_too() {
    let mut numbers = Numbers(40);
    let mut documents: Vec<Document> = (0..700).map(|_| numbers.document(60, 3_000)).collect();
    let mut writer = Incremental::new(&Options::default());
    follow(&mut writer, &documents);
    assert!(writer.chunks.len() > 4, "{}", writer.chunks.len());
    for step in 0..12 {
        numbers.edit(&mut documents, 60, 3_000);
        assert!(*follow(&mut writer, &documents) == clean(&documents), "step {step}");
    }
    documents.reverse();
    assert!(*follow(&mut writer, &documents) == clean(&documents));
    documents.truncate(10);
    assert!(*follow(&mut writer, &documents) == clean(&documents));
    documents.clear();
    assert!(*follow(&mut writer, &documents) == clean(&documents));
}

#[test]
fn a_site_of_too_many_words_follows_too() {
    let mut numbers = Numbers(17);
    let word = |mut number: usize| -> String {
        let mut word = "q".to_owned();
        while number > 0 {
            word.extend((b'a'..).nth(number % 26).map(char::from));
            number /= 26;
        }
        word + "x"
    };
    let mut documents: Vec<Document> = (0..450).map(|_| numbers.document(5, 100)).collect();
    for (number, document) in documents.iter_mut().enumerate() {
        // Each word stands in one document, but for the last ones, which stand in two.
        document.passages[0].text = (number * 97..number * 97 + 100).map(|it| word(it) + " ").collect();
    }
    let mut writer = Incremental::new(&Options::default());
    for step in 0..4 {
        let pack = follow(&mut writer, &documents);
        assert!(*pack == clean(&documents), "step {step}");
        assert!(writer.lexicon.spellings.sorted().len() > 40_000);
        numbers.edit(&mut documents, 5, 100);
        let (first, last) = (documents[0].clone(), documents.len() - 1);
        documents[last].passages = first.passages;
    }
}

#[test]
fn only_the_neighbours_of_an_edit_are_read_again() {
    let mut numbers = Numbers(3);
    let mut documents: Vec<Document> = (0..2_000).map(|_| numbers.document(10, 1_000)).collect();
    let mut writer = Incremental::new(&Options::default());
    let read = |writer: &mut Incremental, documents: &[Document]| {
        let count = AtomicUsize::new(0);
        let document = |place: usize| {
            count.fetch_add(1, Ordering::Relaxed);
            Cow::Borrowed(&documents[place])
        };
        let wanted = writer.wanted(&keys(documents)).len();
        writer.update(&keys(documents), &document, &|| false).expect("it is written");
        assert_eq!(wanted, count.into_inner());
        wanted
    };
    assert_eq!(read(&mut writer, &documents), 2_000);
    assert_eq!(read(&mut writer, &documents), 0);
    documents[1_000].title.push_str(" again");
    let edited = read(&mut writer, &documents);
    documents.insert(500, documents[77].clone());
    let added = read(&mut writer, &documents);
    documents.remove(1_500);
    let removed = read(&mut writer, &documents);
    // An edit can join two chunks of at most four times 64.
    for count in [edited, added, removed] {
        assert!((1..=512).contains(&count), "{count}");
    }
}

#[test]
fn what_is_kept_does_not_grow_with_the_number_of_edits() {
    let mut numbers = Numbers(5);
    let mut documents: Vec<Document> = (0..8).map(|_| numbers.document(8, 100)).collect();
    let mut writer = finely_cut();
    let mut most = 0;
    for step in 0..2_000 {
        // Words that nobody has written before, and nobody after.
        documents[step % 8].passages[0].text = (0..6).map(|word| format!("x{step}y{word} ")).collect();
        documents[step % 8].title = format!("abc{}", "z".repeat(step % 40));
        let pack = follow(&mut writer, &documents);
        let words = writer.lexicon.terms.sorted().len().max(writer.lexicon.spellings.sorted().len());
        most = most.max(words);
        assert!(writer.chunks.len() <= 8 && writer.pieces.len() < pack.len());
    }
    assert!(most > WORN && most < 2 * 300 + WORN + 100, "{most}");
    assert!(*follow(&mut writer, &documents) == clean(&documents));
}

#[test]
fn wherever_it_is_stopped_the_next_index_is_right() {
    let mut numbers = Numbers(9);
    let mut documents: Vec<Document> = (0..20).map(|_| numbers.document(20, 300)).collect();
    let mut writer = finely_cut();
    let mut stopped = 0;
    for step in 0..150 {
        numbers.edit(&mut documents, 20, 300);
        let asked = AtomicUsize::new(0);
        let patience = numbers.below(150);
        let stop = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
        let document = |place: usize| Cow::Borrowed(&documents[place]);
        match writer.update(&keys(&documents), &document, &stop).expect("it is written") {
            Some(pack) => assert!(*pack == clean(&documents), "step {step}"),
            None => stopped += 1,
        }
    }
    assert!((20..140).contains(&stopped), "{stopped}");
    assert!(*follow(&mut writer, &documents) == clean(&documents));
}

#[test]
fn a_list_is_cut_where_its_keys_say_so() {
    let cut = |keys: &[u128]| borders(keys, 4).into_iter().map(|range| range.len()).collect::<Vec<_>>();
    assert!(cut(&[]).is_empty());
    assert_eq!(cut(&[4]), [1]);
    assert_eq!(cut(&[1, 2, 4, 3, 8, 8]), [2, 2, 1, 1]);
    assert_eq!(cut(&[1, 2, 9, 4, 3, 8, 8]), [3, 2, 1, 1], "a new one moves no other border");
    assert_eq!(cut(&[1; 35]), [16, 16, 3], "none is too large");
}
