//! What stands against an act, as one sentence that says what would help. For the desk, in German.

use super::because::clock_obstacle;
use super::{dates, persons, terms};
use crate::domain::lang::Lang;
use crate::domain::obstacle::Obstacle;
use crate::domain::right::Right;

/// The sentence for an obstacle.
pub fn obstacle(obstacle: &Obstacle) -> String {
    let de = Lang::De;
    match obstacle {
        Obstacle::RoleLacking { least } => {
            format!("Dafür braucht es mindestens die Rolle „{}“. Bitten Sie eine Kollegin, die sie hat.", terms::role(*least, de))
        }
        Obstacle::ChangedMeanwhile { .. } => {
            "Der Vorgang wurde inzwischen geändert. Ihre Eingabe ist noch nicht gespeichert; sehen Sie nach, was neu ist, und senden Sie erneut.".into()
        }
        Obstacle::Closed => "Der Vorgang ist abgeschlossen. Öffnen Sie ihn zuerst wieder.".into(),
        Obstacle::StillOpen => "Der Vorgang ist noch offen. Schließen Sie ihn zuerst ab.".into(),
        Obstacle::NobodysKey => "Hinter dieser Angabe stehen mehrere oder niemand Bestimmtes, etwa bei info@. Suchen Sie mit einer Angabe, die nur der Person gehört.".into(),
        Obstacle::DecidedAlready { right } => format!(
            "Über „{}“ ist entschieden. Was am Ende mit Daten geschieht, lässt sich ändern, wenn Sie die Entscheidung zurücknehmen und neu treffen.",
            terms::right_name(*right, de)
        ),
        Obstacle::NoCandidate => "Unter den angekreuzten Funden sind welche, die sicher zur Person gehören. Kreuzen Sie nur an, was noch zu klären ist.".into(),
        Obstacle::KnownAlready => "Mit dieser Angabe wird schon gesucht.".into(),
        Obstacle::NotConnected => "Dieses System ist nicht angeschlossen oder kann das nicht selbst. Erledigen Sie es von Hand.".into(),
        Obstacle::FindingsOpen { open: 1 } => "Über einen Fund ist noch nicht entschieden. Sichten Sie ihn zuerst.".into(),
        Obstacle::FindingsOpen { open } => format!("Über {open} Funde ist noch nicht entschieden. Sichten Sie sie zuerst."),
        Obstacle::CopiesOpen { open } => format!(
            "{} Holen Sie sie auf der Seite der Systeme erneut, lassen Sie einzelne beim Fund weg, oder schreiben Sie auf, warum die Kopie ohne sie hinausgeht.",
            super::package::missing(*open)
        ),
        Obstacle::NoRight => "Wählen Sie mindestens ein Recht.".into(),
        Obstacle::ReceivedInFuture => "Der Tag des Eingangs liegt in der Zukunft. Tragen Sie den Tag ein, an dem der Antrag im Haus war.".into(),
        Obstacle::IdentityOpen => "Die Identität ist nicht bestätigt. Halten Sie zuerst fest, woran Sie die Person erkannt haben.".into(),
        Obstacle::ReasonLacking => "Ein Zweifel braucht einen konkreten Grund. Schreiben Sie ihn auf.".into(),
        Obstacle::NeverWaits(right) => {
            format!("„{}“ wartet nie auf einen Nachweis der Identität. Setzen Sie es gleich um.", terms::right_name(*right, de))
        }
        Obstacle::UnknownTask => "Dieses System gehört nicht zur Suche dieses Vorgangs.".into(),
        Obstacle::TasksOpen { open: 1 } => "Ein System hat noch nicht geantwortet. Beantworten Sie die Aufgabe, oder begründen Sie, warum ohne sie entschieden wird.".into(),
        Obstacle::TasksOpen { open } => {
            format!("{open} Systeme haben noch nicht geantwortet. Beantworten Sie die Aufgaben, oder begründen Sie, warum ohne sie entschieden wird.")
        }
        Obstacle::NoKeyForOwner => "Womit dieses System durchsucht werden kann, ist von der Person nicht bekannt. Ergänzen Sie eine Angabe, oder antworten Sie selbst.".into(),
        Obstacle::OwnerUnknown => "Im Verzeichnis steht niemand, der für dieses System antwortet. Tragen Sie dort eine E-Mail-Adresse ein.".into(),
        Obstacle::NobodyAsked => "Zu diesem System ist gerade niemand gefragt. Laden Sie den Vorgang neu.".into(),
        Obstacle::SearchNotBegun => "Die Suche hat noch nicht begonnen. Bestätigen Sie zuerst die Identität.".into(),
        Obstacle::NotInState { right } => {
            format!("„{}“ ist nicht in dem Stand, den dieser Schritt braucht. Laden Sie den Vorgang neu.", terms::right_name(*right, de))
        }
        Obstacle::GroundLacking => "Ein Nein braucht einen Grund: die Vorschrift und den Sachverhalt.".into(),
        Obstacle::ItemsUndecided { open: 1 } => "Ein Punkt ist noch nicht entschieden oder beantwortet. Entscheiden Sie ihn unter „Entscheiden“, und geben Sie die Antwort frei.".into(),
        Obstacle::ItemsUndecided { open } => format!("{open} Punkte sind noch nicht entschieden oder beantwortet. Entscheiden Sie sie unter „Entscheiden“, und geben Sie die Antwort frei."),
        Obstacle::NothingToAnswer => "Es gibt nichts zu beantworten: Alle Punkte sind anders beendet. Schließen Sie den Vorgang ab.".into(),
        Obstacle::DataFound => "Mindestens ein System hat Daten gefunden. „Keine Daten vorhanden“ wäre falsch; prüfen Sie die Antworten der Systeme.".into(),
        Obstacle::DoneAlready { right } => {
            format!("„{}“ wurde schon umgesetzt, ganz oder zum Teil. Entscheiden Sie „erfüllt“ oder „teilweise erfüllt“.", terms::right_name(*right, de))
        }
        Obstacle::NothingUnderway => "Diese Antwort liegt nicht mehr im Haus und lässt sich nicht zurückziehen.".into(),
        Obstacle::NothingSent => "Keine Antwort dieses Vorgangs ist versendet; es kann keine zurückgekommen sein.".into(),
        Obstacle::Malware { found } => format!("In dieser Datei steckt ein Schadprogramm ({found}). Sie wird nicht herausgegeben. Öffnen Sie sie auch im Postfach nicht, und sagen Sie Ihrer IT Bescheid. Der Antrag gilt trotzdem: Bitten Sie die Person, die Datei noch einmal anders zu schicken."),
        Obstacle::MalwareGiven { file } => format!("In der Datei „{}“ steckt ein Schadprogramm. Nichts wurde gespeichert. Lassen Sie die Datei weg, öffnen Sie sie nicht, und sagen Sie Ihrer IT Bescheid.", file.reveal()),
        Obstacle::Unchecked { too_large: false } => "Der Virenscanner antwortet nicht, also ist diese Datei nicht geprüft und wird noch nicht herausgegeben. Versuchen Sie es in einigen Minuten wieder; bleibt es dabei, sagen Sie Ihrer IT Bescheid.".into(),
        Obstacle::Unchecked { too_large: true } => "Diese Datei ist größer, als der Virenscanner annimmt. Ungeprüft wird sie nicht herausgegeben. Ihre IT kann die Grenze anheben (StreamMaxLength in clamd.conf).".into(),
        Obstacle::MailShredded => "Diese E-Mail ist bereits gelöscht. Fragen Sie nach, falls doch etwas gewünscht war.".into(),
        Obstacle::NoMailServer => "Es ist kein Mailserver eingerichtet. Teilen Sie es per Brief mit und tragen Sie den Tag ein.".into(),
        Obstacle::NotCarriedOut { right } => {
            format!("„{}“ ist entschieden, aber noch nicht umgesetzt. Tragen Sie ein, was wo wann getan wurde.", terms::right_name(*right, de))
        }
        Obstacle::CopyFirst => "Zuerst geht die Kopie hinaus. Geben Sie die Auskunft frei, danach kann gelöscht werden.".into(),
        Obstacle::ErasureHeld => "Auf dem Vorgang liegt eine Sperre gegen Löschung, oder eine Datenpanne ist noch offen. Bis das erledigt ist, wird nichts gelöscht; eingeschränkt werden darf.".into(),
        Obstacle::NoWayOfDelivery => "Es gibt keine Anschrift für einen Brief. Fragen Sie die Person, wohin die Antwort gehen soll, und tragen Sie es unter „Anschrift ergänzen“ ein.".into(),
        Obstacle::NameTaken => "Diesen Namen gibt es schon. Wählen Sie einen anderen.".into(),
        Obstacle::TooMuchToAttach => "Die Anhänge sind zusammen größer als 10 MB. So große E-Mails nehmen viele Postfächer nicht an; lassen Sie etwas weg.".into(),
        Obstacle::MailboxUnproven => "Das Postfach ist nicht bestätigt. Die Antwort kann dorthin nicht gehen; wählen Sie die Post, oder warten Sie auf die Bestätigung.".into(),
        Obstacle::OnlyForCopies => "Nach dem Umfang fragen darf man nur bei Auskunft und Datenübertragbarkeit, solange sie offen sind.".into(),
        Obstacle::FourEyes => "Vier Augen: Wer entschieden hat, gibt nicht frei. Bitten Sie eine Kollegin.".into(),
        Obstacle::NextMorning => "Sie haben das heute selbst entschieden. Schlafen Sie eine Nacht darüber und sehen Sie morgen früh noch einmal hin, oder bitten Sie eine Kollegin; sie kann es sofort.".into(),
        Obstacle::ChecklistOpen => "Haken Sie jeden Punkt des zweiten Blicks ab, wenn Sie ihn geprüft haben.".into(),
        Obstacle::SecondLookOpen { right } => {
            format!("Vor „{}“ steht ein zweiter Blick: Erst danach darf etwas gelöscht werden.", terms::right_name(*right, de))
        }
        Obstacle::NoticesOpen { open: 1 } => "Ein Empfänger ist noch nicht benachrichtigt (Art. 19 DSGVO). Tragen Sie es unter „Empfänger benachrichtigen“ ein.".into(),
        Obstacle::NoticesOpen { open } => format!("{open} Empfänger sind noch nicht benachrichtigt (Art. 19 DSGVO). Tragen Sie es unter „Empfänger benachrichtigen“ ein."),
        Obstacle::SpecialByMail => "In diesem System liegen besonders geschützte Daten (Art. 9 DSGVO). Davon steht nichts in einer offenen E-Mail: Schicken Sie das fertige Schreiben per Post oder auf einem verschlüsselten Weg.".into(),
        Obstacle::CategoryOpen { what } => format!("Was mit „{what}“ geschehen soll, ist noch nicht gewählt."),
        Obstacle::CategoryUngrounded { what } => format!("„{what}“ wird nicht so behandelt, wie die Person es wünscht. Nennen Sie dafür Vorschrift und Sachverhalt."),
        Obstacle::EndLacking { what } => format!("„{what}“ bleibt vorerst. Tragen Sie ein, bis zu welchem Tag oder Ereignis."),
        Obstacle::EndOver { what } => format!("„{what}“ soll bis zu einem Tag bleiben, der schon vorbei ist. Dann ist zu löschen, oder ein anderer Grund zu nennen."),
        Obstacle::RecordLacking { what } => format!("„{what}“ bleibt länger als dieser Vorgang. Tragen Sie ein, woran der Datensatz dort wiedergefunden wird, zum Beispiel an der Kundennummer."),
        Obstacle::HowLacking { what } => format!("„{what}“ soll anonym werden. Schreiben Sie auf, wie, und warum danach niemand mehr erkannt werden kann. Ersetzen oder Verschlüsseln allein genügt nicht."),
        Obstacle::VersionLacking { system } => format!("Aus „{system}“ geht nur ein Teil hinaus. Schreiben Sie den Teil auf, oder laden Sie die geschwärzte Fassung hoch; sie ersetzt das Gefundene."),
        Obstacle::TextUnfinished { what } => format!("Im Text zu „{what}“ stehen noch Lücken (…). Füllen Sie sie mit dem, was in diesem Fall gilt."),
        Obstacle::MeasureLacking { right: right @ Right::Restriction } => {
            format!("„{}“: Wählen Sie den Fall, und schreiben Sie auf, was noch erlaubt ist und was die Einschränkung beendet.", terms::right_name(*right, de))
        }
        Obstacle::MeasureLacking { right: right @ Right::HumanReview } => {
            format!("„{}“: Schreiben Sie auf, wer geprüft hat, was die Person dazu sagt und was dabei herauskam.", terms::right_name(*right, de))
        }
        Obstacle::MeasureLacking { right: right @ Right::Portability } => {
            format!("„{}“: Nennen Sie, an wen übermittelt werden sollte, und den Tag, der nicht nach heute liegt, oder warum es technisch nicht geht.", terms::right_name(*right, de))
        }
        Obstacle::MeasureLacking { right } => {
            format!("„{}“: Schreiben Sie auf, welche Angabe berichtigt wird und was jetzt gilt.", terms::right_name(*right, de))
        }
        Obstacle::NotInFull { right } => {
            format!("„{}“ soll ganz erfüllt werden, aber ein Teil ist anders gewählt. Wählen Sie, dass je Kategorie entschieden wird, oder ändern Sie den Teil.", terms::right_name(*right, de))
        }
        Obstacle::ChecksOpen => "Beantworten Sie vor der Löschung die drei Fragen: vorrangige Gründe, Aufbewahrungspflicht, Rechtsansprüche, je mit einem Satz. Was bleibt, braucht bei einer davon ein Ja.".into(),
        Obstacle::ChecksIgnored => "Eine der drei Fragen spricht gegen die Löschung, trotzdem soll alles gehen. Ändern Sie die Antwort, oder wählen Sie, was bleibt.".into(),
        Obstacle::BalanceLacking => "Einen Widerspruch abzulehnen setzt voraus, dass Sie zwingende Gründe nachweisen. Schreiben Sie die Lage der Person und Ihre Gründe auf (Art. 21 Abs. 1 DSGVO).".into(),
        Obstacle::ExcessUnproven => "Wer einen Antrag als missbräuchlich behandelt, muss es beweisen: was gegen den Zweck des Rechts spricht, woran die Absicht zu erkennen ist, und womit Sie beides belegen (Art. 12 Abs. 5 DSGVO).".into(),
        Obstacle::FeeUntold { right } => format!(
            "„{}“: Teilen Sie die Gebühr zuerst mit. Erst wenn diese Mitteilung hinaus ist und die Person zustimmt, darf etwas berechnet werden.",
            terms::right_name(*right, de)
        ),
        Obstacle::FeeNotAgreed { right } => format!(
            "„{}“: Die Person hat der Gebühr nicht zugestimmt. Halten Sie ihre Antwort fest; ohne Zustimmung wird nichts berechnet.",
            terms::right_name(*right, de)
        ),
        Obstacle::OfficerUnheard => "Fragen Sie vor einem Nein die Datenschutzbeauftragte und halten Sie ihre Antwort fest.".into(),
        Obstacle::Absolute(right) => {
            format!("„{}“ kann nicht abgelehnt werden, auch nicht zum Teil. Setzen Sie es um.", terms::right_name(*right, de))
        }
        Obstacle::FreshCheckOpen => "Etwas spricht noch dagegen. Verschieben Sie die Wiedervorlage mit Grund.".into(),
        Obstacle::LetterIncomplete { gaps } => format!("Der Antwort fehlt noch etwas: {}", gaps.join(" ")),
        Obstacle::LetterUnseen => "Sehen Sie sich den Brief zuerst an, so wie er jetzt hinausginge. Danach geben Sie ihn frei.".into(),
        Obstacle::AlreadyReleased => "Die Antwort ist schon freigegeben.".into(),
        Obstacle::Clock(clock) => clock_obstacle(clock, de),
        Obstacle::Proof(proof) => super::proof::obstacle(*proof),
        Obstacle::NoPauseOpen => "Es ist keine Frage offen; die Frist läuft bereits.".into(),
        Obstacle::Empty(what) => empty(what).into(),
        Obstacle::StandingOpen(lack) => persons::lack(*lack),
        Obstacle::AnswerToPerson => "Die Antwort geht an die vertretene Person, nicht an das Postfach der Vertretung. Tragen Sie ihre Anschrift ein, oder halten Sie fest, dass die Vollmacht den Empfang klar umfasst.".into(),
        Obstacle::NoMandate => "Hier gibt es keine Vollmacht, die sich zurückweisen ließe.".into(),
        Obstacle::MandateTooLate { last } => format!(
            "Eine Vollmacht lässt sich nur sofort zurückweisen, spätestens am {}. Behandeln Sie sie als gültig, oder fragen Sie bei Zweifeln nach dem Umfang.",
            dates::long_date(*last, de)
        ),
        Obstacle::NoOtherCase => "Wählen Sie einen anderen Vorgang desselben Verantwortlichen.".into(),
        Obstacle::FirstClosed => "Der frühere Vorgang ist abgeschlossen. Dieser hier ist ein neuer Antrag mit eigener Frist.".into(),
        Obstacle::FirstIsLater => "Der andere Vorgang kam später. Beenden Sie jenen als doppelt, damit die frühere Frist gilt.".into(),
        Obstacle::AsksMore { right } => format!(
            "Der frühere Vorgang umfasst „{}“ nicht oder hat es schon beantwortet. Dafür gilt hier eine eigene Frist.",
            terms::right_name(*right, de)
        ),
        Obstacle::ForwardedAlready => "An diesen Kunden ist der Antrag schon weitergeleitet.".into(),
        Obstacle::NotForwarded => "An diesen Kunden wurde nichts weitergeleitet.".into(),
        Obstacle::NoInstruction => "Von diesem Kunden ist keine Weisung offen.".into(),
        Obstacle::NoInquiry => "Dieser Vorgang ist kein Schreiben einer Behörde.".into(),
        Obstacle::OfficerUnasked => "Beziehen Sie zuerst die Datenschutzbeauftragte oder den Datenschutzbeauftragten ein und tragen Sie den Tag ein.".into(),
        Obstacle::LinkSpent => "Dieser Link wurde schon anders benutzt. Öffnen Sie die neueste Nachricht von uns.".into(),
        Obstacle::NoHold => "Diese Sperre gegen Löschung steht nicht mehr.".into(),
        Obstacle::LateUnexplained => "Die Frist ist vorbei. Schreiben Sie zuerst unter „Verspätung begründen“, warum die Antwort später kommt; der Satz steht dann im Brief.".into(),
        Obstacle::MisdeliveredAlready => "Für diese Antwort ist schon festgehalten, dass sie an die falsche Person ging.".into(),
        Obstacle::BreachOpen => "Eine Datenpanne in diesem Vorgang ist noch nicht abgeschlossen. Schließen Sie sie zuerst ab.".into(),
        Obstacle::NoBreach => "Diese Datenpanne ist nicht offen. Laden Sie den Vorgang neu.".into(),
        Obstacle::BreachIncomplete { missing } => {
            let missing: Vec<&str> = missing.iter().map(|part| super::aftermath::part(part)).collect();
            format!("Es fehlt noch: {}.", missing.join(", "))
        }
        Obstacle::BreachLate => "Die 72 Stunden sind vorbei. Schreiben Sie dazu, warum die Meldung später kommt; die Behörde erwartet den Grund.".into(),
    }
}

/// Why a notice that left extends nothing, as a note in the case.
pub fn not_extended(why: &Obstacle) -> String {
    format!(
        "Die Mitteilung der Verlängerung ist hinausgegangen, die Frist ist aber nicht verlängert. {}",
        obstacle(why)
    )
}

/// Why a question that left stops no clock, as a note in the case.
pub fn not_paused(why: &Obstacle) -> String {
    format!(
        "Die Frage ist hinausgegangen, die Frist ruht aber nicht. {}",
        obstacle(why)
    )
}

fn empty(what: &str) -> &'static str {
    match what {
        "name" => "Geben Sie einen Namen ein.",
        "mail" => {
            "Wählen Sie mindestens eine Datei mit einer E-Mail (.eml) oder einem Postfach (.mbox). Sehr große Postfächer nimmt „rechtzeitig mail import“ an."
        }
        "rights" => "Haken Sie an, was verlangt wird. Aus der E-Mail selbst ging kein Text hervor.",
        "born" => "Geben Sie das Geburtsjahr mit vier Ziffern ein, zum Beispiel 2012.",
        "standing" => "Wählen Sie, wer schreibt.",
        "covers" => "Wählen Sie, ob das Papier den Antrag umfasst.",
        "tasks" => "Schreiben Sie den Aufgabenkreis auf, der im Ausweis steht.",
        "cause" => "Der Tag muss zwischen Eingang und heute liegen.",
        "processor" => "Nennen Sie den Auftragsverarbeiter, bei dem der Antrag zuerst war.",
        "reached" => "Geben Sie den Tag ein, an dem der Antrag dort ankam.",
        "data-subject" => "Nennen Sie die Person, um deren Daten es geht.",
        "shown" => "Schreiben Sie auf, woran sich das zeigt.",
        "passed-on" => {
            "Weitergegeben wurde frühestens an dem Tag, an dem der Antrag dort ankam, und spätestens heute."
        }
        "confirmed" => {
            "Die Adressen sind verschieden. Schreiben Sie auf, woher Sie wissen, dass es dieselbe Person ist."
        }
        "first" => "Wählen Sie den früheren Vorgang, oder geben Sie seine Nummer ein.",
        "customer" => "Wählen Sie den Kunden.",
        "holds" => "Schreiben Sie auf, woran sich zeigt, dass es die Daten dieses Kunden sind.",
        "posted" => {
            "Geben Sie den Tag ein, an dem der Brief zur Post ging, zwischen Eingang und heute."
        }
        "waived" => "Schreiben Sie auf, warum niemand benachrichtigt wird.",
        "reply" => "Wählen Sie, wie geantwortet wird.",
        "why" => "Wählen Sie den Grund.",
        "instruction" => "Schreiben Sie auf, was der Kunde verlangt.",
        "instructed-on" => "Der Tag der Weisung muss zwischen der Weiterleitung und heute liegen.",
        "obeyed" => "Schreiben Sie auf, was getan wurde.",
        "obeyed-on" => "Der Tag muss zwischen der Weisung und heute liegen.",
        "doubted" => "Nennen Sie die Vorschrift und den Grund des Zweifels.",
        "officer" | "answered" => "Der Tag muss zwischen Eingang und heute liegen.",
        "due" => "Geben Sie den Tag ein, den die Behörde gesetzt hat.",
        "matter" => "Wählen Sie, was für ein Schreiben es ist.",
        "split" => "Nennen Sie die andere Person.",
        "text" => "Schreiben Sie einen Text.",
        "harmless" => {
            "Bestätigen Sie, dass die Anhänge keine Daten der Person enthalten oder sie das so gewünscht hat. Sonst gehören sie in die Antwort."
        }
        "snippet-name" => "Geben Sie einen Namen von höchstens 80 Zeichen ein.",
        "snippet-words" => "Schreiben Sie einen Text von höchstens 4.000 Zeichen.",
        "note" => "Schreiben Sie auf, was Sie festgestellt haben.",
        "because" => "Geben Sie den Grund an.",
        "owner" => {
            "Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@beispiel.de, oder lassen Sie das Feld leer."
        }
        "searched" => "Schreiben Sie auf, womit und wo gesucht wurde.",
        "found" => "Beschreiben Sie, was gefunden wurde, oder fügen Sie eine Datei hinzu.",
        "answers" => "Beantworten Sie mindestens eine Aufgabe.",
        "slug" => "Diesen Kurznamen gibt es im Verzeichnis schon. Wählen Sie einen anderen.",
        "to" => "Der neue Tag muss in der Zukunft liegen.",
        "proof" => "Schreiben Sie auf, wer es wo getan hat.",
        "followed-on" => {
            "Tragen Sie den Tag ein, an dem es getan wurde; er darf nicht in der Zukunft liegen."
        }
        "followed-early" => "Dieser Tag liegt vor dem, bis zu dem die Daten bleiben müssen.",
        "told-before" => {
            "Unterrichten Sie zuerst die Person und tragen Sie den Tag ein. Erst danach endet die Einschränkung (Art. 18 Abs. 3 DSGVO)."
        }
        "lifted-early" => {
            "Im Brief an die Person steht ein späterer Tag. Vorher darf die Einschränkung nicht enden."
        }
        "lifting-data" => "Nennen Sie die Daten, eine Angabe je Zeile.",
        "lifting-since" => "Seit wann die Einschränkung gilt, liegt nicht in der Zukunft.",
        "lifting-from" => {
            "Der Tag muss nach heute liegen: Die Person erfährt es vorher (Art. 18 Abs. 3 DSGVO)."
        }
        "lifting-why" => {
            "Schreiben Sie, warum die Einschränkung endet. Die Person liest diesen Satz."
        }
        "letter-posted" => {
            "Geben Sie den Tag ein, an dem der Brief zur Post ging, zwischen dem Druck und heute."
        }
        "secured" => "Schreiben Sie auf, was gesichert wurde, oder warum nichts zu sichern ist.",
        "amount" => "Schreiben Sie, dass und warum es sehr viele Daten sind.",
        "areas" => "Nennen Sie die Bereiche zur Auswahl, einen je Zeile.",
        "told" => "Wählen Sie bei mindestens einem Empfänger, was geschehen ist.",
        "told-on" => "Der Tag muss zwischen Eingang und heute liegen.",
        "asked-on" => "Der Tag der Frage muss zwischen Eingang und heute liegen.",
        "told-to" => {
            "Tragen Sie die E-Mail-Adresse des Empfängers ein, zum Beispiel datenschutz@beispiel.de."
        }
        "told-words" => "Schreiben Sie den Nachweis oder den Grund dazu.",
        "recipient" => "Nennen Sie den Empfänger.",
        "done-on" => "Der Tag der Umsetzung muss zwischen Eingang und heute liegen.",
        "returned-on" => "Der Tag muss zwischen dem Versand der Antwort und heute liegen.",
        "password" => "Das Passwort braucht mindestens zwölf Zeichen.",
        "email" => "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de.",
        "ending" => "Wählen Sie, warum der Vorgang endet.",
        "file" => "Wählen Sie eine Datei.",
        "system" => "Nennen Sie das System, in dem die Adresse steht.",
        "since" => "Geben Sie den Tag ein, seit dem die Adresse dort steht.",
        "kind" => "Wählen Sie, welche Adresse es ist.",
        "method" => "Wählen Sie, wie geprüft wird.",
        "result" => "Wählen Sie das Ergebnis.",
        "suffices" => "Schreiben Sie, was die Person schicken oder sagen soll.",
        "decision" => {
            "Entscheiden Sie mindestens einen Punkt; wo Sie Gründe geschrieben haben, wählen Sie auch die Entscheidung."
        }
        "excess" => {
            "Wählen Sie „Ablehnen“, wenn Sie Art. 12 Abs. 5 DSGVO anwenden wollen, sonst lassen Sie den Abschnitt leer."
        }
        "interim-open" => {
            "Schreiben Sie, was noch fehlt. Fehlt nichts, geben Sie die Antwort frei."
        }
        "interim-by" => "Der Tag liegt zwischen heute und dem Ende der Frist.",
        "art14-name" => "Nennen Sie die Person, die informiert wird.",
        "art14-address" => "Geben Sie eine Anschrift oder eine E-Mail-Adresse der Person ein.",
        "art14-email" => "Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de.",
        "art14-obtained" | "owed-obtained" => {
            "Geben Sie den Tag ein, an dem die Daten kamen; er liegt nicht in der Zukunft."
        }
        "art14-occasion" => "Schreiben Sie, wie es dazu kam. Die Person liest diesen Satz.",
        "art14-source" => "Nennen Sie, woher die Daten kommen, und ob die Quelle öffentlich ist.",
        "art14-systems" => "Wählen Sie mindestens ein System, in dem die Daten liegen.",
        "owed-whom" => "Nennen Sie die Person und wie sie zu erreichen ist.",
        "informed-before" => {
            "Informieren Sie zuerst die Person. Erst wenn der Brief hinaus ist, ist das erledigt (Art. 14 DSGVO)."
        }
        "fee-for" => "Weitere Kopien gibt es nur bei der Auskunft.",
        "fee-why" => "Schreiben Sie, welche weiteren Kopien verlangt sind.",
        "fee-amount" => "Nennen Sie die Gebühr, zum Beispiel 18,40 Euro.",
        "fee-costs" => {
            "Schreiben Sie, wie sich die Gebühr zusammensetzt. Nur Verwaltungskosten zählen."
        }
        "fee-until" => {
            "Der Tag muss nach heute und vor dem Ende der Frist liegen: Das Warten auf die Antwort hält sie nicht an."
        }
        "fee-on" => "Der Tag muss zwischen dem Versand der Mitteilung und heute liegen.",
        "fee-silent" => "Die Zeit zur Antwort läuft noch.",
        "fee-note" => "Schreiben Sie auf, wie die Person geantwortet hat.",
        "fee-consent" => "Wählen Sie, was die Person gesagt hat.",
        "letter-way" => "Wählen Sie, auf welchem Weg der Brief hinausgeht.",
        "outcome" => "Wählen Sie zu jedem Text und jeder Datei, was die Suche ergab.",
        "tick" => "Haken Sie das andere System ab, oder leeren Sie sein Feld.",
        "done" => "Haken Sie mindestens eine Zeile ab.",
        "what" => "Zu jeder abgehakten Zeile gehören System und Tat.",
        "way" => "Wählen Sie, auf welchem Weg die Antwort hinausgeht.",
        "address" => "Geben Sie die Anschrift ein.",
        "arrived" => "Geben Sie den Tag ein, an dem der Nachweis eingegangen ist.",
        "asked" => "Geben Sie den Tag der Frage ein.",
        "on" => "Geben Sie den Tag ein.",
        "finding" => {
            "Kreuzen Sie mindestens einen Fund an, oder wählen Sie „Alle dieser Art“. Auf einmal gehen höchstens 500."
        }
        "treatment" => "Wählen Sie, was damit geschieht.",
        "area" => {
            "Eine Fläche passt nicht auf die Seite. Jede Angabe ist ein Wert von 0 bis 100 Prozent; links und Breite sowie oben und Höhe ergeben zusammen höchstens 100."
        }
        "black-words" => {
            "Nicht alle Worte stehen so im Text. Schreiben Sie sie genau wie dort, jedes in eine Zeile."
        }
        "new-kind" => "Wählen Sie, was für eine Angabe es ist.",
        "new-value" => "Die Angabe ist keine dieser Art. Prüfen Sie die Schreibweise.",
        "sought" => "Geben Sie ein, womit gesucht werden soll.",
        "ip" => "Geben Sie die IP-Adresse ein, zu der dieser Zeitraum gehört.",
        "from" => {
            "Eine IP-Adresse sagt nur mit Anfang und Ende etwas, zum Beispiel 01.02.2026 14:00 bis 15:00."
        }
        "window" => "Eine IP-Adresse sagt nur mit Anfang und Ende etwas.",
        "identifier" => "Diese Angabe steht nicht mehr zur Wahl.",
        "until" => "Das Datum unter „Bis“ ist nicht lesbar, zum Beispiel 31.12.2034.",
        "controller" => "Wählen Sie den Verantwortlichen.",
        "channel" => "Wählen Sie, wie der Antrag kam.",
        "received" => "Geben Sie den Tag des Eingangs ein.",
        "files" => "Eine Datei war leer oder zu groß, oder es waren zu viele. Wählen Sie andere.",
        "aware" => {
            "Geben Sie Tag und Uhrzeit ein, an denen das Haus davon wusste; sie liegen nicht in der Zukunft."
        }
        "told-at" => "Der Zeitpunkt muss zwischen dem Bekanntwerden und jetzt liegen.",
        "how" => {
            "Schreiben Sie, auf welchem Weg: Nummer der Online-Meldung, Brief vom …, Anruf bei …."
        }
        "nature" => "Beschreiben Sie, was geschehen ist.",
        "answer" => "Wählen Sie die Antwort.",
        "forum" => "Wählen Sie, an wen die Beschwerde ging.",
        "breach-told" => "Wählen Sie Ja oder Nein.",
        "toml" => "Der Text lässt sich nicht lesen.",
        _ => "Hier fehlt eine Angabe.",
    }
}
