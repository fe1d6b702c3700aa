//! What servers on the way vouch for (RFC 8601): which domains signed the message. Anybody can write such a line; who
//! wrote it, and how far up it stands, decides whether it counts.

use super::{bounds, head::Head, wording};
use crate::reading::message::Vouched;

/// All such lines, topmost first, each with how many `Received` lines stand above it.
pub fn vouched(head: &Head<'_>) -> Vec<Vouched> {
    let mut above = 0;
    let mut found = Vec::new();
    for field in &head.fields {
        if field.name.eq_ignore_ascii_case(b"received") {
            above += 1;
        }
        if field.name.eq_ignore_ascii_case(b"authentication-results")
            && found.len() < bounds::RECEIVED
        {
            found.extend(line(&wording::header_text(field.value), above));
        }
    }
    found
}

/// `mx.example; dkim=pass (2048-bit key) header.d=post.example header.s=s1; spf=pass …`
fn line(text: &str, above: usize) -> Option<Vouched> {
    let plain = without_comments(text);
    let mut parts = plain.split(';');
    let server = parts.next()?.split_whitespace().next()?.to_lowercase();
    let signed = parts.filter_map(|part| {
        let mut words = part.split_whitespace();
        let method = words.next()?.to_lowercase();
        if method != "dkim=pass" && method != "dkim/1=pass" {
            return None;
        }
        words.find_map(|word| {
            let word = word.to_lowercase();
            let domain = word.strip_prefix("header.d=");
            let identity = word
                .strip_prefix("header.i=")
                .and_then(|it| it.rsplit_once('@'));
            let domain = domain.or(identity.map(|(_, domain)| domain))?;
            let domain = domain.trim_matches(['"', '.', ',']);
            (!domain.is_empty()).then(|| domain.to_owned())
        })
    });
    Some(Vouched {
        server,
        above,
        signed: signed.take(bounds::RECEIVED).collect(),
    })
}

/// Comments may hold anything, semicolons too.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for c in text.chars() {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_who_vouches_for_which_domain() {
        let text = "mx.kontor.example 1; spf=pass smtp.mailfrom=x.example; dkim=pass (2048; rsa) header.d=Post.example \
                    header.s=s1; dkim=fail header.d=other.example; dkim=pass header.i=@news.post.example";
        let said = line(text, 1).unwrap();
        assert_eq!(said.server, "mx.kontor.example");
        assert_eq!(said.signed, ["post.example", "news.post.example"]);
        assert_eq!(line("mx.kontor.example; none", 0).unwrap().signed, [""; 0]);
        assert_eq!(line("", 0), None);
    }

    #[test]
    fn lines_know_how_far_up_they_stand() {
        let raw = b"Authentication-Results: mx.kontor.example; dkim=pass header.d=a.example\r\n\
                    Received: from x by mx.kontor.example; Mon, 2 Mar 2026 08:00:00 +0100\r\n\
                    Authentication-Results: mx.kontor.example; dkim=pass header.d=forged.example\r\n\r\n";
        let head = Head::read(raw);
        let above: Vec<usize> = vouched(&head).iter().map(|it| it.above).collect();
        assert_eq!(above, [0, 1]);
    }
}
