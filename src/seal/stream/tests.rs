//! Sealed files that were cut, shuffled, glued and changed.

use std::io::Cursor;

use super::*;

fn plain(length: usize) -> Vec<u8> {
    (0..251).cycle().take(length).collect()
}

fn sealed(key: &Key, plain: &[u8]) -> Vec<u8> {
    let mut writer = SealWriter::new(Vec::new(), key).unwrap();
    // Odd portions, so that pieces fill up across several writes.
    for portion in plain.chunks(10_007) {
        writer.write_all(portion).unwrap();
    }
    let (out, written) = writer.finish().unwrap();
    assert_eq!(written, plain.len() as u64);
    out
}

fn opened(key: &Key, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut out = Vec::new();
    SealReader::open(Cursor::new(sealed), key)?.read_to_end(&mut out)?;
    Ok(out)
}

#[test]
fn files_of_every_length_around_a_piece_come_back() {
    let key = Key::generate(2);
    for length in [
        0,
        1,
        100,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        3 * CHUNK,
        3 * CHUNK + 5,
    ] {
        let plain = plain(length);
        let sealed = sealed(&key, &plain);
        assert_eq!(
            sealed_size(length as u64),
            Some(sealed.len() as u64),
            "{length}"
        );
        assert_eq!(plain_size(sealed.len() as u64).unwrap(), length as u64);
        assert!(opened(&key, &sealed).unwrap() == plain, "{length}");
    }
}

#[test]
fn any_range_can_be_read_for_itself() {
    let key = Key::generate(1);
    let plain = plain(3 * CHUNK + 77);
    let sealed = sealed(&key, &plain);
    let mut reader = SealReader::open(Cursor::new(&sealed), &key).unwrap();
    for (start, length) in [
        (0, 10),
        (CHUNK - 3, 6),
        (CHUNK, CHUNK),
        (5, 3 * CHUNK),
        (3 * CHUNK + 70, 100),
        (2 * CHUNK, 0),
        (9 * CHUNK, 4),
    ] {
        let expected = &plain[start.min(plain.len())..(start + length).min(plain.len())];
        let range = reader.range(start as u64, length as u64).unwrap();
        assert!(&**range == expected, "{start} {length}");
    }
    reader.seek(SeekFrom::End(-7)).unwrap();
    let mut tail = Vec::new();
    reader.read_to_end(&mut tail).unwrap();
    assert_eq!(tail, plain[plain.len() - 7..]);
    assert!(reader.seek(SeekFrom::End(-(1 << 40))).is_err());
}

#[test]
fn a_file_cut_anywhere_does_not_open_even_for_its_first_byte() {
    let key = Key::generate(1);
    let sealed = sealed(&key, &plain(3 * CHUNK + 40));
    let piece = CHUNK + TAG;
    let mut cuts: Vec<usize> = (0..HEADER + 40).collect();
    cuts.extend([1, 2, 3].map(|n| HEADER + n * piece));
    cuts.extend([1, 2, 3].map(|n| HEADER + n * piece - 1));
    cuts.extend([1, 2, 3].map(|n| HEADER + n * piece + 20));
    cuts.extend(sealed.len() - 60..sealed.len());
    for cut in cuts {
        assert!(
            SealReader::open(Cursor::new(&sealed[..cut]), &key).is_err(),
            "cut at {cut}"
        );
    }
}

#[test]
fn pieces_swapped_repeated_dropped_or_appended_do_not_open() {
    let key = Key::generate(1);
    let whole = sealed(&key, &plain(4 * CHUNK));
    let (header, body) = whole.split_at(HEADER);
    let pieces: Vec<&[u8]> = body.chunks(CHUNK + TAG).collect();
    let glued = |order: &[usize]| -> Vec<u8> {
        header
            .iter()
            .copied()
            .chain(order.iter().flat_map(|at| pieces[*at].to_vec()))
            .collect()
    };
    assert!(opened(&key, &glued(&[0, 1, 2, 3])).is_ok());
    for order in [
        &[1, 0, 2, 3][..],
        &[0, 0, 2, 3],
        &[0, 2, 3],
        &[0, 1, 2],
        &[0, 1, 3, 2],
        &[0, 1, 2, 3, 3],
        &[3],
        &[],
    ] {
        assert!(opened(&key, &glued(order)).is_err(), "{order:?}");
    }
    let mut appended = whole.clone();
    appended.push(0);
    assert!(opened(&key, &appended).is_err());
    // The last piece of a file sealed with the same key is no ending for this one.
    let other = sealed(&key, &plain(4 * CHUNK));
    let mut spliced = glued(&[0, 1, 2]);
    spliced.extend(&other[HEADER + 3 * (CHUNK + TAG)..]);
    assert!(opened(&key, &spliced).is_err());
}

#[test]
fn every_changed_byte_of_a_small_file_is_noticed() {
    let key = Key::generate(1);
    let sealed = sealed(&key, b"scan of a letter");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 0x20;
        assert!(opened(&key, &changed).is_err(), "byte {at}");
    }
    assert!(matches!(
        opened(&Key::generate(1), &sealed),
        Err(SealError::Damaged)
    ));
    assert!(matches!(
        opened(&Key::generate(2), &sealed),
        Err(SealError::KeyVersion(1))
    ));
    assert!(matches!(
        opened(&key, b"%PDF-1.7 and so on, in the clear"),
        Err(SealError::Format(0))
    ));
}

#[test]
fn a_writer_whose_disk_is_full_says_so_and_stays_shut() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self
                .0
                .checked_sub(bytes.len())
                .ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut writer = SealWriter::new(Full(1_000), &Key::generate(1)).unwrap();
    writer.write_all(&plain(CHUNK)).unwrap();
    assert_eq!(
        writer.write_all(b"more").unwrap_err().kind(),
        io::ErrorKind::StorageFull
    );
    assert!(writer.write_all(b"more").is_err());
    assert!(writer.finish().is_err());
}

/// Bytes from the first version; see the test of the same name for values.
#[test]
fn what_the_first_version_sealed_still_opens() {
    let hex = "525a534601000383a36bee605911bfd0ed4129e265e4716236e48b60f7accd09a8716f202dfe79df797138de422d";
    let sealed: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect();
    assert_eq!(
        opened(&Key::from_bytes(3, [7; 32]), &sealed).unwrap(),
        b"scan"
    );
}
