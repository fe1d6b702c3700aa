//! `rechtzeitig retention`: from which day on a record may be erased, and why; needs no configuration and no database.

use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;

use super::table::{self, Fault};
use crate::domain::lang::Lang;
use crate::domain::law::{LawBook, Period, Sector};
use crate::words::periods::{because_kept, no_date, period_error};

/// The keys of the lines, and the columns of the table.
const COLUMNS: [&str; 4] = ["kind", "dated", "erasable_from", "because"];

/// Count how long a record is kept: the first day on which it may be erased, with the rule.
///
/// Kinds are voucher, book, commercial-letter, tax-document, case-file (from the end of the calendar year),
/// applicant:3m (after the rejection), log:30 (days after the entry), after:24m, year-end:3, and what ends
/// with an event, dated by it: account, contract, handled, booked, objection, withdrawal, session, chosen.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["kind", "csv"])))]
pub struct Args {
    /// What is kept, such as voucher, applicant:3m or log:30
    #[arg(long, value_name = "KIND", requires = "dated")]
    kind: Option<String>,
    /// Day of the record: of the voucher, the last entry, the event, the closing of the case
    #[arg(long, value_name = "DATE", conflicts_with = "csv")]
    dated: Option<String>,
    /// Table with the columns kind and dated; "-" reads standard input
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// general, or bank for banks, insurers and investment firms
    #[arg(long, default_value = "general")]
    sector: Sector,
    /// Language of the reasons: de or en
    #[arg(long, default_value = "de")]
    lang: Lang,
    /// An own book of law instead of the shipped one
    #[arg(long, value_name = "FILE")]
    law: Option<PathBuf>,
}

/// Runs the verb. Exit code 1 if a kind or a date is wrong.
pub fn run(args: &Args, out: &mut impl Write, err: &mut impl Write) -> ExitCode {
    table::end(told(args, out), err)
}

/// By what is counted.
struct Rules {
    book: LawBook,
    sector: Sector,
    lang: Lang,
}

impl Rules {
    /// From which day on, and why; or what is wrong.
    fn count(&self, kind: &str, dated: &str) -> Result<(NaiveDate, String), String> {
        let said = |error| period_error(&error, self.lang);
        let period: Period = kind.parse().map_err(said)?;
        let day: NaiveDate = dated.parse().map_err(|_| no_date(dated, self.lang))?;
        let kept = self.book.kept(period, day, self.sector).map_err(said)?;
        Ok((kept.erasable_from, because_kept(&kept, self.lang)))
    }

    /// The same as cells, with whether it went well.
    fn cells(&self, kind: &str, dated: &str) -> ([String; 4], bool) {
        let (from, because, good) = match self.count(kind, dated) {
            Ok((from, because)) => (from.to_string(), because, true),
            Err(said) => (String::from("error"), said, false),
        };
        ([kind.to_owned(), dated.to_owned(), from, because], good)
    }
}

fn told(args: &Args, out: &mut impl Write) -> Result<bool, Fault> {
    let rules = Rules {
        book: match &args.law {
            Some(file) => own_book(file)?,
            None => LawBook::shipped().clone(),
        },
        sector: args.sector,
        lang: args.lang,
    };
    match (&args.csv, &args.kind, &args.dated) {
        (Some(file), _, _) => rows(table::open(file)?, &rules, out),
        (None, Some(kind), Some(dated)) => {
            let (cells, good) = rules.cells(kind.trim(), dated.trim());
            for (key, value) in COLUMNS.iter().zip(cells) {
                writeln!(out, "{}", format!("{key}: {value}").trim_end())?;
            }
            out.flush()?;
            Ok(good)
        }
        (None, _, _) => Err(Fault::Said(String::from(
            "--kind with --dated, or --csv is needed",
        ))),
    }
}

fn own_book(file: &Path) -> Result<LawBook, Fault> {
    let said = |error: &dyn std::fmt::Display| Fault::Said(format!("{}: {error}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| said(&error))?;
    LawBook::parse(&text).map_err(|error| said(&error))
}

/// Reads row by row and writes each at once, so that a long table needs no memory.
fn rows(input: impl Read, rules: &Rules, out: &mut impl Write) -> Result<bool, Fault> {
    let (mut reader, header) = table::rows(input)?;
    let column = |name: &str| header.iter().position(|column| column == name);
    let (Some(kind), Some(dated)) = (column("kind"), column("dated")) else {
        return Err(Fault::Said(format!(
            "the header must be kind,dated, not {}",
            header.join(",")
        )));
    };
    let mut writer = csv::Writer::from_writer(BufWriter::new(out));
    writer.write_record(COLUMNS)?;
    let mut all_good = true;
    for row in reader.byte_records() {
        let row = row?;
        let cell =
            |at: usize| String::from_utf8_lossy(row.get(at).unwrap_or_default()).into_owned();
        let (kind, dated) = (cell(kind), cell(dated));
        let (cells, good) = if row.len() > header.len() {
            let said = format!("{} cells under {} columns", row.len(), header.len());
            ([kind, dated, String::from("error"), said], false)
        } else {
            rules.cells(&kind, &dated)
        };
        all_good &= good;
        writer.write_record(cells)?;
    }
    writer.flush()?;
    Ok(all_good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn line(words: &[&str]) -> Result<Args, clap::Error> {
        use clap::Parser;
        Line::try_parse_from([&["retention"], words].concat()).map(|line| line.args)
    }

    fn said(words: &[&str]) -> (ExitCode, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = run(&line(words).unwrap(), &mut out, &mut err);
        (
            code,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    fn counted(input: &[u8]) -> (bool, Vec<Vec<String>>) {
        let rules = Rules {
            book: LawBook::shipped().clone(),
            sector: Sector::General,
            lang: Lang::De,
        };
        let mut out = Vec::new();
        let good = rows(input, &rules, &mut out).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(out.as_slice());
        let rows = reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect());
        (good, rows.collect())
    }

    #[test]
    fn sec_147_ao_a_voucher_is_counted_in_lines() {
        let (code, out, err) = said(&["--kind", "voucher", "--dated", "2017-05-04"]);
        assert_eq!((code, err.as_str()), (ExitCode::SUCCESS, ""));
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(
            lines[..3],
            [
                "kind: voucher",
                "dated: 2017-05-04",
                "erasable_from: 2026-01-01"
            ]
        );
        assert!(lines[3].starts_with("because: Buchungsbeleg oder Rechnung: acht Jahre"));
        assert_eq!(lines.len(), 4);
        let bank = [
            "--kind",
            "voucher",
            "--dated",
            "2017-05-04",
            "--sector",
            "bank",
            "--lang",
            "en",
        ];
        let (_, out, _) = said(&bank);
        assert!(
            out.contains("\nerasable_from: 2028-01-01\nbecause: Voucher or invoice: ten years"),
            "{out}"
        );
    }

    #[test]
    fn an_unknown_kind_or_day_is_an_error_with_exit_code_1() {
        for words in [
            ["--kind", "invoices", "--dated", "2017-05-04"],
            ["--kind", "voucher", "--dated", "2017-02-30"],
            ["--kind", "review:2y", "--dated", "2017-02-03"],
        ] {
            let (code, out, _) = said(&words);
            assert_eq!(code, ExitCode::FAILURE, "{words:?}");
            assert!(out.contains("\nerasable_from: error\nbecause: "), "{out}");
        }
        assert!(line(&["--kind", "voucher"]).is_err());
        assert!(line(&["--dated", "2017-05-04"]).is_err());
        assert!(line(&[]).is_err());
        assert!(
            line(&[
                "--kind",
                "voucher",
                "--dated",
                "2017-05-04",
                "--sector",
                "shop"
            ])
            .is_err()
        );
        let (code, _, err) = said(&["--csv", "no-such-table.csv"]);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(err.contains("no-such-table.csv"), "{err}");
    }

    #[test]
    fn a_table_keeps_its_order_and_tells_bad_rows() {
        let input = b"\xef\xbb\xbfkind,dated\n\
            voucher,2015-05-04\n\
            invoices,2015-05-04\n\
            log:30,2026-03-01\n\
            voucher,\n\
            voucher\n\
            book,2017-05-04,x\n\
            case-file,2026-05-04\n\
            applicant:3m,2026-01-31\n";
        let (good, rows) = counted(input);
        assert!(!good);
        assert_eq!(rows[0], COLUMNS);
        let from: Vec<&str> = rows[1..].iter().map(|row| row[2].as_str()).collect();
        assert_eq!(
            from,
            [
                "2025-01-01",
                "error",
                "2026-04-01",
                "error",
                "error",
                "error",
                "2030-01-01",
                "2026-05-01"
            ]
        );
        assert!(rows[2][3].contains("invoices"), "{}", rows[2][3]);
        assert_eq!(rows[6][3], "3 cells under 2 columns");
    }

    #[test]
    fn a_good_table_is_good_and_a_wrong_header_is_not() {
        assert!(counted(b"dated,kind\n2017-05-04,voucher\n").0);
        let rules = Rules {
            book: LawBook::shipped().clone(),
            sector: Sector::General,
            lang: Lang::De,
        };
        assert!(matches!(
            rows(&b"type,dated\n"[..], &rules, &mut Vec::new()),
            Err(Fault::Said(_))
        ));
    }
}
