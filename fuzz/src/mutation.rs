//! How a message is spoiled: bytes turned, pieces cut, doubled and exchanged, words put in that parsers trip over.

/// Longer inputs cost time and find nothing more.
const LONGEST: usize = 400_000;

const WORDS: &[&[u8]] = &[
    b"\r\n\r\n",
    b"--",
    b"\n--A\n",
    b"--A--",
    b"boundary=",
    b"Content-Type: multipart/mixed; boundary=A\n\n--A\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Type: message/delivery-status\n\n",
    b"Content-Type: application/rtf\n\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"=?utf-8?B?",
    b"=?utf-8?Q?=C3",
    b"=?utf-7?B?",
    b"?=",
    b"<",
    b">",
    b"<div style=\"display:none\">",
    b"<blockquote type=cite>",
    b"</td>",
    b"<table><tr><td>",
    b"<style>.a{color:#fff}</style>",
    b"<pre>",
    b"<!--",
    b"&#x110000;",
    b"&",
    b"filename*0*=utf-8''%",
    b"charset=utf-16",
    b"charset=iso-2022-jp",
    b"format=flowed; delsp=yes",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\0",
    b"From ",
    b"Received: ",
    b"; ",
    b"\"",
    b"\\",
    b"(",
    b"{\\rtf1 \\u-10179?\\'fc",
    b"\\bin99999999 ",
    b"\\uc9 ",
    b"begin 644 a.txt\n",
    b"\nend\n",
    b"+AGE-",
    b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: x\n\n",
    b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
    b"Final-Recipient: rfc822;",
    b"9999999999999999999",
    b"-1",
    b"stream\n",
    b"endstream",
    b" obj\n",
    b"<<",
    b">>",
    b"/Filter",
    b" BT ",
    b" Tj ",
    b" cm ",
    b" Do ",
];

/// Xorshift: small, quick, the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    fn of<'a>(&mut self, list: &[&'a [u8]]) -> &'a [u8] {
        let at = self.below(list.len());
        list.get(at).copied().unwrap_or_default()
    }
}

/// One of the seeds, spoiled in up to a dozen places.
pub fn mutated(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let pick = dice.below(seeds.len());
    let mut bytes = seeds.get(pick).cloned().unwrap_or_default();
    for _ in 0..=dice.below(12) {
        spoil(dice, seeds, &mut bytes);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn spoil(dice: &mut Dice, seeds: &[Vec<u8>], bytes: &mut Vec<u8>) {
    let at = dice.below(bytes.len() + 1);
    match dice.below(9) {
        0 => {
            let [value, ..] = dice.next().to_be_bytes();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
        }
        1 => {
            let bit = 1 << dice.below(8);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= bit;
            }
        }
        2 => {
            let end = (at + dice.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        3 | 4 => {
            let word = dice.of(WORDS);
            bytes.splice(at..at, word.iter().copied());
        }
        5 => {
            let end = (at + dice.below(300)).min(bytes.len());
            let piece = bytes.get(at..end).unwrap_or_default().to_vec();
            let to = dice.below(bytes.len() + 1);
            for _ in 0..=dice.below(6) {
                bytes.splice(to..to, piece.iter().copied());
            }
        }
        6 => {
            let pick = dice.below(seeds.len());
            let other = seeds.get(pick).map(Vec::as_slice).unwrap_or_default();
            let from = dice.below(other.len());
            let end = (from + dice.below(600)).min(other.len());
            bytes.splice(
                at..at,
                other.get(from..end).unwrap_or_default().iter().copied(),
            );
        }
        7 => bytes.truncate(at),
        _ => {
            let word = dice.of(WORDS);
            for _ in 0..dice.below(200) {
                bytes.extend_from_slice(word);
            }
        }
    }
}
