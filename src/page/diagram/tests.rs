use super::*;

fn drawn(source: &str) -> String {
    draw(source).map_or_else(|problem| format!("refused: {problem}"), |drawn| drawn.svg)
}

/// The texts of a drawing, in order.
fn texts(source: &str) -> Vec<String> {
    let svg = drawn(source);
    let of = |piece: &str| Some(piece.split_once('>')?.1.split_once("</text>")?.0.to_owned());
    svg.split("<text").skip(1).filter_map(of).collect()
}

#[test]
fn a_flowchart_shows_its_boxes_and_labels() {
    let source = "flowchart TD\n  A[Start] --> B{Is it?}\n  B -->|Yes| C([OK]) & D\n  B -- No --> E[(Store)]\n  \
                  subgraph one [A group]\n  C -.-> F((round))\n  end\n  F ==> A\n  style A fill:#f9f\n  click A \"x\"";
    let mut found = texts(source);
    found.sort();
    assert_eq!(found, ["A group", "D", "Is it?", "No", "OK", "Start", "Store", "Yes", "Yes", "round"]);
    let svg = drawn(source);
    assert_eq!(svg.matches("diagram-tip").count(), 6, "{svg}");
    assert!(svg.contains("diagram-dotted") && svg.contains("diagram-thick") && svg.contains("diagram-group"));
}

#[test]
fn each_way_to_write_a_line_is_one() {
    for (line, boxes) in [
        ("A-->B", 2),
        ("A --- B", 2),
        ("A---oB", 2),
        ("A--xB", 2),
        ("A<-->B", 2),
        ("A -.-> B", 2),
        ("A -. text .-> B", 2),
        ("A == text ==> B", 2),
        ("A -->|text| B --> C", 3),
        ("A ~~~ B", 2),
        ("A & B --> C & D", 4),
        ("A[a; b]; B --> C", 3),
        ("id-with-hyphen --> other.one", 2),
        ("A@{ shape: diam, label: \"x\" } --> B:::cls", 2),
        ("A[\"a (b) [c]\"] --> B>flag]", 2),
        ("A[/in/] --> B[\\out\\]", 2),
    ] {
        let svg = drawn(&format!("graph LR\n{line}"));
        let found = svg.matches("class=\"diagram-box\"").count();
        assert_eq!(found, boxes, "{line}: {svg}");
    }
}

#[test]
fn states_sequences_and_pies_are_drawn() {
    let mut found = texts(
        "stateDiagram-v2\n[*] --> Still\nStill --> Moving : push\nMoving --> [*]\nstate \"Long name\" as l\nl --> Still\nstate Inner {\n[*] --> a\n}",
    );
    found.sort();
    assert_eq!(found, ["Inner", "Long name", "Moving", "Still", "a", "push"]);
    assert_eq!(
        texts(
            "sequenceDiagram\nautonumber\nparticipant A as Ana\nA->>B: Hello\nB-->>A: Hi\nloop Each day\nA-)B: x\nend\nNote over A,B: a note\nA->>A: self"
        ),
        ["loop  Each day", "Ana", "B", "1. Hello", "2. Hi", "3. x", "a note", "4. self"]
    );
    assert_eq!(
        texts("pie title Pets\n\"Dogs\" : 3\n\"Cats\" : 1"),
        ["Dogs: 3 (75%)", "Cats: 1 (25%)", "Pets"]
    );
}

#[test]
fn classes_and_entities_have_a_title_and_lines() {
    let source = "classDiagram\nAnimal <|-- Duck : is\nAnimal : +int age\nAnimal \"1\" *-- \"many\" Leg\nclass Duck {\n+List~Egg~ eggs\n+swim()\n}\n<<interface>> Animal\nDuck ..> Pond";
    let mut found = texts(source);
    found.sort();
    assert_eq!(
        found,
        [
            "&lt;&lt;interface&gt;&gt;",
            "+List&lt;Egg&gt; eggs",
            "+int age",
            "+swim()",
            "1 : many",
            "Animal",
            "Duck",
            "Leg",
            "Pond",
            "is"
        ]
    );
    let mut found = texts(
        "erDiagram\nCUSTOMER ||--o{ ORDER : places\nCUSTOMER {\nstring name PK\n}\nORDER }|..|{ LINE-ITEM : has",
    );
    found.sort();
    assert_eq!(
        found,
        ["1 : 0..*", "1..* : 1..*", "CUSTOMER", "LINE-ITEM", "ORDER", "has", "places", "string name PK"]
    );
}

#[test]
fn what_is_not_drawn_says_why() {
    for (source, why) in [
        ("", "refused: it is empty"),
        ("gantt\ntitle x", "refused: `gantt` is a kind of diagram that is not drawn"),
        ("flowchart TD\nA --> ", "refused: "),
        ("flowchart TD\nA[x --> B", "refused: "),
        ("flowchart TD", "refused: it has no box"),
        ("sequenceDiagram\nhello", "refused: `hello` is not understood"),
        ("pie\n\"a\" : x", "refused: a share is not a number"),
        (&"x".repeat(20_000), "refused: it is longer"),
    ] {
        let made = drawn(source);
        assert!(made.starts_with(why), "{source}: {made}");
    }
}

#[test]
fn nothing_of_what_is_written_is_more_than_text() {
    for source in [
        "flowchart TD\nA[\"<script>alert(1)</script>\"] -->|<b onclick=x>| B\nclick A \"javascript:alert(1)\"",
        "sequenceDiagram\nparticipant A as <img src=x onerror=y>\nA->>A: </text></svg><script>",
        "pie title <svg onload=x>\n\"<i>\" : 1",
        "stateDiagram\nstate \"<a href=x>\" as s\ns --> t : <u>",
    ] {
        let svg = drawn(source);
        assert!(svg.starts_with("<svg "), "{svg}");
        for bad in ["<script", "<img", "<b ", "<i>", "<a ", "<u>", "<svg onload", "javascript:"] {
            assert!(!svg.contains(bad), "{source}: {svg}");
        }
        // The list for drawings of others lets through all of it.
        let cleaned = crate::page::svg::sanitize_svg(svg.as_bytes()).expect("it is a drawing");
        assert_eq!(svg.matches('<').count(), cleaned.iter().filter(|b| **b == b'<').count());
    }
}

#[test]
fn the_largest_diagram_is_drawn_or_refused_soon() {
    let begin = std::time::Instant::now();
    let chain: String = (0..149).map(|n| format!("n{n} --> n{}\n", n + 1)).collect();
    let dense: String = (0..17).flat_map(|a| (0..17).map(move |b| format!("n{a}-->n{b}\n"))).collect();
    let fan: String = (0..140).map(|n| format!("root --> n{n}\n")).collect();
    let wide: String =
        "n0 --> n1 --> n2 --> n3 --> n4 --> n5 --> n6 --> n7\n".to_owned() + &"n0 --> n7\n".repeat(200);
    for body in
        [chain, dense, fan, wide, "A-->A\n".repeat(250), "A & B & C & D --> E & F & G & H\n".repeat(30)]
    {
        let _ = drawn(&format!("flowchart LR\n{body}"));
    }
    let _ = drawn(&format!("sequenceDiagram\n{}", "A->>B: x\n".repeat(390)));
    let _ = drawn(&format!("sequenceDiagram\n{}", "loop x\n".repeat(390)));
    assert!(begin.elapsed().as_secs() < 30, "{:?}", begin.elapsed());
    assert_eq!(drawn("graph TD\nA-->B\nA-->C\nB-->D\nC-->D"), drawn("graph TD\nA-->B\nA-->C\nB-->D\nC-->D"));
}
