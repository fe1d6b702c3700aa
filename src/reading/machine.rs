//! Mail that no person wrote: bounces, answers by machines, unsubscriptions by a click.

use super::fold::words;
use super::heads::folded;
use super::judge::{Judgement, SURE, Where};
use super::letter::Letter;
use super::mark::Mark;
use super::message::Message;
use super::verdict::Kind;

/// What a machine wrote, with the reason; none if a person may have written.
pub fn machine(message: &Message, letter: &Letter, own: &Judgement) -> Option<(Kind, String)> {
    bounce(message, own)
        .or_else(|| unsubscribed(message, letter))
        .or_else(|| answered(message, letter, own))
}

fn bounce(message: &Message, own: &Judgement) -> Option<(Kind, String)> {
    if message.machine.report_type.as_deref() == Some("feedback-report") {
        return Some((
            Kind::ObjectionByMachine,
            "an abuse report: somebody marked our mail as spam".to_owned(),
        ));
    }
    const UNDELIVERED: [&str; 3] = ["failed", "delayed", "relayed"];
    if message.machine.report_type.as_deref() == Some("disposition-notification") {
        return Some((Kind::AutoReply, "a read receipt".to_owned()));
    }
    if let Some(report) = message
        .reports
        .iter()
        .find(|report| UNDELIVERED.contains(&report.action.as_str()) || !report.status.is_empty())
    {
        return Some((
            Kind::Bounce,
            format!(
                "a delivery report: {} {} {}",
                report.action, report.status, report.recipient
            )
            .trim()
            .to_owned(),
        ));
    }
    if message.machine.report_type.as_deref() == Some("delivery-status") {
        return Some((Kind::Bounce, "a delivery report".to_owned()));
    }
    let local = message
        .from
        .first()
        .map(|from| {
            from.email
                .split('@')
                .next()
                .unwrap_or_default()
                .to_lowercase()
        })
        .unwrap_or_default();
    let daemon = matches!(
        local.as_str(),
        "mailer-daemon" | "postmaster" | "mail-daemon" | "mailerdaemon" | "mdaemon"
    );
    let said = own.score(Mark::Bounce) >= SURE;
    if daemon && (said || message.machine.null_return_path || !message.reports.is_empty())
        || said && message.machine.null_return_path && own.best() < SURE
    {
        return Some((
            Kind::Bounce,
            "the mail server says that mail came back".to_owned(),
        ));
    }
    None
}

/// One-click mails and messages that are nothing but the word.
fn unsubscribed(message: &Message, letter: &Letter) -> Option<(Kind, String)> {
    const WORDS: [&str; 22] = [
        "unsubscribe",
        "unsub",
        "abmelden",
        "abmeldung",
        "abbestellen",
        "austragen",
        "stop",
        "stopp",
        "remove",
        "opt out",
        "optout",
        "desabonner",
        "desabonnement",
        "baja",
        "cancella",
        "afmelden",
        "wypisz",
        "odhlasit",
        "dezabonare",
        "newsletter abmelden",
        "newsletter abbestellen",
        "list unsubscribe",
    ];
    let to = message
        .to
        .iter()
        .map(|address| address.email.as_str())
        .chain(message.delivered_to.iter().map(String::as_str));
    for email in to {
        let local = folded(email.split('@').next().unwrap_or_default());
        let token = local.split(' ').any(|part| {
            matches!(
                part,
                "unsubscribe"
                    | "unsub"
                    | "abmelden"
                    | "listunsubscribe"
                    | "abmeldung"
                    | "optout"
                    | "unsubscribes"
            )
        });
        let word_there = ["unsubscribe", "abmelden", "abmeldung", "unsub"]
            .iter()
            .any(|word| local.starts_with(word) || local.ends_with(word));
        if token || word_there {
            return Some((
                Kind::ObjectionByMachine,
                format!("sent to {email}, the address of a one-click unsubscription"),
            ));
        }
    }
    let body = words(&letter.text);
    let subject = folded(&letter.subject);
    let bare = body.len() <= 3;
    let text = folded(&letter.text);
    let first = subject.split(' ').next().unwrap_or_default();
    let one_word = WORDS.contains(&subject.as_str())
        || (first == "unsubscribe" || first == "unsub") && subject.split(' ').count() <= 3;
    if one_word && !letter.is_reply && (bare || WORDS.contains(&text.as_str())) {
        return Some((Kind::ObjectionByMachine, "nothing but the word".to_owned()));
    }
    if first == "unsubscribe"
        && (text.contains("automatic") || text.contains("automatisch"))
        && body.len() < 40
    {
        return Some((
            Kind::ObjectionByMachine,
            "an unsubscription sent by a mail program".to_owned(),
        ));
    }
    None
}

fn answered(message: &Message, letter: &Letter, own: &Judgement) -> Option<(Kind, String)> {
    let token = message.machine.auto_submitted.as_deref().unwrap_or("no");
    if token == "auto-replied" || message.machine.autoreply {
        return Some((
            Kind::AutoReply,
            format!("the headers say that a machine answered ({token})"),
        ));
    }
    let said = |place: &Where| {
        own.signs
            .iter()
            .any(|sign| sign.mark == Mark::AutoReply && sign.weight >= SURE && sign.place == *place)
    };
    let in_subject = said(&Where::Subject)
        || own
            .signs
            .iter()
            .any(|sign| sign.mark == Mark::AutoReply && sign.weight >= SURE)
            && token != "no";
    if (in_subject || said(&Where::Body)) && own.best() < SURE && letter.note.is_empty() {
        return Some((Kind::AutoReply, "an absence note or a receipt".to_owned()));
    }
    None
}
