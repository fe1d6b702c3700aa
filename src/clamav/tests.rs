//! A clamd that says what it is told to say: answers, cuts, silence, rubbish.

use std::time::{Duration, Instant};

use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UnixListener};

use super::*;

fn settings(clamd: &str) -> Settings {
    Settings {
        clamd: clamd.to_owned(),
        when_away: WhenAway::Refuse,
        seconds: 1,
    }
}

fn pieces(bytes: &[u8]) -> Pieces<'static> {
    let pieces: Vec<_> = bytes.chunks(100_000).map(|it| Ok(it.to_vec())).collect();
    Box::pin(stream::iter(pieces))
}

/// What the other side does after it has heard so many bytes.
#[derive(Clone, Copy)]
struct Manner {
    hears: usize,
    says: &'static [u8],
    stays: bool,
}

async fn asked(manner: Manner, file: Pieces<'_>) -> (Result<Seen, Unseen>, Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut line, _) = listener.accept().await.unwrap();
        let mut heard = 0;
        let mut piece = [0; 4096];
        while heard < manner.hears {
            heard += line.read(&mut piece).await.unwrap();
        }
        line.write_all(manner.says).await.unwrap();
        if manner.stays {
            std::future::pending::<()>().await;
        }
    });
    let clamd = Clamd::new(&settings(&format!("tcp {address}"))).unwrap();
    let begun = Instant::now();
    let seen = clamd.look(file).await;
    (seen, begun.elapsed())
}

/// Hears the whole of a small file, then says this.
async fn answered(says: &'static [u8]) -> Result<Seen, Unseen> {
    let hears = "zINSTREAM\0".len() + 4 + 3 + 4;
    let manner = Manner {
        hears,
        says,
        stays: false,
    };
    asked(manner, pieces(b"abc")).await.0
}

#[tokio::test]
async fn only_a_plain_yes_is_a_yes() {
    assert_eq!(answered(b"stream: OK\0").await, Ok(Seen::Nothing));
    assert_eq!(
        answered(b"stream: Win.Test.EICAR_HDB-1 FOUND\0").await,
        Ok(Seen::Malware("Win.Test.EICAR_HDB-1".to_owned()))
    );
    assert_eq!(
        answered(b"INSTREAM size limit exceeded. ERROR\0").await,
        Err(Unseen::TooLarge)
    );
    for other in [
        b"OK\0".as_slice(),
        b"stream: OK ERROR\0",
        b"stream: OKAY\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"\xff\xfe\x01\r\nSet-Cookie: x\0",
        b"stream: OK\nstream: OK\0",
    ] {
        let said = answered(other).await;
        assert!(matches!(said, Err(Unseen::Unclear(_))), "{said:?}");
    }
    assert!(matches!(answered(b"").await, Err(Unseen::Away(_))));
}

#[tokio::test]
async fn who_is_silent_is_waited_for_no_longer_than_said() {
    let silent = Manner {
        hears: 0,
        says: b"",
        stays: true,
    };
    let (seen, took) = asked(silent, pieces(b"abc")).await;
    assert_eq!(seen, Err(Unseen::Slow));
    assert!(took < Duration::from_secs(5), "{took:?}");
    // Nor when it takes nothing in: the buffers of the line are full long before the end.
    let (seen, took) = asked(silent, pieces(&vec![7; 32 << 20])).await;
    assert_eq!(seen, Err(Unseen::Slow));
    assert!(took < Duration::from_secs(5), "{took:?}");
    // Nor when its answer has no end.
    let endless = Manner {
        says: &[b'x'; 20_000],
        ..silent
    };
    assert!(asked(endless, pieces(b"abc")).await.0.is_err());
}

#[tokio::test]
async fn who_hangs_up_in_the_middle_has_said_nothing() {
    let cut = Manner {
        hears: 1,
        says: b"",
        stays: false,
    };
    let (seen, _) = asked(cut, pieces(&vec![7; 8 << 20])).await;
    assert!(matches!(seen, Err(Unseen::Away(_))), "{seen:?}");
    let nobody = Clamd::new(&settings("/nowhere/clamd.ctl")).unwrap();
    assert!(matches!(
        nobody.look(pieces(b"abc")).await,
        Err(Unseen::Away(_))
    ));
    assert!(!nobody.is_there().await);
    assert_eq!(nobody.check().await.unwrap_err().code, "scanner-away");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_not_taken_for_clean() {
    let torn = stream::iter([Ok(b"abc".to_vec()), Err(std::io::Error::other("torn"))]);
    let hears = Manner {
        hears: 1,
        says: b"stream: OK\0",
        stays: true,
    };
    let (seen, _) = asked(hears, Box::pin(torn)).await;
    assert_eq!(seen, Err(Unseen::Unreadable));
}

#[tokio::test]
async fn a_scanner_without_signatures_is_found_out_by_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clamd.ctl");
    let listener = UnixListener::bind(&path).unwrap();
    tokio::spawn(async move {
        loop {
            let (mut line, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            let mut piece = [0; 4096];
            loop {
                let read = line.read(&mut piece).await.unwrap();
                heard.extend_from_slice(&piece[..read]);
                if heard == b"zPING\0" {
                    line.write_all(b"PONG\0").await.unwrap();
                    break;
                }
                if read == 0 || heard.ends_with(&[0; 4]) {
                    line.write_all(b"stream: OK\0").await.unwrap();
                    break;
                }
            }
        }
    });
    let clamd = Clamd::new(&settings(path.to_str().unwrap())).unwrap();
    assert!(clamd.is_there().await);
    assert_eq!(clamd.check().await.unwrap_err().code, "scanner-blind");
}

#[test]
fn an_address_is_a_path_or_host_and_port() {
    let address = |text: &str| settings(text).address();
    assert_eq!(
        address("/run/clamav/clamd.ctl"),
        Ok(Address::Socket("/run/clamav/clamd.ctl".into()))
    );
    assert_eq!(
        address("tcp clamav:3310"),
        Ok(Address::Tcp("clamav:3310".to_owned()))
    );
    for wrong in [
        "",
        "clamd.ctl",
        "clamav:3310",
        "tcp clamav",
        "tcp :3310",
        "tcp clamav:0",
        "tcp clamav:x",
    ] {
        assert!(address(wrong).is_err(), "{wrong}");
    }
    assert!(settings("tcp clamav:3310").leaves_the_machine());
    for near in [
        "/run/x",
        "tcp 127.0.0.1:3310",
        "tcp localhost:1",
        "tcp [::1]:3310",
    ] {
        assert!(!settings(near).leaves_the_machine(), "{near}");
    }
}

#[test]
fn the_pattern_of_the_trial_is_the_one_that_scanners_know() {
    let pattern = answer::test_pattern();
    let digest = ring::digest::digest(&ring::digest::SHA256, &pattern);
    let hex: String = digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        hex,
        "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
    );
}
