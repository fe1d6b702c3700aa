//! What an outsider would try on an export, and what the check says to it.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;

const ORIGIN: &str = "rechtzeitig.example/ledger/t";
const FORMATS: [Format; 2] = [Format::JsonLines, Format::Csv];

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[1; 32]).unwrap()
}

fn at(n: u64) -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::microseconds(i64::try_from(n * 1_234_567).unwrap())
}

fn grown(chain: &mut Chain, entries: u64, salt: u8) -> Vec<Entry> {
    (0..entries)
        .map(|n| {
            chain
                .append(
                    at(n),
                    "kind.a",
                    format!("s:{n}"),
                    "",
                    [salt ^ u8::try_from(n).unwrap(); 32],
                )
                .unwrap()
        })
        .collect()
}

fn log(entries: u64) -> (Vec<Entry>, Checkpoint) {
    let mut chain = Chain::new();
    let log = grown(&mut chain, entries, 0);
    (log, key().sign(chain.size(), chain.root()))
}

fn export(format: Format, log: &[Entry], checkpoint: &Checkpoint) -> Vec<u8> {
    let mut export = ExportWriter::new(Vec::new(), format).unwrap();
    log.iter().for_each(|entry| export.entry(entry).unwrap());
    export.finish(checkpoint).unwrap()
}

fn report(file: &[u8], earlier: &[Checkpoint]) -> Report {
    verify(file, key().verify_key(), earlier).unwrap()
}

/// The finding, which there must be.
fn broken(file: &[u8], earlier: &[Checkpoint]) -> Finding {
    match report(file, earlier) {
        Report::Broken(finding) => finding,
        Report::Intact(_) => panic!("passed as intact: {}", String::from_utf8_lossy(file)),
    }
}

/// In both formats the same is found.
fn both(log: &[Entry], checkpoint: &Checkpoint, earlier: &[Checkpoint]) -> (Code, Option<u64>) {
    let [json, csv] = FORMATS.map(|format| broken(&export(format, log, checkpoint), earlier));
    assert_eq!(
        (json.code, json.entry),
        (csv.code, csv.entry),
        "{} {}",
        json.message,
        csv.message
    );
    (json.code, json.entry)
}

/// The entry with other parts, all else (its link too) left as it is.
fn altered(entry: &Entry, seq: u64, actor: &str, prev: Hash) -> Entry {
    Entry::new(
        seq,
        entry.at(),
        entry.kind(),
        entry.subject(),
        actor,
        entry.payload(),
        prev,
    )
    .unwrap()
}

/// The entries from `from` on, chained anew so that no link is broken.
fn rechained(log: &mut [Entry], from: usize) {
    for n in from..log.len() {
        let prev = if n == 0 { NO_ENTRY } else { log[n - 1].hash() };
        log[n] = altered(&log[n], n as u64, log[n].actor(), prev);
    }
}

fn signed(log: &[Entry]) -> Checkpoint {
    let mut tree = Frontier::new();
    log.iter().for_each(|entry| tree.append(entry.hash()));
    key().sign(tree.size(), tree.root())
}

#[test]
fn logs_of_all_small_sizes_are_intact_with_all_their_earlier_checkpoints() {
    for size in 0..20 {
        let (log, checkpoint) = log(size);
        let earlier: Vec<_> = (0..=log.len()).map(|size| signed(&log[..size])).collect();
        for format in FORMATS {
            let Report::Intact(intact) = report(&export(format, &log, &checkpoint), &earlier)
            else {
                panic!("size {size}");
            };
            assert_eq!(intact.checkpoint, checkpoint);
            assert_eq!(intact.earlier, (0..=size).collect::<Vec<_>>());
        }
    }
}

#[test]
fn any_changed_byte_is_found_and_its_entry_named() {
    let (log, checkpoint) = log(4);
    for format in FORMATS {
        let file = export(format, &log, &checkpoint);
        let header = if format == Format::Csv { 1 } else { 0 };
        let mut line = 0;
        for position in 0..file.len() {
            for new in [
                b'0',
                b'"',
                b'\n',
                b'\r',
                0xff,
                file[position] ^ 1,
                file[position] ^ 0x20,
            ] {
                let mut file = file.clone();
                if file[position] == new {
                    continue;
                }
                file[position] = new;
                let finding = broken(&file, &[]);
                if (header..header + 4).contains(&line) {
                    let context = format!("{format:?} byte {position} to {new}: {finding:?}");
                    assert_eq!(finding.entry, Some(line - header), "{context}");
                }
            }
            line += u64::from(file[position] == b'\n');
        }
    }
}

#[test]
fn any_byte_too_many_or_too_few_is_found() {
    let (log, checkpoint) = log(4);
    for format in FORMATS {
        let file = export(format, &log, &checkpoint);
        for position in 0..=file.len() {
            assert!(
                matches!(report(&file[..position], &[]), Report::Broken(_))
                    || position == file.len()
            );
            for new in [b'0', b' ', b'"', b',', b'\n', b'\r', 0xef] {
                let longer = [&file[..position], &[new], &file[position..]].concat();
                if longer != file {
                    broken(&longer, &[]);
                }
            }
            if position < file.len() {
                broken(&[&file[..position], &file[position + 1..]].concat(), &[]);
            }
        }
        let crlf = String::from_utf8(file).unwrap().replace('\n', "\r\n");
        broken(crlf.as_bytes(), &[]);
    }
}

#[test]
fn a_dropped_entry_is_named_with_and_without_renumbering() {
    let (log, checkpoint) = log(9);
    for n in 0..9 {
        let mut fewer = log.clone();
        fewer.remove(n);
        assert_eq!(
            both(&fewer, &checkpoint, &[]),
            (Code::Missing, Some(n as u64))
        );
        for (seq, entry) in fewer.iter_mut().enumerate() {
            *entry = altered(entry, seq as u64, entry.actor(), entry.prev());
        }
        assert_eq!(both(&fewer, &checkpoint, &[]).1, Some(n as u64));
    }
    for n in 0..8 {
        let fewer = [&log[..n], &log[n + 2..]].concat();
        assert_eq!(
            both(&fewer, &checkpoint, &[]),
            (Code::Missing, Some(n as u64))
        );
    }
}

#[test]
fn the_first_of_two_swapped_entries_is_named() {
    let (log, checkpoint) = log(9);
    for n in 0..9 {
        for m in n + 1..9 {
            let mut swapped = log.clone();
            swapped.swap(n, m);
            let (code, entry) = both(&swapped, &checkpoint, &[]);
            assert_eq!(entry, Some(n as u64), "{n} {m}");
            assert_eq!(code, Code::Order, "{n} {m}");
        }
    }
}

#[test]
fn an_inserted_entry_is_named() {
    let (log, checkpoint) = log(9);
    for n in 0..=9_usize {
        let prev = if n == 0 { NO_ENTRY } else { log[n - 1].hash() };
        for prev in [prev, [3; 32]] {
            let mut more = log.clone();
            more.insert(n, altered(&log[n.min(8)], n as u64, "forged", prev));
            let (code, entry) = both(&more, &checkpoint, &[]);
            assert_eq!(entry, Some(n as u64));
            assert_eq!(
                code,
                if n == 9 && prev != [3; 32] {
                    Code::Unsigned
                } else {
                    Code::Inserted
                }
            );
            // The same, and those behind it given new numbers.
            for (seq, entry) in more.iter_mut().enumerate() {
                *entry = altered(entry, seq as u64, entry.actor(), entry.prev());
            }
            assert_eq!(both(&more, &checkpoint, &[]).1, Some(n as u64), "{prev:?}");
        }
        // A true entry stands twice: the place of the copy is named.
        if n < 9 {
            let mut more = log.clone();
            more.insert(n + 1, log[n].clone());
            assert_eq!(
                both(&more, &checkpoint, &[]),
                (Code::Inserted, Some(n as u64 + 1))
            );
        }
    }
}

#[test]
fn what_is_cut_at_the_end_is_named() {
    let (log, checkpoint) = log(6);
    for n in 0..6 {
        assert_eq!(
            both(&log[..n], &checkpoint, &[]),
            (Code::Missing, Some(n as u64))
        );
        for format in FORMATS {
            let file = export(format, &log[..n], &checkpoint);
            let end = file
                .windows(10)
                .position(|window| window == b"checkpoint")
                .unwrap();
            let end = if format == Format::Csv { end } else { end - 2 };
            let finding = broken(&file[..end], &[]);
            let empty = format == Format::JsonLines && n == 0;
            assert_eq!(
                finding.code,
                if empty {
                    Code::Empty
                } else {
                    Code::NoCheckpoint
                }
            );
            assert_eq!(finding.entry, if empty { None } else { Some(n as u64) });
        }
    }
    // An honest older checkpoint over the shorter file: only an earlier one kept elsewhere tells.
    let shorter = export(Format::Csv, &log[..4], &signed(&log[..4]));
    assert!(matches!(report(&shorter, &[]), Report::Intact(_)));
    let finding = broken(&shorter, &[signed(&log[..3]), checkpoint]);
    assert_eq!((finding.code, finding.entry), (Code::NotExtended, Some(4)));
    assert!(
        finding
            .message
            .contains("checkpoint of size 6 is not extended by this file"),
        "{}",
        finding.message
    );
}

#[test]
fn a_rewritten_chain_is_found_and_bounded_by_earlier_checkpoints() {
    let (log, checkpoint) = log(9);
    let earlier: Vec<_> = [0, 3, 5, 9].map(|size| signed(&log[..size])).into();
    for n in 0..9 {
        let mut forged = log.clone();
        forged[n] = altered(&log[n], n as u64, "forged", log[n].prev());
        rechained(&mut forged, n + 1);
        // The old signature does not fit the new root.
        assert_eq!(both(&forged, &checkpoint, &[]), (Code::Rewritten, Some(8)));
        // A new one does: the log's own keeper rewrote it.
        assert!(matches!(
            report(&export(Format::Csv, &forged, &signed(&forged)), &[]),
            Report::Intact(_)
        ));
        assert_eq!(
            both(&forged, &signed(&forged), &earlier),
            (Code::NotExtended, None)
        );
        let finding = broken(&export(Format::Csv, &forged, &signed(&forged)), &earlier);
        let (size, text) = match n {
            0..3 => (3, "from 0 to 2"),
            3..5 => (5, "from 3 to 4"),
            _ => (9, "from 5 to 8"),
        };
        assert!(
            finding
                .message
                .contains(&format!("checkpoint of size {size} is not extended")),
            "{}",
            finding.message
        );
        assert!(
            n < 3 || finding.message.contains(text),
            "{}",
            finding.message
        );
    }
    let all: Vec<_> = (0..=9).map(|size| signed(&log[..size])).collect();
    let mut forged = log.clone();
    forged[6] = altered(&log[6], 6, "forged", log[6].prev());
    rechained(&mut forged, 7);
    assert_eq!(
        both(&forged, &checkpoint, &all),
        (Code::NotExtended, Some(6))
    );
}

#[test]
fn of_several_changed_entries_the_first_is_named() {
    let (log, checkpoint) = log(9);
    for n in 0..9 {
        for m in n + 1..9 {
            let mut changed = log.clone();
            for k in [n, m] {
                changed[k] = altered(&log[k], k as u64, "forged", log[k].prev());
            }
            // Of a last entry nothing tells what it was: had only its link been changed, the file
            // would look the same as with the last two changed.
            let named = if n == 7 { 8 } else { n };
            assert_eq!(
                both(&changed, &checkpoint, &[]),
                (Code::Changed, Some(named as u64)),
                "{n} {m}"
            );
        }
    }
}

#[test]
fn only_the_right_key_for_the_right_log_is_believed() {
    let (log, _) = log(3);
    let root = signed(&log).root();
    let other_key = SigningKey::from_seed(ORIGIN, &[2; 32])
        .unwrap()
        .sign(3, root);
    let other_log = SigningKey::from_seed("rechtzeitig.example/ledger/u", &[1; 32])
        .unwrap()
        .sign(3, root);
    let mut forged = other_key.clone();
    forged.key = key().verify_key().id();
    assert_eq!(both(&log, &other_key, &[]), (Code::ForeignKey, None));
    assert_eq!(both(&log, &other_log, &[]), (Code::ForeignOrigin, None));
    assert_eq!(both(&log, &forged, &[]), (Code::Signature, None));
    for earlier in [other_key, other_log, forged] {
        assert_eq!(
            both(&log, &signed(&log), &[earlier]),
            (Code::EarlierSignature, None)
        );
    }
}

#[test]
fn garbage_is_a_finding_and_giant_lines_are_not_read_to_their_end() {
    assert_eq!(broken(b"", &[]).code, Code::Empty);
    assert_eq!(broken(b"hello\n", &[]).code, Code::Format);
    assert_eq!(broken(&[0xff; 100], &[]).code, Code::Format);
    let (log, checkpoint) = log(2);
    for format in FORMATS {
        let file = export(format, &log, &checkpoint);
        let first = file.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let endless = std::io::Read::chain(
            &file[..first],
            std::io::BufReader::new(std::io::repeat(b'x')),
        );
        let Report::Broken(finding) = verify(endless, key().verify_key(), &[]).unwrap() else {
            panic!()
        };
        assert_eq!(finding.code, Code::Unreadable);
        assert!(
            finding.message.contains("far too long"),
            "{}",
            finding.message
        );
        let endless =
            std::io::Read::chain(&file[..], std::io::BufReader::new(std::io::repeat(b'\n')));
        let Report::Broken(finding) = verify(endless, key().verify_key(), &[]).unwrap() else {
            panic!()
        };
        assert_eq!(finding.code, Code::Trailing);
    }
}

#[test]
fn the_sample_log_of_the_other_implementation_is_written_and_read_alike() {
    let key = VerifyKey::parse(include_str!("../../tests/data/ledger/key.txt").trim_end()).unwrap();
    let note = include_str!("../../tests/data/ledger/earlier.note");
    let earlier = Checkpoint::parse(note).unwrap();
    assert_eq!(earlier.to_string(), note);
    assert_eq!(earlier.verify(&key), Ok(()));
    let seed = *b"\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60";
    let signing = SigningKey::from_seed(key.origin(), &seed).unwrap();
    assert_eq!(signing.verify_key(), &key);
    assert_eq!(signing.sign(earlier.size(), earlier.root()), earlier);
    for file in [
        include_str!("../../tests/data/ledger/log.jsonl"),
        include_str!("../../tests/data/ledger/log.csv"),
    ] {
        let Report::Intact(intact) =
            verify(file.as_bytes(), &key, std::slice::from_ref(&earlier)).unwrap()
        else {
            panic!("not intact");
        };
        assert_eq!((intact.checkpoint.size(), intact.earlier), (7, vec![4]));
    }
}

#[test]
fn keys_and_notes_are_read_in_their_one_form_only() {
    let text = key().verify_key().to_string();
    assert_eq!(VerifyKey::parse(&text).as_ref(), Ok(key().verify_key()));
    let note = signed(&log(3).0).to_string();
    for position in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        assert!(
            VerifyKey::parse(str::from_utf8(&bytes).unwrap()).is_err(),
            "{position}"
        );
    }
    for bad in [
        format!("{text}\n"),
        format!(" {text}"),
        text.to_uppercase(),
        text.replace('+', " "),
    ] {
        assert!(VerifyKey::parse(&bad).is_err());
    }
    let two = format!("{note}{}", note.lines().last().unwrap());
    for bad in [
        note.trim_end().to_owned(),
        format!("{note}\n"),
        two.clone(),
        format!("{two}\n"),
        note.replace("\n3\n", "\n03\n"),
        note.replace("\n3\n", "\n+3\n"),
        note.replace("\n\n", "\nextension\n\n"),
        note.replace('\n', "\r\n"),
        note.replace('—', "-"),
    ] {
        assert_eq!(Checkpoint::parse(&bad), Err(Error::Checkpoint), "{bad}");
    }
    for origin in ["", "a b", "a+b", "a\nb", "ä", "\"", &"o".repeat(201)] {
        assert_eq!(
            SigningKey::from_seed(origin, &[0; 32]).err(),
            Some(Error::Origin)
        );
    }
}

#[test]
fn a_stored_chain_goes_on_where_it_ended() {
    let mut chain = Chain::new();
    grown(&mut chain, 5, 0);
    let mut stored = Chain::from_bytes(&chain.to_bytes()).unwrap();
    assert_eq!(grown(&mut stored, 3, 1), grown(&mut chain, 3, 1));
    assert_eq!(stored.root(), chain.root());
    assert!(chain.append(at(0), "no blanks", "", "", NO_ENTRY).is_err());
    assert_eq!(stored, chain);
    assert_eq!(
        Chain::from_bytes(&chain.to_bytes()[1..]),
        Err(Error::Stored)
    );
    assert_eq!(
        Chain::from_bytes(&[&[1; 32][..], &[0; 8]].concat()),
        Err(Error::Stored)
    );
}

proptest! {
    #[test]
    fn random_damage_never_passes_and_never_panics(
        csv: bool, cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), proptest::collection::vec(any::<u8>(), 0..40)), 1..4),
    ) {
        let (log, checkpoint) = log(6);
        let original = export(if csv { Format::Csv } else { Format::JsonLines }, &log, &checkpoint);
        let mut file = original.clone();
        for (from, to, new) in cuts {
            if file.is_empty() { break; }
            let (from, to) = (from.index(file.len()), to.index(file.len()));
            file.splice(from.min(to)..from.max(to), new);
        }
        prop_assert_eq!(matches!(report(&file, &[checkpoint]), Report::Intact(_)), file == original);
    }
}
