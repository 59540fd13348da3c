//! What pictures, films and sound say beside what is seen and heard: it stays in the repository, and is not published.

use std::fmt::Write as _;

use longhouse::diagnostic::Rule;
use longhouse::output::{Content, OutputPath};
use longhouse::site::Visibility;
use longhouse::source::LoadOptions;
use longhouse::source::reload::Touched;
use longhouse::theme::Names;
use longhouse::workspace::Workspace;

use crate::fixture::{Folder, Rendered, bytes, folder};

/// Words that are in every file here that has something to hide.
const SECRETS: [&str; 6] = ["51.4779", "PhoneMaker", "Ana Roth", "GPSLatitude", "remark", "SN-0815"];

/// EXIF as a telephone writes it: turned, with its maker, an owner and a position.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x04".to_vec();
    let mut entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        tiff.extend(tag.to_be_bytes());
        tiff.extend(kind.to_be_bytes());
        tiff.extend(count.to_be_bytes());
        tiff.extend(value);
    };
    entry(0x010F, 2, 11, [0, 0, 0, 62]);
    entry(0x0112, 3, 1, [0, orientation, 0, 0]);
    entry(0x013B, 2, 9, [0, 0, 0, 73]);
    entry(0x8825, 4, 1, [0, 0, 0, 82]);
    tiff.extend([0; 4]);
    tiff.extend(b"PhoneMaker\0Ana Roth\0");
    tiff.extend(b"\0\x01\0\x02\0\x02\0\0\0\x08\0\0\0\x64\0\0\0\0\x0051.4779\0SN-0815\0");
    tiff
}

const XMP: &str =
    "<x:xmpmeta><rdf:Description exif:GPSLatitude=\"51.4779\" tiff:Make=\"PhoneMaker\"/></x:xmpmeta>";

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let mut segment = vec![0xFF, marker];
    segment.extend(u16::try_from(body.len() + 2).expect("a short segment").to_be_bytes());
    segment.extend(body);
    segment
}

/// The parts of a JPEG of 4032 by 3024 that it is drawn from: tables, colours, and a packed picture in two scans.
fn jpeg_parts() -> Vec<Vec<u8>> {
    vec![
        segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
        segment(0xE2, b"ICC_PROFILE\0\x01\x01the colours"),
        segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01"),
        segment(0xDB, &[0; 65]),
        segment(0xC2, b"\x08\x0B\xD0\x0F\xC0\x01\x01\x11\0"),
        [segment(0xDA, b"\x01\x01\0\0\x3F\0"), b"packed\xFF\0pixels\xFF\xD0more".to_vec()].concat(),
        segment(0xC4, &[0; 19]),
        [segment(0xDA, b"\x01\x01\0\x01\x3F\0"), b"second scan".to_vec()].concat(),
    ]
}

fn jpeg(orientation: u8) -> Vec<u8> {
    let mut parts = jpeg_parts();
    let mut iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0D\x1C\x02\x50\0\x08Ana Roth".to_vec();
    iptc.extend(b"\x1C\x02\x5A\0\x0751.4779");
    let private = [
        segment(0xE1, &[b"Exif\0\0", exif(orientation).as_slice()].concat()),
        segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", XMP.as_bytes()].concat()),
        segment(0xED, &iptc),
        segment(0xFE, b"a remark"),
        segment(0xE2, b"MPF\0 SN-0815"),
        segment(0xEB, b"JP PhoneMaker"),
    ];
    parts.splice(1..1, private);
    // Between two scans, and after the end, as a film of the same moment is.
    parts.insert(12, segment(0xFE, b"another remark"));
    [b"\xFF\xD8".to_vec(), parts.concat(), b"\xFF\xD9\xFF\xD8 SN-0815 \xFF\xD9".to_vec()].concat()
}

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let sum = !name.iter().chain(body).fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 })
    });
    let length = u32::try_from(body.len()).expect("a short chunk").to_be_bytes();
    [&length[..], name, body, &sum.to_be_bytes()].concat()
}

fn png(private: bool) -> Vec<u8> {
    let mut parts = vec![
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", b"\0\0\0\x28\0\0\0\x1E\x08\x02\0\0\0"),
        chunk(b"iCCP", b"p\0\0colours"),
        chunk(b"acTL", b"\0\0\0\x01\0\0\0\0"),
        chunk(b"IDAT", b"pixels"),
        chunk(b"IEND", b""),
    ];
    if private {
        let raw = exif(1).iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        parts.splice(
            4..4,
            [
                chunk(b"eXIf", &exif(6)),
                chunk(b"tEXt", b"Comment\0a remark"),
                chunk(
                    b"tEXt",
                    format!("Raw profile type exif\0\nexif\n  {}\n{raw}\n", raw.len() / 2).as_bytes(),
                ),
                chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", XMP.as_bytes()].concat()),
                chunk(b"zTXt", b"Author\0\0Ana Roth"),
                chunk(b"tIME", b"\x07\xEA\x0B\x1D\0\0\0"),
                chunk(b"prIv", b"SN-0815"),
            ],
        );
        parts.push(b"GPSLatitude behind the end".to_vec());
    }
    parts.concat()
}

fn riff(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("a short chunk").to_le_bytes();
    [&name[..], &length, body, &[0][..body.len() % 2]].concat()
}

fn webp(private: bool) -> Vec<u8> {
    let flags = if private { 0x20 | 0x08 | 0x04 } else { 0x20 };
    let frame = |extra: &[u8]| [&[0; 16][..], &riff(b"VP8L", b"\x2F\x27\x40\x07\0pixels"), extra].concat();
    let mut parts = vec![
        b"WEBP".to_vec(),
        riff(b"VP8X", &[flags, 0, 0, 0, 0x27, 0, 0, 0x1D, 0, 0]),
        riff(b"ICCP", b"colours"),
        riff(b"ANMF", &frame(if private { b"priv\x08\0\0\0SN-0815 " } else { b"" })),
        riff(b"VP8L", b"\x2F\x27\x40\x07\0pixels"),
    ];
    if private {
        parts.push(riff(b"EXIF", &exif(8)));
        parts.push(riff(b"XMP ", XMP.as_bytes()));
        parts.push(riff(b"note", b"a remark"));
    }
    riff(b"RIFF", &parts.concat())
}

fn gif(private: bool) -> Vec<u8> {
    let mut parts = vec![
        b"GIF89a\x28\0\x1E\0\x80\0\0\0\0\0\xFF\xFF\xFF".to_vec(),
        b"!\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0".to_vec(),
        b"!\xF9\x04\0\x0A\0\0\0,\0\0\0\0\x28\0\x1E\0\0\x02\x02\x4C\x01\0".to_vec(),
        b";".to_vec(),
    ];
    if private {
        parts.splice(
            2..2,
            [
                b"!\xFE\x08a remark\0".to_vec(),
                [&b"!\xFF\x0BXMP DataXMP\x60"[..], XMP.as_bytes(), &[b' '; 96][XMP.len()..], b"\0"].concat(),
                b"!\xFF\x0BPhoneMaker2\x08SN-0815 \0".to_vec(),
            ],
        );
        parts.push(b"51.4779".to_vec());
    }
    parts.concat()
}

fn part(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 8).expect("a short box").to_be_bytes();
    [&length[..], kind, body].concat()
}

/// A picture that is turned by a quarter, with EXIF and XMP as items beside it.
fn avif() -> Vec<u8> {
    let ftyp = part(b"ftyp", b"avif\0\0\0\0mif1avif");
    let entry =
        |id: u8, kind: &[u8]| part(b"infe", &[&b"\x02\0\0\0\0"[..], &[id, 0, 0], kind, b"\0"].concat());
    let meta = |places: [(u32, u32); 3]| {
        let mut iloc = b"\0\0\0\0\x44\0\0\x03".to_vec();
        for (id, (at, length)) in (1_u8..).zip(places) {
            iloc.extend([0, id, 0, 0, 0, 1]);
            iloc.extend(at.to_be_bytes());
            iloc.extend(length.to_be_bytes());
        }
        let properties = part(
            b"ipco",
            &[part(b"ispe", b"\0\0\0\0\0\0\x0F\xC0\0\0\x0B\xD0"), part(b"irot", b"\x01")].concat(),
        );
        let uses = part(b"ipma", b"\0\0\0\0\0\0\0\x01\0\x01\x02\x01\x82");
        let items = [entry(1, b"av01"), entry(2, b"Exif"), entry(3, b"mime")].concat();
        part(
            b"meta",
            &[
                b"\0\0\0\0".to_vec(),
                part(b"hdlr", b"\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0"),
                part(b"pitm", b"\0\0\0\0\0\x01"),
                part(b"iloc", &iloc),
                part(b"iinf", &[b"\0\0\0\0\0\x03", items.as_slice()].concat()),
                part(b"iprp", &[properties, uses].concat()),
                part(b"uuid", b"0123456789abcdef a remark"),
            ]
            .concat(),
        )
    };
    let bodies = [b"pixels".to_vec(), [b"\0\0\0\0", exif(6).as_slice()].concat(), XMP.into()];
    let start = u32::try_from(ftyp.len() + meta([(0, 0); 3]).len() + 8).expect("a short file");
    let mut at = start;
    let places = [0, 1, 2].map(|n| {
        let length = u32::try_from(bodies[n].len()).expect("a short item");
        at += length;
        (at - length, length)
    });
    [ftyp, meta(places), part(b"mdat", &bodies.concat())].concat()
}

/// A film with a track of pictures, one of positions, and remarks wherever there may be some.
fn mp4() -> Vec<u8> {
    let ftyp = part(b"ftyp", b"isom\0\0\0\0mp42");
    let track = |kind: &[u8; 4], at: u32, length: u32| {
        let table = [
            part(b"stsd", b"\0\0\0\0\0\0\0\0"),
            part(b"stsc", b"\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x01"),
            part(b"stsz", &[b"\0\0\0\0\0\0\0\0\0\0\0\x01", &length.to_be_bytes()[..]].concat()),
            part(b"stco", &[b"\0\0\0\0\0\0\0\x01", &at.to_be_bytes()[..]].concat()),
        ];
        let handler = [b"\0\0\0\0\0\0\0\0", &kind[..], &[0; 12], b"PhoneMaker\0"].concat();
        let media = [
            part(b"mdhd", b"\0\0\0\0TIMETIME\0\0\0\x01\0\0\0\x01\0\0\0\0"),
            part(b"hdlr", &handler),
            part(b"minf", &[part(b"vmhd", b"\0\0\0\0"), part(b"stbl", &table.concat())].concat()),
        ];
        let parts = [part(b"tkhd", &[0; 84]), part(b"udta", b"a remark"), part(b"mdia", &media.concat())];
        part(b"trak", &parts.concat())
    };
    let moov = |at: u32| {
        let keys = part(b"keys", b"com.apple.quicktime.location.ISO6709 51.4779");
        part(
            b"moov",
            &[
                part(b"mvhd", &[b"\0\0\0\0TIMETIME".as_slice(), &[0; 88]].concat()),
                track(b"vide", at, 6),
                track(b"meta", at + 6, 16),
                part(
                    b"udta",
                    &[part(b"\xA9xyz", b"\0\x07\0\x0051.4779"), part(b"\xA9mak", b"PhoneMaker")].concat(),
                ),
                part(b"meta", &keys),
            ]
            .concat(),
        )
    };
    let at = u32::try_from(ftyp.len() + moov(0).len() + 8).expect("a short file");
    let xmp = part(b"uuid", &[b"0123456789abcdef", XMP.as_bytes()].concat());
    [ftyp, moov(at), part(b"mdat", b"pixelsGPSLatitude51.47"), xmp, part(b"free", b"a remark")].concat()
}

fn element(id: &[u8], body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).expect("a short element") | 0x4000;
    [id, &length.to_be_bytes(), body].concat()
}

fn webm() -> Vec<u8> {
    let info = [
        element(b"\xBF", b"\x01\x02\x03\x04"),
        element(b"\x2A\xD7\xB1", b"\x0F\x42\x40"),
        element(b"\x44\x61", b"\0\0\0\0\0\0\0\x01"),
        element(b"\x7B\xA9", b"remark"),
        element(b"\x4D\x80", b"muxer"),
    ];
    let tag =
        element(b"\x67\xC8", &[element(b"\x45\xA3", b"LOCATION"), element(b"\x44\x87", b"51.4779")].concat());
    let segment = [
        element(b"\x15\x49\xA9\x66", &info.concat()),
        element(b"\x16\x54\xAE\x6B", b"tracks"),
        element(b"\x12\x54\xC3\x67", &element(b"\x73\x73", &tag)),
        element(b"\x1F\x43\xB6\x75", b"\xE7\x81\0\xA3\x86pixels"),
        element(b"\x19\x41\xA4\x69", b"PhoneMaker"),
    ];
    [element(b"\x1A\x45\xDF\xA3", b"\x42\x82\x84webm"), element(b"\x18\x53\x80\x67", &segment.concat())]
        .concat()
}

fn mp3() -> Vec<u8> {
    let frame = |name: &[u8; 4], body: &[u8]| {
        let length = u32::try_from(body.len()).expect("a short frame").to_be_bytes();
        [&name[..], &length, b"\0\0", body].concat()
    };
    let frames = [
        frame(b"TIT2", b"\0How to glaze"),
        frame(b"COMM", b"\0enga remark"),
        frame(b"TXXX", b"\0location\x0051.4779"),
        frame(b"GEOB", b"\0PhoneMaker"),
    ];
    let body = [frames.concat(), vec![0; 20]].concat();
    let size = u8::try_from(body.len()).expect("a short tag");
    [b"ID3\x03\0\0\0\0", &[size >> 7, size & 0x7F][..], &body, b"\xFF\xFBsound"].concat()
}

/// A page that shows or names a file, with the file beside it.
fn with(name: &str, content: &[u8]) -> (Folder, Rendered) {
    let text = format!("=== content/questions/a.md\n# How do I glaze a pot?\n\n![it]({name})\n");
    let folder = folder(&text);
    let rendered = folder.write(&format!("content/questions/{name}"), content).build();
    (folder, rendered)
}

fn published(rendered: &Rendered, name: &str) -> Vec<u8> {
    bytes(rendered.output.get(&format!("files/questions/{name}")).expect("it is published"))
}

fn has(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|it| it == needle.as_bytes())
}

#[track_caller]
fn assert_clean(name: &str, source: &[u8]) -> Vec<u8> {
    assert!(SECRETS.iter().any(|it| has(source, it)), "there is something to hide in {name}");
    let (_folder, rendered) = with(name, source);
    let bytes = published(&rendered, name);
    for secret in SECRETS {
        assert!(!has(&bytes, secret), "{secret} in {name}: {}", String::from_utf8_lossy(&bytes));
    }
    let problem = rendered.only(Rule::PictureMetadata);
    assert!(problem.message.contains("GPS position"), "{}", problem.message);
    assert!(!SECRETS[..3].iter().any(|it| problem.message.contains(it)), "{}", problem.message);
    // What is clean stays as it is, byte for byte, and nothing is said of it.
    let (_folder, again) = with(name, &bytes);
    assert_eq!(published(&again, name), bytes, "{name}");
    assert_eq!(again.rules(), Vec::<String>::new(), "{name}");
    bytes
}

#[test]
fn a_photograph_is_published_without_where_it_was_taken_and_turned_as_it_was() {
    let clean = assert_clean("p.jpg", &jpeg(6));
    let turned = segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
    let mut parts = jpeg_parts();
    parts.insert(1, turned);
    assert_eq!(clean, [b"\xFF\xD8".to_vec(), parts.concat(), b"\xFF\xD9".to_vec()].concat());
    let upright = [b"\xFF\xD8".to_vec(), jpeg_parts().concat(), b"\xFF\xD9".to_vec()].concat();
    assert_eq!(assert_clean("p.jpeg", &jpeg(1)), upright);
}

#[test]
fn width_and_height_are_those_that_one_sees() {
    for (orientation, size) in [
        (1, "width=\"4032\" height=\"3024\""),
        (3, "width=\"4032\" height=\"3024\""),
        (6, "width=\"3024\" height=\"4032\""),
    ] {
        let main = with("p.jpg", &jpeg(orientation)).1.main("/questions/a/");
        assert!(main.contains(size), "{orientation}: {main}");
    }
    for (name, bytes, size) in [
        ("p.png", png(true), "width=\"30\" height=\"40\""),
        ("p.webp", webp(true), "width=\"30\" height=\"40\""),
        ("p.gif", gif(true), "width=\"40\" height=\"30\""),
        ("p.avif", avif(), "width=\"3024\" height=\"4032\""),
    ] {
        let main = with(name, &bytes).1.main("/questions/a/");
        assert!(main.contains(size), "{name}: {main}");
    }
}

#[test]
fn every_other_kind_of_picture_keeps_what_it_is_drawn_from() {
    let clean = assert_clean("p.png", &png(true));
    let turned = chunk(b"eXIf", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
    let mut expected = png(false);
    let at = expected.windows(4).position(|it| it == b"IDAT").expect("pixels") - 4;
    expected.splice(at..at, turned);
    assert_eq!(clean, expected);
    assert_eq!(assert_clean("p.gif", &gif(true)), gif(false));
    let clean = assert_clean("p.webp", &webp(true));
    let turned = riff(b"EXIF", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0");
    let plain = webp(false);
    let mut expected = [&plain[8..], &turned].concat();
    // That there is EXIF is said in the first chunk.
    expected[12] |= 0x08;
    assert_eq!(clean, riff(b"RIFF", &expected));
    let source = avif();
    let clean = assert_clean("p.avif", &source);
    assert_eq!(clean.len(), source.len());
    assert!(has(&clean, "pixels"));
}

#[test]
fn films_and_sound_keep_their_places_and_lose_what_they_tell() {
    let source = mp4();
    let clean = assert_clean("p.mp4", &source);
    assert_eq!(clean.len(), source.len());
    assert!(has(&clean, "pixels") && !has(&clean, "TIME") && !has(&clean, "meta"));
    let source = webm();
    let clean = assert_clean("p.webm", &source);
    assert_eq!(clean.len(), source.len());
    assert!(has(&clean, "pixels") && has(&clean, "muxer"));
    let clean = assert_clean("p.mp3", &mp3());
    assert!(has(&clean, "How to glaze") && clean.ends_with(b"\xFF\xFBsound"));
}

#[test]
fn a_picture_inside_of_a_drawing_is_cleaned_too() {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let encoded = |bytes: &[u8]| {
        let mut text = String::new();
        for three in bytes.chunks(3) {
            let bits =
                three.iter().fold(0_u32, |sum, it| sum << 8 | u32::from(*it)) << (8 * (3 - three.len()));
            let letter = |n: usize| char::from(LETTERS[(bits >> (18 - 6 * n) & 63) as usize]);
            text.extend((0..4).map(|n| if n <= three.len() { letter(n) } else { '=' }));
        }
        text
    };
    let drawing = |bytes: &[u8]| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><image width=\"9\" height=\"9\" href=\"data:image/png;base64,{}\"/></svg>",
            encoded(bytes)
        )
    };
    let (_folder, rendered) = with("p.svg", drawing(&png(true)).as_bytes());
    let text = String::from_utf8(published(&rendered, "p.svg")).expect("text");
    assert!(text.len() < drawing(&png(true)).len() && text.contains("data:image/png;base64,iVBOR"), "{text}");
    assert!(!text.contains(&encoded(&png(true))[60..]), "{text}");
    let (_folder, rendered) = with("q.svg", drawing(&png(false)).as_bytes());
    assert_eq!(published(&rendered, "q.svg"), drawing(&png(false)).as_bytes());
}

#[test]
fn whatever_is_cut_off_or_torn_is_published_clean_or_not_at_all() {
    for (name, whole) in [
        ("p.jpg", jpeg(6)),
        ("p.png", png(true)),
        ("p.gif", gif(true)),
        ("p.webp", webp(true)),
        ("p.avif", avif()),
        ("p.mp4", mp4()),
        ("p.webm", webm()),
        ("p.mp3", mp3()),
    ] {
        let mut seed = 7_u32;
        let mut draw = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % below
        };
        for _ in 0..200 {
            let mut torn = whole.clone();
            torn.truncate(16 + draw(whole.len() - 15));
            for _ in 0..draw(4) {
                let at = 12 + draw(torn.len() - 12);
                torn[at] = u8::try_from(draw(256)).expect("a byte");
            }
            let mut file = std::io::Cursor::new(&torn);
            let ending = name.rsplit('.').next().expect("an ending");
            if let Ok(media) = longhouse::media::inspect(&mut file, ending) {
                let len = media
                    .pieces
                    .map_or(torn.len() as u64, |it| it.iter().map(longhouse::output::Piece::len).sum());
                assert!(len <= torn.len() as u64 + 64, "{name}: {len} of {}", torn.len());
            }
        }
    }
}

#[test]
fn what_is_published_is_what_its_hash_says_and_is_known_by_the_preview() {
    let folder = folder("=== content/questions/a.md\n# How do I glaze a pot?\n\n![it](p.jpg)\n");
    folder.write("content/questions/p.jpg", jpeg(6));
    let rendered = folder.build();
    let content = rendered.output.get("files/questions/p.jpg").expect("it is published");
    assert!(matches!(content, Content::Pieces { .. }));
    assert_eq!((blake3::hash(&bytes(content)), bytes(content).len() as u64), (content.hash(), content.len()));
}

#[test]
fn a_preview_follows_a_picture_of_which_only_the_remarks_changed() {
    let folder = folder("=== content/questions/a.md\n# How do I glaze a pot?\n\n![it](p.jpg)\n");
    folder.write("content/questions/p.jpg", jpeg(6));
    let (options, visibility) = (LoadOptions::default(), Visibility::default());
    let mut preview = Workspace::new(folder.root(), options, visibility, Names::Hashed);
    let mut renewal = preview.open(folder.load());
    preview.finish(&mut renewal);
    let picture = |files: Vec<(OutputPath, Option<Content>)>| {
        let mut found = files.into_iter().filter(|(path, _)| path.as_str() == "files/questions/p.jpg");
        found.next().and_then(|(_, content)| content).expect("it is handed out")
    };
    let before = bytes(&picture(renewal.files));
    let mut longer = jpeg(6);
    longer.splice(2..2, segment(0xFE, b"one more remark"));
    folder.write("content/questions/p.jpg", longer);
    let file = folder.root().canonicalize().expect("a folder").join("content/questions/p.jpg");
    let mut renewal = preview.apply(Touched { paths: [file].into(), ..Touched::default() });
    preview.finish(&mut renewal);
    // The same bytes, which lie elsewhere in the source now.
    assert_eq!(bytes(&picture(renewal.files)), before);
}

#[test]
fn a_picture_of_absurd_size_is_refused_and_a_large_one_reported() {
    for (width, height) in [(1, 2_147_483_647), (70_000, 1), (60_000, 60_000_u32)] {
        let head = [&u32::to_be_bytes(width)[..], &height.to_be_bytes(), b"\x08\x02\0\0\0"].concat();
        let source = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IEND", b"")].concat();
        let (_folder, rendered) = with("p.png", &source);
        assert_eq!(
            rendered.rules(),
            ["content/questions/a.md: dead-image", "content/questions/p.png: unsafe-file"]
        );
        assert!(!rendered.main("/questions/a/").contains("<img"));
    }
    let text = "=== longhouse.yaml\nmax_file_bytes: 5000\nimages: {max_pixels: 1000, max_bytes: 4000}\n=== content/questions/a.md\n# A\n\n![1](a.png) ![2](b.gif) [3](c.pdf)\n";
    let folder = folder(text);
    folder.write("content/questions/a.png", png(false));
    folder.write("content/questions/b.gif", [gif(false), vec![0; 6000]].concat());
    folder.write("content/questions/c.pdf", [b"%PDF-1.7\n".to_vec(), vec![0; 6000]].concat());
    assert_eq!(
        folder.build().rules(),
        [
            "content/questions/a.md: dead-image",
            "content/questions/a.md: dead-link",
            "content/questions/a.png: large-image",
            "content/questions/b.gif: unsafe-file",
            "content/questions/c.pdf: unsafe-file",
        ]
    );
}

#[test]
fn a_picture_in_the_static_folder_has_a_size_and_stays_as_it_is() {
    let folder = folder("=== content/questions/a.md\n# How do I glaze a pot?\n\n![it](/photo.jpg)\n");
    folder.write("static/photo.jpg", jpeg(6));
    let rendered = folder.build();
    assert!(rendered.main("/questions/a/").contains("width=\"3024\" height=\"4032\""));
    assert_eq!(bytes(rendered.output.get("photo.jpg").expect("it is copied")), jpeg(6));
    let (site, _) = longhouse::understand(&folder.load(), Visibility::default(), &|_| {});
    let advice = longhouse::check::thorough(&site);
    assert!(advice.iter().any(|it| it.rule == Rule::PictureMetadata && &*it.file == "static/photo.jpg"));
}

#[test]
fn a_position_in_a_document_is_reported_and_published() {
    let pdf =
        [b"%PDF-1.7\nstream\n\xFF\xD8\xFF\xE1\0\xFFExif\0\0".as_slice(), &exif(1), b"\nendstream"].concat();
    let folder = folder("=== content/questions/a.md\n# How do I glaze a pot?\n\n[it](p.pdf)\n");
    let rendered = folder.write("content/questions/p.pdf", &pdf).build();
    assert!(rendered.only(Rule::PictureMetadata).message.contains("is published with it"));
    assert_eq!(published(&rendered, "p.pdf"), pdf);
}

fn refused(drawing: &str) -> bool {
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 500 500\">{drawing}</svg>");
    longhouse::page::svg::sanitize_svg(svg.as_bytes()).is_err_and(|why| why.contains("browser would freeze"))
}

/// Twelve layers, each of which refers to the one below six times.
fn layers(element: &str, reference: impl Fn(usize) -> String) -> String {
    let layer = |n: usize| {
        let inner = if n == 0 { String::new() } else { reference(n - 1) };
        let shape = format!("<path d=\"M0 0L9 9L0 9\" {inner}/>");
        format!("<{element} id=\"x{n}\" width=\"9\" height=\"9\">{}</{element}>", shape.repeat(6))
    };
    let all: String = (0..12).map(layer).collect();
    format!("<defs>{all}</defs><path d=\"M0 0L9 9L0 9\" {}/>", reference(11))
}

#[test]
fn a_drawing_whose_parts_refer_to_each_other_in_layers_is_refused() {
    for (element, attribute) in [
        ("mask", "mask"),
        ("clipPath", "clip-path"),
        ("pattern", "fill"),
        ("pattern", "stroke"),
        ("marker", "marker-start"),
        ("marker", "marker-mid"),
        ("marker", "marker-end"),
    ] {
        for reference in [
            &(|n| format!("{attribute}=\"url(#x{n})\"")) as &dyn Fn(usize) -> String,
            &|n| format!("{attribute}=\"URL( '#x{n}' )\""),
            &|n| format!("style=\"opacity:.5;{attribute}: url(#x{n})\""),
        ] {
            assert!(refused(&layers(element, reference)), "{element} {attribute} {}", reference(0));
        }
        let rules: String = (0..12).map(|n| format!(".c{n}{{{attribute}:url(#x{n})}}")).collect();
        for sheet in [format!("<style>{rules}</style>"), format!("<style><![CDATA[{rules}]]></style>")] {
            let layers = layers(element, |n| format!("class=\"c{n}\""));
            assert!(
                refused(&format!("{sheet}{layers}")) && refused(&format!("{layers}{sheet}")),
                "{attribute}"
            );
        }
    }
    let uses = |n: usize| format!("<g id=\"a{}\">{}</g>", n + 1, format!("<use href=\"#a{n}\"/>").repeat(6));
    assert!(refused(&format!("<rect id=\"a0\"/>{}", (0..9).map(uses).collect::<String>())));
    let patterns: String = (1..11)
        .map(|n| {
            format!(
                "<pattern id=\"p{n}\" href=\"#p{}\">{}</pattern>",
                n - 1,
                format!("<rect fill=\"url(#p{})\"/>", n - 1).repeat(4)
            )
        })
        .collect();
    assert!(refused(&format!("<pattern id=\"p0\"><rect/></pattern>{patterns}<rect fill=\"url(#p10)\"/>")));
}

#[test]
fn a_drawing_that_repeats_what_is_costly_is_refused() {
    let many = |count: usize, what: &str| what.repeat(count);
    let whole = "<rect width=\"500\" height=\"500\" ";
    for drawing in [
        // A circle.
        format!(
            "<mask id=\"a\" mask=\"url(#b)\"/><mask id=\"b\" mask=\"url(#a)\"/>{whole} mask=\"url(#a)\"/>"
        ),
        format!("<pattern id=\"p\"><g fill=\"url(#p)\"><rect/></g></pattern>{whole} fill=\"url(#p)\"/>"),
        // What is passed on counts for each shape inside.
        format!(
            "<pattern id=\"p\">{}</pattern><g fill=\"url(#p)\">{}</g>",
            many(500, "<rect/>"),
            many(500, "<rect/>")
        ),
        format!(
            "<marker id=\"m\">{}</marker><g marker-mid=\"url(#m)\"><path d=\"M0 0{}\"/></g>",
            many(50, "<rect/>"),
            many(9000, "l1 1")
        ),
        format!(
            "<style>*{{--p:url(#p)}}</style><pattern id=\"p\"/><g id=\"x\">{}</g>{}",
            many(400, "<rect/>"),
            many(400, "<use href=\"#x\"/>")
        ),
        // Filters over the whole drawing.
        format!(
            "<filter id=\"f\">{}</filter>{}",
            many(20, "<feGaussianBlur stdDeviation=\"9\"/>"),
            many(50, &format!("{whole} filter=\"url(#f)\"/>"))
        ),
        format!(
            "<filter id=\"f\"><feTurbulence numOctaves=\"1000000\"/></filter>{whole} filter=\"url(#f)\"/>{whole} filter=\"url(#f)\"/>"
        ),
        many(300, &format!("{whole} style=\"filter:blur(9px)\"/>"))
            + &many(300, "<g style=\"filter:blur(9px) blur(9px)\"><rect/></g>"),
        // Animations draw again and again.
        format!(
            "<mask id=\"m\">{whole}/></mask>{}",
            many(60, &format!("{whole}><animate attributeName=\"mask\" values=\"url(#m);none\"/></rect>"))
        ),
        many(600, "<rect><animate attributeName=\"x\" to=\"9\"/></rect>"),
    ] {
        assert!(refused(&drawing), "{}", &drawing[..drawing.len().min(300)]);
    }
}

#[test]
fn drawings_as_programs_write_them_are_published() {
    let clips: String = (0..200).map(|n| format!("<clipPath id=\"c{n}\"><rect width=\"40\" height=\"20\"/></clipPath><g clip-path=\"url(#c{n})\"><text>Box</text></g>")).collect();
    let glyphs: String = (0..4000).map(|n| format!("<use href=\"#g{}\" x=\"{n}\"/>", n % 60)).collect();
    let defined: String =
        (0..60).map(|n| format!("<symbol id=\"g{n}\"><path d=\"M0 0l5 5l-3 9z\"/></symbol>")).collect();
    let shadows = "<rect width=\"60\" height=\"30\" filter=\"url(#s)\"/>".repeat(150);
    let arrows = "<path d=\"M10 10L50 50\" marker-end=\"url(#e)\" stroke-dasharray=\"3 3\"/>".repeat(500);
    let shades = "<path class=\"cls-1\" d=\"M0 0h9v9z\"/>".repeat(5000);
    for drawing in [
        clips,
        format!("<defs>{defined}</defs>{glyphs}"),
        format!("<filter id=\"s\"><feGaussianBlur in=\"SourceAlpha\" stdDeviation=\"1.7\"/><feOffset dx=\"3\"/><feFlood/><feComposite/><feBlend/></filter>{shadows}"),
        format!("<marker id=\"e\" markerWidth=\"8\"><path d=\"M0 0L10 5L0 10z\"/></marker>{arrows}"),
        format!("<style>.cls-1{{fill:url(#l)}}</style><linearGradient id=\"k\"><stop/><stop/></linearGradient><linearGradient id=\"l\" href=\"#k\"/>{shades}"),
        "<circle r=\"5\"><animateTransform attributeName=\"transform\" type=\"rotate\" from=\"0\" to=\"360\" dur=\"1s\"/></circle>".repeat(12),
        "<path d=\"M0 0L500 500\"/>".repeat(20_000),
    ] {
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 500 500\">{drawing}</svg>");
        assert_eq!(longhouse::page::svg::sanitize_svg(svg.as_bytes()).err(), None, "{}", &drawing[..200]);
    }
}
