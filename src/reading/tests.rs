//! Small mailboxes read as a whole.

use chrono::{DateTime, FixedOffset};

use super::arrival::House;
use super::mailbox::{read, read_mailbox};
use super::message::{Address, Machine, Message, Place, Received, Text};
use super::verdict::{Kind, Reading, Verdict};

mod texts;
mod wishes;

fn at(day: u32) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(&format!("2025-03-{day:02}T10:00:00+01:00")).ok()
}

fn who(name: &str, email: &str) -> Address {
    Address {
        name: name.into(),
        email: email.into(),
    }
}

/// A message from Max to the house.
fn mail(day: u32, subject: &str, text: &str) -> Message {
    Message {
        message_id: Some(format!("m{day}@post.example")),
        from: vec![who("Max Muster", "max@post.example")],
        to: vec![who("", "info@firma.test")],
        subject: subject.into(),
        date: at(day),
        received: vec![Received {
            by: "mx.firma.test".into(),
            at: at(day),
            ..Received::default()
        }],
        texts: vec![Text {
            place: Place::Plain,
            text: format!("{text}\n"),
        }],
        ..Message::default()
    }
}

fn answering(mut message: Message, id: &str) -> Message {
    message.in_reply_to = vec![id.into()];
    message.references = vec![id.into()];
    message.subject = format!("Re: {}", message.subject);
    message
}

fn ours(day: u32, id: &str, answers: &str, text: &str) -> Message {
    let mut message = answering(mail(day, "Ihr Schreiben", text), answers);
    message.message_id = Some(id.into());
    message.from = vec![who("Firma Datenschutz", "ds@firma.test")];
    message.to = vec![who("Max Muster", "max@post.example")];
    message
}

fn readings(messages: Vec<Message>) -> Vec<Reading> {
    let files: Vec<_> = messages
        .into_iter()
        .enumerate()
        .map(|(index, message)| (format!("{index}.eml"), Some(message)))
        .collect();
    read_mailbox(&files, &House::given(["firma.test"]))
}

fn told(reading: &Reading) -> (Verdict, Kind, Vec<&'static str>) {
    (
        reading.is_request,
        reading.kind,
        reading.rights.iter().map(|right| right.code()).collect(),
    )
}

const ACCESS: &str = "Guten Tag,\nbitte teilen Sie mir mit, welche Daten Sie über mich gespeichert haben.\nMax Muster";

#[test]
fn a_thread_takes_the_rights_of_its_request() {
    let list = readings(vec![
        mail(1, "Auskunft", ACCESS),
        ours(
            2,
            "o2@firma.test",
            "m1@post.example",
            "Bitte weisen Sie uns Ihre Identität nach und nennen Sie uns Ihre Kundennummer.",
        ),
        answering(
            mail(3, "Ihr Schreiben", "4711 und geboren am 1.1.1980"),
            "o2@firma.test",
        ),
        ours(
            4,
            "o4@firma.test",
            "m3@post.example",
            "Zu welchem Zeitraum wünschen Sie Auskunft? Worum geht es Ihnen vor allem?",
        ),
        answering(
            mail(
                5,
                "Ihr Schreiben",
                "Nur das letzte Jahr, und davon die E-Mails.",
            ),
            "o4@firma.test",
        ),
        answering(
            mail(20, "Auskunft", "Ich warte noch immer auf Ihre Antwort."),
            "m1@post.example",
        ),
        answering(
            mail(
                21,
                "Auskunft",
                "Die Sache hat sich erledigt, ich ziehe meinen Antrag zurück.",
            ),
            "m1@post.example",
        ),
    ]);
    let kinds: Vec<_> = list.iter().map(told).collect();
    assert_eq!(kinds[0], (Verdict::Yes, Kind::Request, vec!["15"]));
    assert_eq!(kinds[1], (Verdict::No, Kind::Other, vec![]));
    assert_eq!(kinds[2], (Verdict::Yes, Kind::IdentityAnswer, vec!["15"]));
    assert_eq!(
        kinds[4],
        (Verdict::Yes, Kind::ClarificationAnswer, vec!["15"])
    );
    assert_eq!(kinds[5], (Verdict::Yes, Kind::Reminder, vec!["15"]));
    assert_eq!(kinds[6], (Verdict::Yes, Kind::Withdrawal, vec!["15"]));
}

#[test]
fn a_new_right_in_an_old_thread_is_a_new_request() {
    let list = readings(vec![
        mail(1, "Auskunft", ACCESS),
        answering(
            mail(
                9,
                "Auskunft",
                "Danke für die Auskunft. Bitte löschen Sie jetzt alle meine Daten.",
            ),
            "m1@post.example",
        ),
    ]);
    assert_eq!(told(&list[1]), (Verdict::Yes, Kind::Request, vec!["17"]));
}

#[test]
fn the_same_again_is_a_duplicate_and_with_a_complaint_a_reminder() {
    let list = readings(vec![
        mail(1, "Auskunft", ACCESS),
        mail(2, "Auskunft", ACCESS),
        mail(
            20,
            "Wo bleibt die Antwort?",
            &format!("Ich habe noch keine Antwort auf meine Anfrage erhalten:\n{ACCESS}"),
        ),
    ]);
    assert_eq!(told(&list[1]), (Verdict::Yes, Kind::Duplicate, vec!["15"]));
    assert_eq!(told(&list[2]), (Verdict::Yes, Kind::Reminder, vec!["15"]));
}

#[test]
fn thanks_are_no_request() {
    let list = readings(vec![
        mail(1, "Auskunft", ACCESS),
        answering(
            mail(9, "Auskunft", "Vielen Dank für die schnelle Antwort!\nMax"),
            "m1@post.example",
        ),
    ]);
    assert_eq!(told(&list[1]), (Verdict::No, Kind::Other, vec![]));
}

#[test]
fn the_person_inside_a_forward_asks_and_the_day_is_hers() {
    let mut message = mail(
        20,
        "WG: Daten",
        "Kannst du das bitte übernehmen? LG Tom\n\nVon: Erika Beispiel <erika@post.example>\nGesendet: Montag, 3. März 2025 23:30\nAn: tom@firma.test\nBetreff: Daten\n\nWoher haben Sie meine Adresse? Bitte löschen Sie alles von mir.\nErika Beispiel",
    );
    message.from = vec![who("Tom", "tom@firma.test")];
    let reading = read("x", &message, &House::given(["firma.test"]));
    assert_eq!(
        told(&reading),
        (Verdict::Yes, Kind::Request, vec!["15", "17"])
    );
    let requester = reading.requester.unwrap();
    assert_eq!(
        (requester.name.as_str(), requester.email.as_str()),
        ("Erika Beispiel", "erika@post.example")
    );
    assert_eq!(reading.received_date.unwrap().to_string(), "2025-03-03");
}

#[test]
fn a_form_speaks_for_its_writer() {
    let mut message = mail(
        5,
        "Kontaktformular",
        "Name: Erika Beispiel\nE-Mail: erika@post.example\nNachricht:\nBitte löschen Sie mein Kundenkonto und alle Daten.\n\n[x] Ich habe die Datenschutzerklärung gelesen und kann meine Einwilligung jederzeit widerrufen.",
    );
    message.from = vec![who("Website", "noreply@firma.test")];
    message.machine = Machine {
        auto_submitted: Some("auto-generated".into()),
        ..Machine::default()
    };
    let reading = read("x", &message, &House::given(["firma.test"]));
    assert_eq!(told(&reading), (Verdict::Yes, Kind::Request, vec!["17"]));
    assert_eq!(reading.requester.unwrap().email, "erika@post.example");
}

#[test]
fn another_firm_forwards() {
    let mut message = mail(
        5,
        "WG: Auskunft",
        "Sehr geehrte Damen und Herren,\nals Ihr Auftragsverarbeiter leiten wir Ihnen die folgende Anfrage einer betroffenen Person weiter.\n\n-----Ursprüngliche Nachricht-----\nVon: Erika Beispiel <erika@post.example>\nGesendet: Montag, 3. März 2025 10:30\nAn: hilfe@dienst.example\nBetreff: Auskunft\n\nIch verlange Auskunft über meine Daten.\nErika Beispiel",
    );
    message.from = vec![who("Dienst GmbH", "hilfe@dienst.example")];
    let reading = read("x", &message, &House::given(["firma.test"]));
    assert_eq!(told(&reading), (Verdict::Yes, Kind::Forwarding, vec!["15"]));
    assert_eq!(reading.requester.unwrap().email, "erika@post.example");
    assert_eq!(reading.received_date.unwrap().to_string(), "2025-03-05");
}

#[test]
fn articles_inside_an_access_letter_are_no_other_rights() {
    let text = "hiermit verlange ich Auskunft nach Art. 15 DSGVO, insbesondere über:\n- die Verarbeitungszwecke\n- das Bestehen eines Rechts auf Berichtigung oder Löschung oder auf Einschränkung der Verarbeitung oder eines Widerspruchsrechts\n- das Bestehen einer automatisierten Entscheidungsfindung einschließlich Profiling gemäß Art. 22 Abs. 1 und 4 DSGVO\n\nMax Muster";
    assert_eq!(
        told(&read(
            "x",
            &mail(1, "Antrag", text),
            &House::given(["firma.test"])
        )),
        (Verdict::Yes, Kind::Request, vec!["15"])
    );
}

#[test]
fn our_own_answers_are_no_requests() {
    let message = ours(
        2,
        "o@firma.test",
        "x@post.example",
        "anbei die Auskunft nach Art. 15 DSGVO. Sie haben das Recht auf Löschung (Art. 17) und Widerspruch (Art. 21).",
    );
    assert_eq!(
        told(&read("x", &message, &House::given(["firma.test"]))),
        (Verdict::No, Kind::Other, vec![])
    );
}

#[test]
fn another_language_goes_to_a_person() {
    let message = mail(
        1,
        "Uppgifter",
        "Hej, jag vill att ni berättar vilka uppgifter ni har om mig. Vänliga hälsningar",
    );
    let reading = read("x", &message, &House::given(["firma.test"]));
    assert_eq!(
        (reading.is_request, reading.language.as_deref()),
        (Verdict::Unclear, Some("sv"))
    );
}

#[test]
fn the_json_line_has_the_agreed_shape() {
    let reading = read(
        "x.eml",
        &mail(1, "Auskunft", ACCESS),
        &House::given(["firma.test"]),
    );
    let line = serde_json::to_value(&reading).unwrap();
    let keys: Vec<&str> = line
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = [
        "file",
        "is_request",
        "kind",
        "rights",
        "language",
        "requester",
        "data_subject",
        "reference",
        "received_date",
        "because",
    ];
    expected.sort_unstable();
    let mut keys = keys;
    keys.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(line["kind"], "request");
    assert_eq!(line["rights"][0], "15");
}
