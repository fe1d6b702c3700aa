//! The five companies of `config/examples`: each opens, each register comes in, and what is open in it is asked.

use std::collections::BTreeMap;

use rechtzeitig::domain::question::{About, Gap};
use rechtzeitig::domain::scope::Role;

use crate::support::office::Office;

/// What is open, by the stable name of the system; the controller itself has none.
async fn open_at(name: &'static str) -> BTreeMap<String, Vec<&'static str>> {
    let office = Office::open_with(|plan| plan.example = Some(name)).await;
    let company = office.company();
    let admin = office.clerk("Vera Aktenberg", Role::Admin).await;
    let questions = office
        .questions(&admin.scope, company)
        .await
        .expect("the questions");
    let mut open: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for question in questions {
        let slug = match question.about {
            About::Controller => String::new(),
            About::System { slug, .. } => slug,
        };
        open.entry(slug).or_default().push(question.gap.code());
    }
    open
}

fn is(open: &BTreeMap<String, Vec<&'static str>>, expected: &[(&str, &[&str])]) {
    let open: Vec<(&str, &[&str])> = open
        .iter()
        .map(|(slug, codes)| (slug.as_str(), codes.as_slice()))
        .collect();
    assert_eq!(open, expected);
}

#[actix_web::test]
async fn a_company_on_rented_clouds_is_asked_for_guarantee_backups_and_mail_host() {
    is(
        &open_at("wolkenwerk").await,
        &[
            ("", &["automated", "policy-date"]),
            ("crm", &["period", "backup", "outdated"]),
            (
                "email",
                &[
                    "operator",
                    "contact",
                    "country",
                    "seat",
                    "agreement",
                    "period",
                    "backup",
                ],
            ),
            ("kampagnen", &["guarantee", "service-apart", "backup"]),
            ("portal", &["guarantee", "backup"]),
            ("tickets", &["guarantee", "period", "backup", "outdated"]),
            ("website", &["guarantee", "backup"]),
        ],
    );
}

#[actix_web::test]
async fn a_house_of_many_brands_is_asked_for_short_times_and_special_data() {
    is(
        &open_at("datenhof").await,
        &[
            ("cdn", &["period"]),
            ("chatbot", &["special-basis"]),
            ("crm", &["period", "outdated"]),
            ("postfaecher", &["backup"]),
            ("termine", &["backup"]),
            ("umfragen", &["special-basis", "outdated"]),
            ("werbung", &["service-apart"]),
            ("zahlungen", &["outdated"]),
        ],
    );
}

#[actix_web::test]
async fn an_it_house_is_told_what_its_old_policy_quotes() {
    is(
        &open_at("neckarnetz").await,
        &[
            ("", &["policy-old"]),
            ("backups", &["operator", "contact", "seat", "retention"]),
            ("post", &["period"]),
            ("reichweite", &["outdated"]),
            ("rueckwaertssuche", &["guarantee", "outdated"]),
            ("schutzschild", &["guarantee", "retention"]),
        ],
    );
}

#[actix_web::test]
async fn a_product_company_is_asked_for_contract_and_guarantee_of_its_mail() {
    is(
        &open_at("bildwand").await,
        &[
            ("", &["automated", "policy-old"]),
            ("anwendung", &["retention", "backup"]),
            ("auslieferung", &["retention"]),
            ("buehnen", &["retention", "backup"]),
            ("dateispeicher", &["retention", "backup"]),
            ("konten", &["retention", "retention", "backup"]),
            (
                "postfach",
                &["agreement", "guarantee", "retention", "backup"],
            ),
        ],
    );
}

#[actix_web::test]
async fn a_sole_trader_is_asked_how_long_as_long_as_needed_is() {
    is(
        &open_at("lizenzstube").await,
        &[
            ("", &["automated", "policy-date"]),
            ("email", &["backup"]),
            ("kundenbereich", &["period", "backup"]),
            ("lizenzen", &["period", "backup"]),
            ("rechnungen", &["backup"]),
            ("webhosting", &["period", "backup"]),
        ],
    );
}

#[actix_web::test]
async fn art_77_each_company_has_the_authority_of_its_land() {
    for (name, authority) in [
        (
            "wolkenwerk",
            "Bayerisches Landesamt für Datenschutzaufsicht",
        ),
        (
            "datenhof",
            "Der Hessische Beauftragte für Datenschutz und Informationsfreiheit",
        ),
        (
            "neckarnetz",
            "Der Landesbeauftragte für den Datenschutz und die Informationsfreiheit Baden-Württemberg",
        ),
    ] {
        let office = Office::open_with(|plan| plan.example = Some(name)).await;
        let house = office.house(office.company()).expect("the house");
        assert_eq!(house.controller.authority.name, authority);
    }
}

#[actix_web::test]
async fn outdated_law_in_a_register_is_told_with_what_to_write_instead() {
    let office = Office::open_with(|plan| plan.example = Some("neckarnetz")).await;
    let admin = office.clerk("Vera Aktenberg", Role::Admin).await;
    let questions = office
        .questions(&admin.scope, office.company())
        .await
        .expect("the questions");
    let told: Vec<(&str, &str)> = questions
        .iter()
        .filter_map(|question| match &question.gap {
            Gap::Outdated {
                quoted, instead, ..
            } => Some((quoted.as_str(), instead.de.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(
        told.iter().map(|(quoted, _)| *quoted).collect::<Vec<_>>(),
        ["Privacy Shield", "§ 105 TKG"]
    );
    assert!(told[0].1.contains("(EU) 2021/914"), "{}", told[0].1);
    assert!(told[1].1.contains("TDDDG"), "{}", told[1].1);
}
