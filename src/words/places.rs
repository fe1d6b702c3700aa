//! What a place for public holidays is called.

use crate::domain::calendar::{Land, Place};
use crate::domain::lang::Lang;

/// `Bayern (Stadt Augsburg)`, `Deutschland`; municipalities of an own table keep the table's spelling.
pub fn place_name(place: &Place, lang: Lang) -> String {
    let land = match place.land() {
        None => {
            return String::from(if lang == Lang::De {
                "Deutschland"
            } else {
                "Germany"
            });
        }
        Some(land) => land_name(land, lang),
    };
    if place.parts().is_empty() {
        return land.to_owned();
    }
    let parts: Vec<&str> = place
        .parts()
        .iter()
        .map(|part| part_name(part, lang))
        .collect();
    format!("{land} ({})", parts.join(", "))
}

/// The place as one says where something is: `in Hessen`, `im Saarland`.
pub fn place_with_in(place: &Place, lang: Lang) -> String {
    let name = place_name(place, lang);
    match (place.land(), lang) {
        (Some(Land::Saarland), Lang::De) => format!("im {name}"),
        _ => format!("in {name}"),
    }
}

/// The name of a Land.
pub fn land_name(land: Land, lang: Lang) -> &'static str {
    let (de, en) = match land {
        Land::Brandenburg => ("Brandenburg", "Brandenburg"),
        Land::Berlin => ("Berlin", "Berlin"),
        Land::BadenWuerttemberg => ("Baden-Württemberg", "Baden-Württemberg"),
        Land::Bavaria => ("Bayern", "Bavaria"),
        Land::Bremen => ("Bremen", "Bremen"),
        Land::Hesse => ("Hessen", "Hesse"),
        Land::Hamburg => ("Hamburg", "Hamburg"),
        Land::MecklenburgVorpommern => ("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
        Land::LowerSaxony => ("Niedersachsen", "Lower Saxony"),
        Land::NorthRhineWestphalia => ("Nordrhein-Westfalen", "North Rhine-Westphalia"),
        Land::RhinelandPalatinate => ("Rheinland-Pfalz", "Rhineland-Palatinate"),
        Land::SchleswigHolstein => ("Schleswig-Holstein", "Schleswig-Holstein"),
        Land::Saarland => ("Saarland", "Saarland"),
        Land::Saxony => ("Sachsen", "Saxony"),
        Land::SaxonyAnhalt => ("Sachsen-Anhalt", "Saxony-Anhalt"),
        Land::Thuringia => ("Thüringen", "Thuringia"),
    };
    if lang == Lang::De { de } else { en }
}

fn part_name(part: &str, lang: Lang) -> &str {
    match (part, lang) {
        ("augsburg", Lang::De) => "Stadt Augsburg",
        ("augsburg", Lang::En) => "city of Augsburg",
        ("mariae-himmelfahrt", Lang::De) => "Gemeinde mit Mariä Himmelfahrt",
        ("mariae-himmelfahrt", Lang::En) => "municipality that keeps Assumption Day",
        ("fronleichnam", Lang::De) => "Gemeinde mit Fronleichnam",
        ("fronleichnam", Lang::En) => "municipality that keeps Corpus Christi",
        (own, _) => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;

    #[test]
    fn every_place_of_the_table_has_a_name_of_its_own() {
        let mut names: Vec<String> = Calendar::shipped()
            .places()
            .iter()
            .map(|place| place_name(place, Lang::De))
            .collect();
        assert!(names.contains(&String::from("Bayern (Stadt Augsburg)")));
        assert!(
            names
                .iter()
                .all(|name| !name.contains("mariae") && !name.contains("(fron"))
        );
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
