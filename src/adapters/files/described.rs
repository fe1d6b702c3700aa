//! The description of a GoBD export: which tables there are, how they are written, what hangs on what.

use chrono::NaiveDate;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::rows::Marks;
use super::text::Letters;

/// A description nested deeper is none.
const DEEPEST: usize = 32;

/// A table as it is described.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Where its rows lie, as seen from the description.
    pub file: String,
    /// How they are written; none, if in a way that we do not read: fixed widths, letters of DOS.
    pub marks: Option<Marks>,
    /// Their letters.
    pub letters: Letters,
    /// In which row the data begin, counted from 1.
    pub begins: u64,
    /// The columns in order.
    pub columns: Vec<String>,
    /// Those that tell rows apart.
    pub keys: Vec<String>,
    /// A column here, and the table whose key stands in it.
    pub links: Vec<(String, String)>,
    /// The last day of its period.
    pub to: Option<NaiveDate>,
}

#[derive(Debug, Default)]
struct Node {
    name: String,
    text: String,
    inner: Vec<Node>,
}

impl Node {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.inner.iter().filter(move |it| it.name == name)
    }

    fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| {
            node.inner.iter().find(|it| it.name == *name)
        })
    }

    fn said(&self, path: &[&str]) -> Option<&str> {
        self.at(path).map(|it| it.text.as_str())
    }
}

/// Reads a description; none, if it is none.
#[must_use]
pub fn described(text: &str) -> Option<Vec<Described>> {
    let tree = tree(text)?;
    let set = tree.inner.iter().find(|it| it.name == "DataSet")?;
    set.all("Media")
        .flat_map(|media| media.all("Table"))
        .map(table)
        .collect()
}

fn table(node: &Node) -> Option<Described> {
    let file = node.said(&["URL"])?.trim().to_owned();
    let body = node.at(&["VariableLength"]);
    let mut columns = Vec::new();
    let mut keys = Vec::new();
    let mut links = Vec::new();
    for column in body.map(|it| it.inner.as_slice()).unwrap_or_default() {
        let name = column.said(&["Name"]).map(|it| it.trim().to_owned());
        match (column.name.as_str(), name) {
            ("VariablePrimaryKey", Some(name)) => {
                keys.push(name.clone());
                columns.push(name);
            }
            ("VariableColumn", Some(name)) => columns.push(name),
            ("ForeignKey", Some(name)) => {
                links.extend(
                    column
                        .said(&["References"])
                        .map(|to| (name, to.trim().to_owned())),
                );
            }
            _ => {}
        }
    }
    let sign = |name: &str, usual: u8| match body?.said(&[name]) {
        None => Some(usual),
        Some(text) => text.bytes().next(),
    };
    // Code pages of DOS differ from country to country, and nobody says which one it was.
    let marks = body.filter(|_| node.at(&["OEM"]).is_none()).and_then(|_| {
        Some(Marks {
            between: sign("ColumnDelimiter", b';')?,
            around: sign("TextEncapsulator", b'"'),
        })
    });
    let letters = match (
        node.at(&["UTF8"]),
        node.at(&["UTF16"]),
        node.at(&["Macintosh"]),
    ) {
        (Some(_), ..) => Letters::Known(encoding_rs::UTF_8),
        (_, Some(_), ..) => Letters::Known(encoding_rs::UTF_16LE),
        (_, _, Some(_)) => Letters::Known(encoding_rs::MACINTOSH),
        _ => Letters::Guessed,
    };
    let day = |text: &str| {
        let text = text.trim();
        NaiveDate::parse_from_str(text, "%d.%m.%Y")
            .or_else(|_| NaiveDate::parse_from_str(text, "%Y%m%d"))
            .ok()
    };
    Some(Described {
        name: node
            .said(&["Name"])
            .map_or_else(|| file.clone(), |it| it.trim().to_owned()),
        file,
        marks,
        letters,
        begins: node
            .said(&["Range", "From"])
            .and_then(|it| it.trim().parse().ok())
            .unwrap_or(1),
        columns,
        keys,
        links,
        to: node.said(&["Validity", "Range", "To"]).and_then(day),
    })
}

fn tree(text: &str) -> Option<Node> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                open.push(Node {
                    name,
                    ..Node::default()
                });
                if open.len() > DEEPEST {
                    return None;
                }
            }
            Event::Empty(start) => {
                let name = start.local_name().as_ref().to_owned();
                open.last_mut()?.inner.push(Node {
                    name,
                    ..Node::default()
                });
            }
            Event::End(_) => {
                let done = open.pop()?;
                open.last_mut()?.inner.push(done);
            }
            Event::Text(piece) => open.last_mut()?.text.push_str(&piece),
            Event::CData(piece) => open.last_mut()?.text.push_str(&piece),
            Event::GeneralRef(name) => {
                let sign = match name.resolve_char_ref().ok()? {
                    Some(sign) => sign,
                    // An entity of the description's own could hold anything: there are none.
                    None => match name.as_ref() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => return None,
                    },
                };
                open.last_mut()?.text.push(sign);
            }
            Event::Eof => return (open.len() == 1).then(|| open.pop()).flatten(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">
<DataSet><Version>1.0</Version><Media><Name>CD</Name><Table><URL>kunden.csv</URL><Name>Kunden &amp; Co</Name>
<Validity><Range><From>01.01.2024</From><To>31.12.2024</To></Range></Validity><UTF8/><Range><From>2</From></Range>
<VariableLength><ColumnDelimiter>&#9;</ColumnDelimiter><TextEncapsulator>"</TextEncapsulator>
<VariablePrimaryKey><Name>Nr</Name><AlphaNumeric/></VariablePrimaryKey><VariableColumn><Name>Mail</Name><AlphaNumeric/></VariableColumn>
<ForeignKey><Name>Nr</Name><References>Konten</References></ForeignKey></VariableLength></Table></Media></DataSet>"#;

    #[test]
    fn a_table_is_what_its_description_says() {
        let tables = described(SMALL).unwrap();
        let table = &tables[0];
        assert_eq!(
            (table.name.as_str(), table.file.as_str(), table.begins),
            ("Kunden & Co", "kunden.csv", 2)
        );
        assert_eq!(
            table.marks,
            Some(Marks {
                between: b'\t',
                around: Some(b'"')
            })
        );
        assert_eq!(table.columns, ["Nr", "Mail"]);
        assert_eq!(table.links, [("Nr".to_owned(), "Konten".to_owned())]);
        assert_eq!(table.to.unwrap().to_string(), "2024-12-31");
    }

    #[test]
    fn a_description_that_is_none_is_none() {
        let deep = format!("{}{}", "<a>".repeat(99), "</a>".repeat(99));
        let own = SMALL.replace("&amp;", "&lol;");
        for text in [
            "",
            "<DataSet>",
            "<html/>",
            &deep,
            &own,
            &SMALL.replace("<URL>kunden.csv</URL>", ""),
        ] {
            assert_eq!(described(text), None);
        }
    }
}
