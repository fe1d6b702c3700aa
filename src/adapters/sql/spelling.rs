//! In which spellings a table may hold an identifier.

use std::collections::HashSet;

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::named::{Parameter, Values};
use crate::domain::identifier::{Identifier, SearchKey};

/// No zone is further from UTC than this.
const FARTHEST: TimeDelta = TimeDelta::hours(14);

/// What is bound for an identifier: one set for each spelling in which a table may hold it. Where a zone is set, columns
/// hold its times and not those of UTC: a window is asked for so wide that no zone falls out of it, and each row is
/// compared with the window itself afterwards.
pub fn values(identifier: &Identifier, zone: Option<Tz>) -> Vec<Values> {
    let (given, canonical) = (
        identifier.value.reveal().trim().to_owned(),
        identifier.canonical(),
    );
    let mut spellings = match identifier.kind {
        SearchKey::Email => {
            let ascii = canonical.rsplit_once('@').and_then(|(local, domain)| {
                let domain = idna::domain_to_ascii(domain).ok()?;
                Some(format!("{local}@{domain}"))
            });
            vec![Some(canonical.clone()), Some(given), ascii]
        }
        SearchKey::Phone => {
            let national = canonical.strip_prefix("+49").map(|rest| format!("0{rest}"));
            let abroad = canonical.strip_prefix('+').map(|rest| format!("00{rest}"));
            vec![Some(canonical.clone()), Some(given), national, abroad]
        }
        SearchKey::Ip => vec![Some(canonical.clone())],
        _ => vec![Some(given)],
    };
    let mut seen = HashSet::new();
    spellings.retain(|it| it.is_some() && seen.insert(it.clone()));
    let end: String = canonical
        .chars()
        .rev()
        .take(6)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let of = |spelling: String| {
        let mut values = Values::from([(Parameter::Key(identifier.kind), spelling)]);
        if identifier.kind == SearchKey::Phone {
            values.insert(Parameter::PhoneEnd, end.clone());
        }
        if let Some(window) = identifier.window {
            let form = "%Y-%m-%d %H:%M:%S";
            let wider = zone.map_or(TimeDelta::zero(), |_| FARTHEST);
            let from = window.from.checked_sub_signed(wider).unwrap_or(window.from);
            let to = window.to.checked_add_signed(wider).unwrap_or(window.to);
            values.insert(Parameter::From, from.format(form).to_string());
            values.insert(Parameter::To, to.format(form).to_string());
        }
        values
    };
    spellings.into_iter().flatten().map(of).collect()
}
