//! `rechtzeitig deadline`: counts a period and says why; needs no configuration and no database.

use std::io::{BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, Utc};

use super::table::{self, Fault};
use crate::domain::calendar::{Calendar, Place};
use crate::domain::deadline::{Period, WhatIf, what_if};
use crate::domain::lang::Lang;
use crate::words::because::{because, because_extension, clock_obstacle};

/// The keys of the lines, and the columns of the table.
const COLUMNS: [&str; 11] = [
    "received",
    "place",
    "due",
    "extended_due",
    "nominal_due",
    "extended_a",
    "extended_b",
    "extended_earliest",
    "paused_due",
    "cautious_due",
    "because",
];

/// Count the period of Art. 12(3) GDPR from the day of receipt, with reasons.
///
/// Dates are written 2026-01-31. A place is DE (nationwide holidays only), a Land such as DE-HE, or a
/// Land with a municipality such as DE-BY+mariae-himmelfahrt, DE-BY+augsburg, DE-SN+fronleichnam.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["received", "at", "csv"])))]
pub struct Args {
    /// Day of receipt, in German time
    #[arg(long, value_name = "DATE")]
    received: Option<NaiveDate>,
    /// Instant of receipt, such as 2026-03-31T22:30:00Z
    #[arg(long, value_name = "INSTANT")]
    at: Option<DateTime<Utc>>,
    /// Table with the columns received, place and, if wished, asked and answered; "-" reads standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["place", "asked", "answered"])]
    csv: Option<PathBuf>,
    /// Place whose public holidays count
    #[arg(long, default_value = "DE")]
    place: Place,
    /// Day on which the person was asked about identity or scope
    #[arg(long, value_name = "DATE")]
    asked: Option<NaiveDate>,
    /// Day on which a sufficient answer came
    #[arg(long, value_name = "DATE", requires = "asked")]
    answered: Option<NaiveDate>,
    /// Language of the reasons: de or en
    #[arg(long, default_value = "de")]
    lang: Lang,
}

/// Runs the verb. Exit code 1 if a date cannot be counted or a row is wrong.
pub fn run(args: &Args, out: &mut impl Write, err: &mut impl Write) -> ExitCode {
    let told = match &args.csv {
        Some(file) => table::open(file).and_then(|input| rows(input, args.lang, out)),
        None => single(args, out),
    };
    table::end(told, err)
}

fn single(args: &Args, out: &mut impl Write) -> Result<bool, Fault> {
    let place = args.place.clone();
    let period = match (args.received, args.at) {
        (Some(received), _) => Period::on(received, place),
        (None, Some(at)) => Period::at(at, place),
        (None, None) => {
            return Err(Fault::Said(String::from(
                "one of --received, --at or --csv is needed",
            )));
        }
    };
    let counted = what_if(period, args.asked, args.answered, Calendar::shipped())
        .map_err(|obstacle| Fault::Said(clock_obstacle(&obstacle, args.lang)))?;
    for (key, value) in COLUMNS.iter().zip(cells(&counted, args.lang)) {
        // An empty value leaves no blank behind the colon.
        writeln!(out, "{}", format!("{key}: {value}").trim_end())?;
    }
    out.flush()?;
    Ok(true)
}

/// Reads row by row and writes each at once, so that a long table needs no memory.
fn rows(input: impl Read, lang: Lang, out: &mut impl Write) -> Result<bool, Fault> {
    let (mut reader, header) = table::rows(input)?;
    let column = |name: &str| header.iter().position(|column| column == name);
    let (Some(received), Some(place)) = (column("received"), column("place")) else {
        return Err(Fault::Said(format!(
            "the header must be received,place[,asked,answered], not {}",
            header.join(",")
        )));
    };
    let (asked, answered) = (column("asked"), column("answered"));

    let mut writer = csv::Writer::from_writer(BufWriter::new(out));
    writer.write_record(COLUMNS)?;
    let mut all_good = true;
    for row in reader.byte_records() {
        let row = row?;
        let cell = |at: Option<usize>| {
            String::from_utf8_lossy(at.and_then(|at| row.get(at)).unwrap_or_default()).into_owned()
        };
        let (received, place) = (cell(Some(received)), cell(Some(place)));
        let counted = if row.len() > header.len() {
            Err(format!(
                "{} cells under {} columns",
                row.len(),
                header.len()
            ))
        } else {
            count(&received, &place, &cell(asked), &cell(answered), lang)
        };
        match counted {
            Ok(counted) => {
                let [_, _, dates @ ..] = cells(&counted, lang);
                writer.write_record([received, place].iter().chain(&dates))?;
            }
            Err(said) => {
                all_good = false;
                writer.write_record([
                    &received, &place, "error", "", "", "", "", "", "", "", &said,
                ])?;
            }
        }
    }
    writer.flush()?;
    Ok(all_good)
}

fn count(
    received: &str,
    place: &str,
    asked: &str,
    answered: &str,
    lang: Lang,
) -> Result<WhatIf, String> {
    let day = |name: &str, cell: &str| {
        cell.parse::<NaiveDate>()
            .map_err(|_| format!("{name}: '{cell}' is no date such as 2026-01-31"))
    };
    let optional = |name: &str, cell: &str| match cell {
        "" => Ok(None),
        cell => day(name, cell).map(Some),
    };
    let place = Place::parse(place).map_err(|error| format!("place: {error}"))?;
    let period = Period::on(day("received", received)?, place);
    what_if(
        period,
        optional("asked", asked)?,
        optional("answered", answered)?,
        Calendar::shipped(),
    )
    .map_err(|obstacle| clock_obstacle(&obstacle, lang))
}

fn cells(counted: &WhatIf, lang: Lang) -> [String; 11] {
    let WhatIf { deadline, refused } = counted;
    let mut reasons = because(deadline, lang);
    if let Some(refused) = refused {
        reasons = format!("{reasons} {}", clock_obstacle(refused, lang));
    }
    let extended = &deadline.extended;
    [
        deadline.received.to_string(),
        deadline.place.to_string(),
        deadline.due.to_string(),
        extended.used.to_string(),
        deadline.nominal_due.to_string(),
        extended.a.to_string(),
        extended.b.to_string(),
        extended.earliest.to_string(),
        deadline
            .paused_due
            .map(|day| day.to_string())
            .unwrap_or_default(),
        deadline.cautious_due.to_string(),
        format!("{reasons} {}", because_extension(deadline, lang)),
    ]
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
        Line::try_parse_from([&["deadline"], words].concat()).map(|line| line.args)
    }

    fn told(words: &[&str]) -> (ExitCode, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = run(&line(words).unwrap(), &mut out, &mut err);
        (
            code,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    fn counted(input: &[u8]) -> (bool, Vec<Vec<String>>) {
        let mut out = Vec::new();
        let good = rows(input, Lang::De, &mut out).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(out.as_slice());
        (
            good,
            reader
                .records()
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect(),
        )
    }

    #[test]
    fn a_day_is_counted_in_lines() {
        let (code, out, err) = told(&[
            "--received",
            "2026-01-31",
            "--place",
            "DE-BY+mariae-himmelfahrt",
        ]);
        assert_eq!((code, err.as_str()), (ExitCode::SUCCESS, ""));
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(
            lines[..10],
            [
                "received: 2026-01-31",
                "place: DE-BY+mariae-himmelfahrt",
                "due: 2026-03-02",
                "extended_due: 2026-04-30",
                "nominal_due: 2026-02-28",
                "extended_a: 2026-04-28",
                "extended_b: 2026-05-04",
                "extended_earliest: 2026-04-28",
                "paused_due:",
                "cautious_due: 2026-03-02",
            ]
        );
        assert!(lines[10].starts_with("because: Eingegangen am Samstag, 31. Januar 2026."));
        assert_eq!(lines.len(), 11);
    }

    #[test]
    fn an_instant_is_a_german_day() {
        let (_, out, _) = told(&["--at", "2026-03-31T22:30:00Z", "--lang", "en"]);
        assert!(
            out.starts_with("received: 2026-04-01\nplace: DE\ndue: 2026-05-04\n"),
            "{out}"
        );
        assert!(
            out.contains("because: Received on Wednesday, 1 April 2026 at 00:30 German time."),
            "{out}"
        );
    }

    #[test]
    fn a_pause_moves_the_date_and_a_late_question_does_not() {
        let days = [
            "--received",
            "2025-01-31",
            "--asked",
            "2025-02-03",
            "--answered",
            "2025-02-13",
        ];
        assert!(told(&days).1.contains("\npaused_due: 2025-03-10\n"));
        let (code, out, _) = told(&[
            "--received",
            "2025-01-31",
            "--asked",
            "2025-02-13",
            "--answered",
            "2025-02-20",
        ]);
        assert_eq!(code, ExitCode::SUCCESS);
        assert!(
            out.contains("\npaused_due:\n") && out.contains("hält die Frist nicht an"),
            "{out}"
        );
    }

    #[test]
    fn what_cannot_be_counted_is_an_error() {
        let (code, out, err) = told(&["--received", "2041-01-31"]);
        assert_eq!((code, out.as_str()), (ExitCode::FAILURE, ""));
        assert!(err.contains("außerhalb der Feiertagstabelle"), "{err}");
        assert!(line(&["--received", "2026-01-31", "--place", "DE-XX"]).is_err());
        assert!(line(&["--received", "2026-01-31", "--answered", "2026-02-01"]).is_err());
        assert!(line(&["--received", "2026-01-31", "--at", "2026-01-31T00:00:00Z"]).is_err());
        assert!(line(&[]).is_err());
        let (code, _, err) = told(&["--csv", "no-such-table.csv"]);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(err.contains("no-such-table.csv"), "{err}");
    }

    #[test]
    fn a_table_keeps_its_order_and_tells_bad_rows() {
        let input = b"\xef\xbb\xbfreceived,place,asked,answered\n\
            2026-01-31,DE-BY,,\n\
            2026-02-30,DE,,\n\
            2025-01-31,DE-HE,2025-02-03,2025-02-13\n\
            2026-01-31,DE-XY,,\n\
            2026-01-31\n\
            2026-01-31,DE,2026-02-10,2026-02-03\n\
            2026-01-\xff,DE,,\n\
            2014-12-31,DE,,\n\
            2026-03-05,DE-HE,,\n";
        let (good, rows) = counted(input);
        assert!(!good);
        assert_eq!(rows[0], COLUMNS);
        let due: Vec<&str> = rows[1..].iter().map(|row| row[2].as_str()).collect();
        assert_eq!(
            due,
            [
                "2026-03-02",
                "error",
                "2025-02-28",
                "error",
                "error",
                "error",
                "error",
                "error",
                "2026-04-07"
            ]
        );
        assert_eq!(rows[2][..2], ["2026-02-30", "DE"]);
        assert_eq!(
            rows[2][10],
            "received: '2026-02-30' is no date such as 2026-01-31"
        );
        assert!(
            rows[4][10].contains("unknown Land 'DE-XY'; there are DE, DE-BB"),
            "{}",
            rows[4][10]
        );
        assert_eq!(rows[3][8], "2025-03-10");
    }

    #[test]
    fn a_good_table_is_good_and_a_wrong_header_is_not() {
        assert!(counted(b"place,received\nDE,2026-01-31\n").0);
        assert!(matches!(
            rows(&b"date,place\n"[..], Lang::De, &mut Vec::new()),
            Err(Fault::Said(_))
        ));
    }
}
