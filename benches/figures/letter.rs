//! One letter, from its facts to its pages.

use std::time::Instant;

use chrono::DateTime;
use rechtzeitig::domain::controller::AddressForm;
use rechtzeitig::domain::lang::Lang;
use rechtzeitig::letters::facts::Facts;
use rechtzeitig::letters::pdf::print_sheet;
use rechtzeitig::letters::press::{Kind, Press};

use crate::Failure;
use crate::table::Table;

const LETTERS: usize = 200;

/// Prints the longest letter there is, an answer in which everything occurs, once the press is warm.
pub fn measure(table: &mut Table) -> Result<(), Failure> {
    let press = Press::new(None);
    let facts = Facts::sample(Lang::De)?;
    let mut spent = Vec::with_capacity(LETTERS);
    let mut pages = 0;
    for round in 0..LETTERS + 10 {
        let begun = Instant::now();
        let printed = press.print(Kind::Answer, Lang::De, AddressForm::Sie, &facts)?;
        let sheet = printed.sheet(
            &facts,
            Lang::De,
            vec!["Ida Fröhlich".to_owned()],
            DateTime::UNIX_EPOCH,
        );
        let sheets = print_sheet(&sheet)?;
        if round >= 10 {
            spent.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        pages = sheets.pages;
    }
    spent.sort_unstable_by(f64::total_cmp);
    let at = |place: usize| spent.get(place).copied().unwrap_or_default();
    table.below(
        "letter (answer), text to PDF, p50",
        10.0,
        at(LETTERS / 2),
        " ms",
    );
    table.note("  p99", at(LETTERS * 99 / 100), " ms");
    table.note("  pages", pages as f64, "");
    Ok(())
}
