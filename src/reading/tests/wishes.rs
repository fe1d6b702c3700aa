//! Wishes as people voice them: two at once, without legal words, without a thread; and what only sounds like one.

use super::*;

fn read_one(subject: &str, text: &str) -> Reading {
    read("x", &mail(1, subject, text), &House::given(["firma.test"]))
}

/// The rights of a text that surely asks; none if it does not.
fn asked(text: &str) -> Vec<&'static str> {
    let reading = read_one("Anliegen", text);
    match reading.is_request {
        Verdict::Yes => reading.rights.iter().map(|right| right.code()).collect(),
        Verdict::No | Verdict::Unclear => Vec::new(),
    }
}

#[test]
fn the_second_wish_of_a_letter_is_heard_too() {
    for (text, rights) in [
        (
            "Sagen Sie mir bitte, was über mich gespeichert ist, und löschen Sie danach mein Konto.",
            vec!["15", "17"],
        ),
        (
            "Mein Nachname ist falsch geschrieben, bitte ändern. Außerdem möchte ich eine Kopie meiner Akte.",
            vec!["15", "16"],
        ),
        (
            "Bitte keine Werbung mehr an mich, und entfernen Sie meine Adresse aus Ihrem Bestand.",
            vec!["17", "21(2)"],
        ),
        (
            "Die Einwilligung für die Fotos ziehe ich zurück. Bitte nehmen Sie die Bilder von der Seite und löschen Sie sie.",
            vec!["17", "7(3)"],
        ),
        (
            "Ich brauche meine Trainingsdaten als Datei für die neue App, danach löschen Sie bitte alles.",
            vec!["17", "20"],
        ),
    ] {
        assert_eq!(asked(text), rights, "{text}");
    }
}

#[test]
fn a_wish_needs_no_legal_word() {
    for (text, rights) in [
        (
            "Hallo, was steht denn bei euch so alles über mich im Computer?",
            vec!["15"],
        ),
        (
            "Sie schreiben mich immer noch mit dem alten Nachnamen an, bitte im System ändern.",
            vec!["16"],
        ),
        (
            "Meine Bewerbungsmappe brauchen Sie nun nicht mehr, bitte vernichten.",
            vec!["17"],
        ),
        (
            "Ich möchte keine Prospekte und keine Anrufe mehr von Ihnen bekommen.",
            vec!["21(2)"],
        ),
        (
            "Ihr Computer hat meinen Antrag abgelehnt, das soll sich bitte ein Mensch ansehen.",
            vec!["22"],
        ),
    ] {
        assert_eq!(asked(text), rights, "{text}");
    }
}

#[test]
fn to_delete_an_order_or_an_appointment_is_no_wish_about_data() {
    for text in [
        "Ich habe aus Versehen zweimal bestellt, bitte löschen Sie eine der beiden Bestellungen.",
        "Bitte streichen Sie meinen Termin am Freitag, ich bin krank.",
        "Hiermit widerrufe ich den Kaufvertrag vom 3. Mai und schicke die Schuhe zurück.",
        "Gegen die Rechnung erhebe ich Widerspruch, es wurden drei statt zwei Packungen berechnet.",
        "Anbei das neue Angebot, die alte Fassung können Sie löschen.",
    ] {
        let reading = read_one("Anliegen", text);
        assert_ne!(
            reading.is_request,
            Verdict::Yes,
            "{text} {:?}",
            reading.because
        );
    }
}

#[test]
fn what_belongs_to_a_request_is_known_without_its_thread() {
    for (subject, text, kind) in [
        (
            "Erinnerung",
            "Vor sechs Wochen habe ich Sie um Auskunft über meine Daten gebeten und noch immer keine Antwort erhalten.",
            Kind::Reminder,
        ),
        (
            "Zurückgenommen",
            "Meinen Antrag auf Löschung meiner Daten ziehe ich zurück, bitte lassen Sie alles, wie es ist.",
            Kind::Withdrawal,
        ),
    ] {
        let reading = read_one(subject, text);
        assert_eq!(
            (reading.is_request, reading.kind),
            (Verdict::Yes, kind),
            "{text}"
        );
    }
}

#[test]
fn dutch_wishes_are_heard() {
    for (text, rights) in [
        (
            "Goedendag, kunt u mij laten weten welke gegevens u over mij bewaart?",
            vec!["15"],
        ),
        (
            "Verwijder alstublieft mijn account en al mijn gegevens.",
            vec!["17"],
        ),
        ("Ik wil geen reclame meer van u ontvangen.", vec!["21(2)"]),
    ] {
        assert_eq!(asked(text), rights, "{text}");
    }
}

#[test]
fn a_reading_names_the_words_that_it_rests_on() {
    let reading = read_one(
        "Frage",
        "Mich würde interessieren, was ihr über mich aufgeschrieben habt.",
    );
    let because = reading.because.join(" ");
    assert!(because.contains("über mich"), "{because}");
}
