use super::*;

fn hits(path: &str, bytes: &[u8], names: &[&str]) -> Vec<(Part, String)> {
    let files = [path.to_string()];
    let report = through(&files, &|_| Ok(bytes.to_vec()), &Names::new(names));
    report.hits.into_iter().map(|hit| (hit.part, hit.name)).collect()
}

#[test]
fn a_name_is_told_with_its_place() {
    let text = "one\ntwo @ana\n\nana\n";
    assert_eq!(
        hits("a.html", text.as_bytes(), &["ana"]),
        [(Part::Line(2), "ana".to_string()), (Part::Line(4), "ana".to_string())]
    );
    assert_eq!(hits("people/ana/index.html", b"x", &["ana"]), [(Part::Path, "ana".to_string())]);
    assert_eq!(hits("a.json", b"{\"x\": \"y\\nAna\"}", &["ana"]), [(Part::Read, "ana".to_string())]);
    assert_eq!(hits("a.html", b"A<b>n</b>a", &["ana"]), [(Part::Read, "ana".to_string())]);
    assert!(hits("a.html", b"banana", &["ana"]).is_empty());
}

#[test]
fn what_a_picture_holds_beside_what_is_seen_is_searched() {
    // A comment of three letters, and the same three letters where the pixels are.
    let mut jpeg = b"\xff\xd8\xff\xfe\0\x05Ana".to_vec();
    jpeg.extend(b"\xff\xdb\0\x03\0\xff\xda\0\x02\x01Ana\x02\xff\xd9");
    assert_eq!(hits("a.jpg", &jpeg, &["ana"]), [(Part::Bytes, "ana".to_string())]);
}

#[test]
fn many_places_of_one_file_are_counted() {
    let files = ["a.html".to_string()];
    let report = through(&files, &|_| Ok(b"ana ".repeat(100)), &Names::new(["ana"]));
    assert_eq!((report.hits.len(), report.more), (PER_FILE, 95));
}

#[test]
fn what_nobody_can_look_into_is_said() {
    let files = ["a.zip", "b.html", "c.wasm.16665bb1dc0b.gz", "gone.html"].map(str::to_string);
    let read = |path: &str| match path {
        "gone.html" => Err(io::ErrorKind::NotFound.into()),
        "b.html" => Ok(b"text".to_vec()),
        _ => Ok(vec![0x50, 0x4b, 0, 0xff]),
    };
    let report = through(&files, &read, &Names::new(["ana"]));
    assert_eq!((report.closed, report.unread), (vec!["a.zip".to_string()], vec!["gone.html".to_string()]));
}
