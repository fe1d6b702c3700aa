//! The words of a proof of identity: methods as the person reads them, reasons, and what stands against a question.

use super::dates::long_date;
use super::terms;
use crate::domain::controller::AddressForm;
use crate::domain::identity::{
    AddressKind, Because, Caution, Code, CodeState, Fit, Knowledge, Method, OnFile, Owner,
    ProofObstacle, Proposal, Span, Unidentified,
};
use crate::domain::lang::Lang;

const DE: Lang = Lang::De;

fn say(lang: Lang, form: AddressForm, sie: &str, du: &str, en: &str) -> String {
    match (lang, form) {
        (Lang::De, AddressForm::Sie) => sie,
        (Lang::De, AddressForm::Du) => du,
        (Lang::En, _) => en,
    }
    .to_owned()
}

/// What a clerk or a person calls a piece of knowledge.
pub fn knowledge(key: Knowledge, lang: Lang) -> &'static str {
    match (key, lang) {
        (Knowledge::CustomerNumber, Lang::De) => "Kundennummer",
        (Knowledge::CustomerNumber, Lang::En) => "Customer number",
        (Knowledge::TicketNumber, Lang::De) => "Nummer einer Bestellung, Rechnung oder Anfrage",
        (Knowledge::TicketNumber, Lang::En) => "Number of an order, invoice or ticket",
        (Knowledge::LicenceEnd, Lang::De) => "Letzte fünf Zeichen eines Lizenzschlüssels",
        (Knowledge::LicenceEnd, Lang::En) => "Last five characters of a licence key",
        (Knowledge::ContractDate, Lang::De) => "Datum eines Vertrags oder einer Bestellung",
        (Knowledge::ContractDate, Lang::En) => "Date of a contract or an order",
    }
}

fn own(key: Knowledge, lang: Lang, form: AddressForm) -> String {
    match key {
        Knowledge::CustomerNumber => say(
            lang,
            form,
            "Ihre Kundennummer",
            "deine Kundennummer",
            "your customer number",
        ),
        Knowledge::TicketNumber => say(
            lang,
            form,
            "die Nummer einer Ihrer Bestellungen, Rechnungen oder Anfragen",
            "die Nummer einer deiner Bestellungen, Rechnungen oder Anfragen",
            "the number of one of your orders, invoices or tickets",
        ),
        Knowledge::LicenceEnd => say(
            lang,
            form,
            "die letzten fünf Zeichen eines Ihrer Lizenzschlüssel",
            "die letzten fünf Zeichen eines deiner Lizenzschlüssel",
            "the last five characters of one of your licence keys",
        ),
        Knowledge::ContractDate => say(
            lang,
            form,
            "das Datum eines Ihrer Verträge oder Bestellungen",
            "das Datum eines deiner Verträge oder Bestellungen",
            "the date of one of your contracts or orders",
        ),
    }
}

/// One of the means, as the letter lists it. It says nothing of what is held.
pub fn means_of(method: Method, keys: &[Knowledge], lang: Lang, form: AddressForm) -> String {
    let both = say(lang, form, " und ", " und ", " and ");
    match method {
        Method::AddressOnFile => say(
            lang,
            form,
            "eine Nachricht von der E-Mail-Adresse, mit der Sie uns sonst schreiben",
            "eine Nachricht von der E-Mail-Adresse, mit der du uns sonst schreibst",
            "a message from the e-mail address you usually write to us from",
        ),
        Method::ConfirmedLink => say(
            lang,
            form,
            "ein Code, den wir an die E-Mail-Adresse schicken, mit der Sie uns sonst schreiben",
            "ein Code, den wir an die E-Mail-Adresse schicken, mit der du uns sonst schreibst",
            "a code that we send to the e-mail address you usually write to us from",
        ),
        Method::Portal => say(
            lang,
            form,
            "eine Nachricht aus Ihrem Kundenkonto, mit der Vorgangsnummer",
            "eine Nachricht aus deinem Kundenkonto, mit der Vorgangsnummer",
            "a message from your customer account with the case number",
        ),
        Method::Knowledge => keys
            .iter()
            .map(|key| own(*key, lang, form))
            .collect::<Vec<_>>()
            .join(&both),
        Method::CodeByPost => say(
            lang,
            form,
            "ein Code, den wir Ihnen mit der Post schicken",
            "ein Code, den wir dir mit der Post schicken",
            "a code that we send you by post",
        ),
        Method::CallBack => say(
            lang,
            form,
            "ein Rückruf von uns; schreiben Sie uns, wann es passt",
            "ein Rückruf von uns; schreib uns, wann es passt",
            "a call from us; tell us what time suits you",
        ),
        Method::SignedLetter => say(
            lang,
            form,
            "ein Brief mit der Vorgangsnummer und Ihrer Unterschrift",
            "ein Brief mit der Vorgangsnummer und deiner Unterschrift",
            "a letter with the case number and your signature",
        ),
        Method::CardSeen => say(
            lang,
            form,
            "ein Besuch bei uns: Sie zeigen einen Ausweis, wir sehen ihn an und machen keine Kopie",
            "ein Besuch bei uns: Du zeigst einen Ausweis, wir sehen ihn an und machen keine Kopie",
            "a visit to us: you show an identity card, we look at it and make no copy",
        ),
        Method::BlackenedCopy => say(
            lang,
            form,
            "eine geschwärzte Kopie eines Ausweises: Zu sehen sein müssen nur Name, Anschrift, Geburtsdatum und Gültigkeit",
            "eine geschwärzte Kopie eines Ausweises: Zu sehen sein müssen nur Name, Anschrift, Geburtsdatum und Gültigkeit",
            "a blackened copy of an identity document: only name, address, date of birth and validity need to show",
        ),
    }
}

/// All of the means, one line each, and what the clerk added.
pub fn means(
    methods: &[Method],
    keys: &[Knowledge],
    lang: Lang,
    form: AddressForm,
    more: &str,
) -> Vec<String> {
    let usual = methods
        .iter()
        .map(|method| means_of(*method, keys, lang, form));
    let more = more
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned);
    usual.chain(more).filter(|line| !line.is_empty()).collect()
}

/// What the person brought, in a word or two.
pub fn brought(method: Method) -> &'static str {
    match method {
        Method::Knowledge => "Antworten auf die Fragen",
        Method::BlackenedCopy => "geschwärzte Kopie",
        Method::SignedLetter => "unterschriebener Brief",
        _ => "Unterlagen",
    }
}

/// Why a method is proposed, as sentences for the clerk.
pub fn because(proposal: &Proposal) -> String {
    let sentences = proposal.because.iter().map(|because| match because {
        Because::Harm(right) => format!(
            "Für „{}“ ist {} verhältnismäßig.",
            terms::right_name(*right, DE),
            span(proposal.span)
        ),
        Because::Sensitive => "Besonders schutzwürdige Daten oder Zahlungsdaten verlangen mehr.".into(),
        Because::Moved => "Die Antwort soll an eine andere Anschrift gehen als die hinterlegte; das hebt die Stufe.".into(),
        Because::NoMailbox => "Ein bestätigtes Postfach gibt es hier nicht.".into(),
        Because::NotHersAlone => "Das Postfach lesen mehrere, oder es ist ein Funktionspostfach; allein genügt es nie.".into(),
        Because::NoSender => "Der Antrag zeigt nicht, von welcher Adresse er kommt.".into(),
        Because::NumbersHeld => "Im Verzeichnis stehen Systeme, die nach Nummern geführt werden.".into(),
        Because::AddressesHeld => "Im Verzeichnis stehen Systeme mit Anschriften.".into(),
        Because::NothingWeaker => "Schwächeres, das hier trägt, wird nicht angeboten.".into(),
    });
    sentences.collect::<Vec<String>>().join(" ")
}

fn span(span: Span) -> String {
    match (span.least, span.most) {
        (least, most) if least == most => format!("Stufe {least}"),
        (least, most) => format!("Stufe {least} bis {most}"),
    }
}

/// What a method is in this case, in a word or two.
pub fn fit(fit: Fit) -> &'static str {
    match fit {
        Fit::Proposed => "vorgeschlagen",
        Fit::Fits => "verhältnismäßig",
        Fit::TooWeak => "zu schwach",
        Fit::TooHard => "mehr als nötig",
        Fit::Useless => "geht hier nicht",
    }
}

/// What speaks against a question, kept beside it.
pub fn caution(caution: Caution) -> &'static str {
    match caution {
        Caution::Late => "Gefragt wurde später als drei Arbeitstage nach dem Eingang.",
        Caution::Routine => {
            "Derselbe Zweifel steht wörtlich in anderen Vorgängen der letzten Zeit."
        }
        Caution::Vague => "Der Zweifel nennt keinen Umstand dieses Falls.",
        Caution::Harder => "Verlangt wurde mehr, als vorgeschlagen war.",
        Caution::Copy => "Verlangt wurde eine Kopie eines Ausweises.",
    }
}

/// A kind of address.
pub fn address_kind(kind: AddressKind) -> &'static str {
    match kind {
        AddressKind::Mailbox => "E-Mail-Adresse",
        AddressKind::Postal => "Postanschrift",
        AddressKind::Phone => "Telefonnummer",
    }
}

/// Whose an address is.
pub fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Person => "nur dieser Person",
        Owner::Role => "keiner einzelnen Person: Funktionspostfach wie info@ oder kontakt@",
        Owner::Shared => "mehreren, die es lesen: Familie, Team",
        Owner::Several => "nicht zu sagen: Sie steht bei mehreren Personen",
        Owner::Employer => "dem Arbeitgeber, und die Person hat vielleicht gewechselt",
    }
}

/// Where an address stands on file, in one sentence.
pub fn on_file(on_file: &OnFile) -> String {
    format!(
        "{} steht in „{}“ seit {}.",
        address_kind(on_file.kind),
        on_file.system,
        long_date(on_file.since, DE)
    )
}

/// How far a code is.
pub fn code(code: &Code) -> String {
    let way = match code.on_file.kind {
        AddressKind::Mailbox => "per E-Mail",
        _ => "per Brief",
    };
    match (code.state, code.sent) {
        (CodeState::Entered, _) => format!("Code {way}: richtig eingegeben"),
        (CodeState::Locked, _) => format!("Code {way}: nach fünf falschen Versuchen gesperrt"),
        (CodeState::Out, None) => format!("Code {way}: gedruckt, noch nicht zur Post gegeben"),
        (CodeState::Out, Some(on)) => format!(
            "Code {way}: unterwegs seit {}, gilt bis {}",
            long_date(on, DE),
            long_date(code.until, DE)
        ),
    }
}

/// What the page of an act without a proof is called.
pub fn unproven_title(reminder: bool) -> &'static str {
    match reminder {
        true => "An den Nachweis erinnern",
        false => "Ohne Nachweis abschließen",
    }
}

/// Why a case ends without the person being identified, as a choice.
pub fn unidentified(cause: Unidentified) -> (&'static str, &'static str) {
    match cause {
        Unidentified::Silent => (
            "Keine Antwort auf die Frage",
            "Gefragt, einmal erinnert, nichts gekommen (Art. 12 Abs. 6 DSGVO).",
        ),
        Unidentified::Insufficient => (
            "Der Nachweis genügt nicht",
            "Was kam, beantwortet den Zweifel nicht (Art. 12 Abs. 6 DSGVO).",
        ),
        Unidentified::Unidentifiable => (
            "Die Daten lassen sich keiner Person zuordnen",
            "Zum Beispiel nur eine IP-Adresse oder Cookie-Kennung (Art. 11 DSGVO). Endet nur, was Art. 15 bis 20 verlangt; es wird nichts erhoben, um die Person zu erkennen.",
        ),
    }
}

/// Reasons to start from, in the language of the letter.
pub fn reasons(cause: Unidentified, lang: Lang, form: AddressForm) -> String {
    match cause {
        Unidentified::Silent => say(
            lang,
            form,
            "Der Antrag lässt nicht erkennen, dass er von Ihnen kommt. Wir haben nachgefragt und einmal erinnert.",
            "Der Antrag lässt nicht erkennen, dass er von dir kommt. Wir haben nachgefragt und einmal erinnert.",
            "The request does not show that it comes from you. We asked, and reminded you once.",
        ),
        Unidentified::Insufficient => String::new(),
        Unidentified::Unidentifiable => say(
            lang,
            form,
            "Wir speichern nur eine IP-Adresse oder eine Kennung im Browser. Daraus können wir nicht erkennen, wer Sie sind. Eine Kundennummer, ein Benutzername oder die IP-Adresse mit Tag und Uhrzeit würden helfen.",
            "Wir speichern nur eine IP-Adresse oder eine Kennung im Browser. Daraus können wir nicht erkennen, wer du bist. Eine Kundennummer, ein Benutzername oder die IP-Adresse mit Tag und Uhrzeit würden helfen.",
            "We only hold an IP address or an identifier in the browser. From that we cannot tell who you are. A customer number, a user name, or the IP address with day and time would help.",
        ),
    }
}

/// What stands against a proof or a question, as one sentence that says what would help.
pub fn obstacle(obstacle: ProofObstacle) -> String {
    match obstacle {
        ProofObstacle::NotOnFile => "Eine Adresse beweist nur etwas, wenn sie schon vor dem Antrag hinterlegt war. Tragen Sie ein, in welchem System sie steht und seit wann.".into(),
        ProofObstacle::RecordUnnamed => "Nennen Sie das System, in dem die Adresse steht.".into(),
        ProofObstacle::RecordTooYoung { since, received } => format!(
            "Der Eintrag vom {} ist nicht älter als der Antrag vom {}. Er beweist nichts; nehmen Sie einen älteren oder eine andere Prüfung.",
            long_date(since, DE),
            long_date(received, DE)
        ),
        ProofObstacle::RecordOfRequest => "Der Eintrag ist durch diesen Antrag entstanden. Er beweist nichts; nehmen Sie einen älteren oder eine andere Prüfung.".into(),
        ProofObstacle::NeverAlone(owner) => format!(
            "{} Allein genügt diese Adresse nie; nehmen Sie eine stärkere Prüfung.",
            match owner {
                Owner::Person => "Diese Adresse gehört mehreren.",
                Owner::Role => "Das ist ein Funktionspostfach.",
                Owner::Shared => "Dieses Postfach lesen auch andere.",
                Owner::Several => "Diese Adresse steht bei mehreren Personen.",
                Owner::Employer => "Die Adresse gehört dem Arbeitgeber.",
            }
        ),
        ProofObstacle::MailboxSilent => "Aus der hinterlegten Adresse kam weder der Antrag noch eine Bestätigung. Schicken Sie einen Code dorthin, oder warten Sie auf die Bestätigung.".into(),
        ProofObstacle::NotOffered(method) => format!(
            "„{}“ bietet der Verantwortliche nicht an.",
            terms::method(method, DE)
        ),
        ProofObstacle::DepartureUnexplained { proposed } => format!(
            "Vorgeschlagen ist: {}. Wer davon abweicht, schreibt auf, warum.",
            terms::method(proposed, DE)
        ),
        ProofObstacle::Routine { others } => format!(
            "Derselbe Zweifel steht wörtlich in {others} anderen Vorgängen der letzten Zeit. Eine Routine ist kein begründeter Zweifel und hält die Frist nicht an. Nennen Sie, was in diesem Fall anders ist, oder fragen Sie ohne Pause."
        ),
        ProofObstacle::Vague => "Das passt auf jeden Antrag. Nennen Sie den Umstand, der gerade hier zweifeln lässt, oder fragen Sie ohne Pause.".into(),
        ProofObstacle::CopyOutOfProportion => "Eine Ausweiskopie ist hier nicht verhältnismäßig (Art. 5 Abs. 1 lit. c DSGVO). Sie kommt nur als letzter Schritt in Betracht: wo besonders schutzwürdige Daten betroffen sind, nichts anderes trägt und sie nicht zur Gewohnheit wird.".into(),
        ProofObstacle::DocumentNumber => "Das sieht nach der Nummer eines Ausweises aus. Schreiben Sie sie nicht auf; „gesehen, stimmt überein“ genügt.".into(),
        ProofObstacle::NoKey => "Wählen Sie, wonach Sie fragen.".into(),
        ProofObstacle::NoCodeEntered => "Ein Code beweist nur etwas, wenn er eingegeben ist. Geben Sie ihn unter „Code“ ein.".into(),
        ProofObstacle::NoCodeOut => "Es ist kein Code unterwegs.".into(),
        ProofObstacle::CodeWrong => "Der Code passt nicht oder gilt nicht mehr. Nach fünf falschen Versuchen ist er gesperrt; dann hilft ein neuer.".into(),
        ProofObstacle::CodeNeedsAddress => "Geben Sie die Adresse ein, wie sie im System steht, nicht die aus dem Antrag.".into(),
        ProofObstacle::NotAsked => "Die Person ist nicht gefragt.".into(),
        ProofObstacle::RemindedAlready => "Die Person ist schon erinnert worden; einmal genügt.".into(),
        ProofObstacle::RemindFirst => "Erinnern Sie die Person zuerst einmal.".into(),
        ProofObstacle::WeighFirst => "Es liegt ein Nachweis vor, den noch niemand geprüft hat.".into(),
        ProofObstacle::StillTime(day) => format!(
            "Die Person hat noch bis {} Zeit zu antworten.",
            long_date(day, DE)
        ),
        ProofObstacle::QuestionUnsent => "Die Frage hat das Haus noch nicht verlassen. Tragen Sie zuerst ein, wann sie zur Post ging, oder senden Sie die E-Mail noch einmal.".into(),
        ProofObstacle::Proven => "Die Identität ist schon bestätigt.".into(),
        ProofObstacle::NothingEnds => "Kein offener Punkt dieses Vorgangs hängt an der Identität.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_suffice_is_said_in_the_reader_s_own_form() {
        let keys = [Knowledge::CustomerNumber, Knowledge::ContractDate];
        let said = |lang, form| means_of(Method::Knowledge, &keys, lang, form);
        assert_eq!(
            said(Lang::De, AddressForm::Sie),
            "Ihre Kundennummer und das Datum eines Ihrer Verträge oder Bestellungen"
        );
        assert_eq!(
            said(Lang::De, AddressForm::Du),
            "deine Kundennummer und das Datum eines deiner Verträge oder Bestellungen"
        );
        assert_eq!(
            said(Lang::En, AddressForm::Du),
            "your customer number and the date of one of your contracts or orders"
        );
        let all = means(
            &Method::ALL,
            &keys,
            Lang::De,
            AddressForm::Sie,
            "\n ein Treffen \n",
        );
        assert_eq!(all.len(), Method::ALL.len() + 1);
        assert_eq!(all.last().map(String::as_str), Some("ein Treffen"));
    }
}
