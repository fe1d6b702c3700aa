//! The talk with a server of address books: PROPFIND, REPORT, GET, PUT, DELETE; and the paths in its answers.

use reqwest::Method;

use super::xml::{CARD, DAV, Element, escaped};
use crate::adapters::http::{Answer, Call, Http};
use crate::ports::source::{Fault, Mishap};

/// A path on the server, as it writes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Href(String);

impl Href {
    /// The path of an answer; an address is taken for its path, if it is on this host.
    pub fn read(text: &str, origin: &str) -> Option<Href> {
        let text = text.trim();
        let path = match text.strip_prefix(origin) {
            Some(path) if path.starts_with('/') => path,
            _ => text,
        };
        let sound =
            path.starts_with('/') && !path.starts_with("//") && !path.contains(['?', '#', '\\']);
        let href = Href(path.to_owned());
        let steps = href
            .pieces()
            .iter()
            .any(|it| it == "." || it == ".." || it.chars().any(char::is_control));
        (sound && !steps).then_some(href)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its pieces, undone.
    pub fn pieces(&self) -> Vec<String> {
        self.0
            .split('/')
            .filter(|it| !it.is_empty())
            .map(undone)
            .collect()
    }

    /// Whether it is the same place, however it is written.
    pub fn is(&self, other: &Href) -> bool {
        self.pieces() == other.pieces()
    }

    /// Whether it lies directly in that folder.
    pub fn is_in(&self, folder: &Href) -> bool {
        let (mine, above) = (self.pieces(), folder.pieces());
        mine.len() == above.len() + 1 && mine.starts_with(&above)
    }

    fn call(&self, method: Method) -> Call {
        let pieces = self.pieces();
        let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
        let call = Call::new(method, &pieces);
        match self.0.ends_with('/') && !pieces.is_empty() {
            true => call.folder(),
            false => call,
        }
    }
}

fn undone(piece: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = piece.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        let hex = behind.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        match hex
            .filter(|_| byte == b'%')
            .and_then(|it| u8::from_str_radix(it, 16).ok())
        {
            Some(decoded) => {
                bytes.push(decoded);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What an answer says of one place.
#[derive(Debug)]
pub(super) struct Told {
    pub href: Href,
    /// Of the place as a whole, where it says one.
    pub status: Option<u16>,
    /// Its properties that were given.
    pub props: Vec<Element>,
}

impl Told {
    /// A property.
    pub fn prop(&self, space: &str, name: &str) -> Option<&Element> {
        self.props.iter().find(|it| it.is(space, name))
    }

    /// The state of the place.
    pub fn etag(&self) -> Option<String> {
        self.prop(DAV, "getetag")
            .map(|it| it.text.trim().to_owned())
            .filter(|it| !it.is_empty())
    }
}

/// A server, signed in.
pub(super) struct Dav {
    http: Http,
    origin: String,
}

impl Dav {
    pub fn new(http: Http, origin: String) -> Dav {
        Dav { http, origin }
    }

    /// The path in an answer.
    pub fn href(&self, text: &str) -> Option<Href> {
        Href::read(text, &self.origin)
    }

    /// The paths in a property.
    pub fn hrefs(&self, element: &Element) -> Vec<Href> {
        element
            .each(DAV, "href")
            .filter_map(|it| self.href(&it.text))
            .collect()
    }

    /// Asks for properties of a place, and with depth 1 of what lies in it.
    pub async fn propfind(&self, at: &Href, depth: u8, props: &str) -> Result<Vec<Told>, Mishap> {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><d:propfind xmlns:d=\"DAV:\" xmlns:c=\"{CARD}\"><d:prop>{props}</d:prop></d:propfind>"
        );
        self.many(at, b"PROPFIND", depth, body).await
    }

    /// Asks an address book for the cards that fit one of the filters.
    pub async fn query(&self, book: &Href, filters: &str) -> Result<Vec<Told>, Mishap> {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><c:addressbook-query xmlns:d=\"DAV:\" xmlns:c=\"{CARD}\"><d:prop>\
             <d:getetag/><c:address-data/></d:prop><c:filter test=\"anyof\">{filters}</c:filter></c:addressbook-query>"
        );
        self.many(book, b"REPORT", 1, body).await
    }

    async fn many(
        &self,
        at: &Href,
        method: &'static [u8],
        depth: u8,
        body: String,
    ) -> Result<Vec<Told>, Mishap> {
        let method =
            Method::from_bytes(method).map_err(|_| Mishap::new(Fault::Misconfigured, "method"))?;
        let call = at.call(method).header("depth", depth.to_string());
        let answer = self
            .http
            .ask(&call.body("application/xml; charset=utf-8", body.into_bytes()))
            .await?;
        if answer.status != 207 {
            return Err(Mishap::new(
                Fault::Unreadable,
                format!("status {} where 207 belongs", answer.status),
            ));
        }
        let document = Element::read(answer.bytes())?;
        if !document.is(DAV, "multistatus") {
            return Err(Mishap::new(Fault::Unreadable, "XML of another shape"));
        }
        let mut told = Vec::new();
        for response in document
            .inner
            .into_iter()
            .filter(|it| it.is(DAV, "response"))
        {
            let href = response.one(DAV, "href").and_then(|it| self.href(&it.text));
            let Some(href) = href else {
                return Err(Mishap::new(
                    Fault::Unreadable,
                    "a place on another host, or none",
                ));
            };
            let status = response.one(DAV, "status").and_then(|it| code(&it.text));
            let mut props = Vec::new();
            for found in response
                .inner
                .into_iter()
                .filter(|it| it.is(DAV, "propstat"))
            {
                let good = found
                    .one(DAV, "status")
                    .and_then(|it| code(&it.text))
                    .is_none_or(|it| (200..300).contains(&it));
                if good {
                    props.extend(
                        found
                            .inner
                            .into_iter()
                            .filter(|it| it.is(DAV, "prop"))
                            .flat_map(|it| it.inner),
                    );
                }
            }
            told.push(Told {
                href,
                status,
                props,
            });
        }
        Ok(told)
    }

    /// A card: its state and its text; none, if it is not there.
    pub async fn get(&self, at: &Href) -> Result<Option<(Option<String>, String)>, Mishap> {
        let answer = self
            .http
            .send(&at.call(Method::GET).header("accept", "text/vcard"))
            .await?;
        if matches!(answer.status, 404 | 410) {
            return Ok(None);
        }
        let answer = answer.sound()?;
        let text = String::from_utf8(answer.bytes().to_vec()).unwrap_or_else(|error| {
            encoding_rs::WINDOWS_1252
                .decode(error.as_bytes())
                .0
                .into_owned()
        });
        Ok(Some((answer.header("etag").map(str::to_owned), text)))
    }

    /// Writes a card over the one that is in this state.
    pub async fn put(&self, at: &Href, etag: Option<&str>, text: String) -> Result<Answer, Mishap> {
        let call = conditional(at.call(Method::PUT), etag);
        self.http
            .send(&call.body("text/vcard; charset=utf-8", text.into_bytes()))
            .await
    }

    /// Takes away the card that is in this state.
    pub async fn delete(&self, at: &Href, etag: Option<&str>) -> Result<Answer, Mishap> {
        self.http
            .send(&conditional(at.call(Method::DELETE), etag))
            .await
    }

    /// Where `.well-known/carddav` leads (RFC 6764).
    pub async fn well_known(&self) -> Result<Option<Href>, Mishap> {
        let call = Call::get(&[".well-known", "carddav"]);
        Ok(self
            .http
            .leads_to(&call)
            .await?
            .and_then(|it| self.href(&it)))
    }

    /// The bytes of a card.
    pub fn stream(&self, at: &Href, largest: u64) -> crate::ports::source::Pieces<'static> {
        self.http.stream(at.call(Method::GET), largest)
    }
}

/// A weak mark never fits (RFC 9110, 13.1.1): there only our own look before counts.
fn conditional(call: Call, etag: Option<&str>) -> Call {
    match etag.filter(|it| !it.starts_with("W/")) {
        Some(etag) => call.header("if-match", etag),
        None => call,
    }
}

/// `HTTP/1.1 200 OK`.
fn code(status: &str) -> Option<u16> {
    status.split_whitespace().nth(1)?.parse().ok()
}

/// A filter: a property that says this.
pub(super) fn filter(property: &str, how: &str, collation: &str, text: &str) -> String {
    format!(
        "<c:prop-filter name=\"{property}\"><c:text-match collation=\"{collation}\" match-type=\"{how}\">{}</c:text-match></c:prop-filter>",
        escaped(text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_on_this_host_and_no_step_upwards() {
        let read = |text: &str| Href::read(text, "https://dav.example");
        for text in ["/u/book/a%20b.vcf", "https://dav.example/u/book/a%20b.vcf"] {
            assert_eq!(read(text).unwrap().pieces(), ["u", "book", "a b.vcf"]);
        }
        for text in [
            "https://evil.example/u",
            "//evil.example/u",
            "/u/../x",
            "/u/%2e%2e/x",
            "u/book",
            "/u?x=1",
            "",
            "https://dav.example.evil.example/u",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let (card, book) = (read("/u/b%6Fok/a.vcf").unwrap(), read("/u/book/").unwrap());
        assert!(card.is_in(&book) && !book.is_in(&card));
        assert!(!read("/u/book/below/a.vcf").unwrap().is_in(&book));
    }
}
