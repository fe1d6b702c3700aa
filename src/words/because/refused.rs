//! What the rules on time forbid, said so that one knows what to do instead.

use chrono::NaiveDate;

use crate::domain::calendar::CalendarError;
use crate::domain::deadline::ClockObstacle;
use crate::domain::lang::Lang;
use crate::words::dates::long_date;

/// What the rules on time forbid, and what would help.
pub fn clock_obstacle(obstacle: &ClockObstacle, lang: Lang) -> String {
    match lang {
        Lang::De => german(obstacle),
        Lang::En => english(obstacle),
    }
}

fn german(obstacle: &ClockObstacle) -> String {
    let date = |day: &NaiveDate| long_date(*day, Lang::De);
    match obstacle {
        ClockObstacle::NoDoubt => String::from(
            "Eine Rückfrage hält die Frist nur an, wenn der Grund des Zweifels notiert ist.",
        ),
        ClockObstacle::Disproportionate => String::from(
            "Verlangen Sie nur das mildeste Mittel, das genügt; sonst hält die Rückfrage die Frist nicht an.",
        ),
        ClockObstacle::AskedTooLate { asked, last } => format!(
            "Die Rückfrage vom {} hält die Frist nicht an: Gefragt werden muss sofort, spätestens am {}.",
            date(asked),
            date(last)
        ),
        ClockObstacle::NothingWouldSuffice => {
            String::from("Nennen Sie, was als Antwort genügen würde.")
        }
        ClockObstacle::NeverWaits => String::from(
            "Ein Recht dieses Vorgangs wartet auf nichts: Werbewiderspruch, Widerruf oder Einschränkung. Setzen Sie es jetzt um und antworten Sie darauf; danach ist die übrige Frist zu bewegen.",
        ),
        ClockObstacle::AskedBeforeCause { asked, cause } => {
            format!(
                "Die Rückfrage vom {} liegt vor ihrem Anlass am {}.",
                date(asked),
                date(cause)
            )
        }
        ClockObstacle::AnsweredBeforeAsked { asked, answered } => {
            format!(
                "Die Antwort vom {} liegt vor der Rückfrage vom {}.",
                date(answered),
                date(asked)
            )
        }
        ClockObstacle::NothingAsked => {
            String::from("Zu einer Antwort gehört der Tag der Rückfrage.")
        }
        ClockObstacle::CauseBeforeReceipt { cause, received } => format!(
            "Der Anlass am {} liegt vor dem Eingang am {}.",
            date(cause),
            date(received)
        ),
        ClockObstacle::InFuture(day) => format!("{} liegt in der Zukunft.", date(day)),
        ClockObstacle::AskedAfterEnd { asked, due } => format!(
            "Die Rückfrage vom {} hält nichts mehr an: Die Frist war am {} abgelaufen. Antworten Sie so bald wie möglich.",
            date(asked),
            date(due)
        ),
        ClockObstacle::AskedAlready(asked) => format!(
            "Die Frist ruht schon wegen einer solchen Frage vom {}. Fragen Sie noch einmal, ohne die Frist ruhen zu lassen.",
            date(asked)
        ),
        ClockObstacle::AlreadyAnswered => String::from("Diese Pause ist schon beendet."),
        ClockObstacle::NoReasons => String::from(
            "Eine Verlängerung braucht Gründe: wie komplex der Antrag ist, wie viele Anträge es sind (Art. 12 Abs. 3 DSGVO).",
        ),
        ClockObstacle::NoticeTooLate { notice, last } => format!(
            "Die Mitteilung vom {} verlängert nichts mehr; sie musste bis {} hinausgehen. Antworten Sie so bald wie möglich.",
            date(notice),
            date(last)
        ),
        ClockObstacle::NoticeNotSent(day) => {
            format!(
                "Am {} kann die Mitteilung nicht versandt worden sein.",
                date(day)
            )
        }
        ClockObstacle::AlreadyExtended => {
            String::from("Die Frist ist schon verlängert; das geht nur einmal.")
        }
        ClockObstacle::Calendar(CalendarError::OutsideTable { day, first, last }) => format!(
            "{} liegt außerhalb der Feiertagstabelle, die von {} bis {} gilt.",
            date(day),
            date(first),
            date(last)
        ),
        ClockObstacle::Calendar(other) => format!("Die Feiertagstabelle ist nicht lesbar: {other}"),
    }
}

fn english(obstacle: &ClockObstacle) -> String {
    let date = |day: &NaiveDate| long_date(*day, Lang::En);
    match obstacle {
        ClockObstacle::NoDoubt => String::from(
            "A question stops the clock only if the reason for the doubt is written down.",
        ),
        ClockObstacle::Disproportionate => String::from(
            "Ask only for the weakest means that suffices; otherwise the question does not stop the clock.",
        ),
        ClockObstacle::AskedTooLate { asked, last } => format!(
            "The question of {} does not stop the clock: it must be asked at once, by {} at the latest.",
            date(asked),
            date(last)
        ),
        ClockObstacle::NothingWouldSuffice => String::from("Say what would suffice as an answer."),
        ClockObstacle::NeverWaits => String::from(
            "A right in this case waits for nothing: objection to advertising, withdrawal or restriction. Act on it and answer it now; after that the clock of the others can be moved.",
        ),
        ClockObstacle::AskedBeforeCause { asked, cause } => {
            format!(
                "The question of {} lies before its cause on {}.",
                date(asked),
                date(cause)
            )
        }
        ClockObstacle::AnsweredBeforeAsked { asked, answered } => {
            format!(
                "The answer of {} lies before the question of {}.",
                date(answered),
                date(asked)
            )
        }
        ClockObstacle::NothingAsked => String::from("An answer needs the day of the question."),
        ClockObstacle::CauseBeforeReceipt { cause, received } => format!(
            "The cause on {} lies before receipt on {}.",
            date(cause),
            date(received)
        ),
        ClockObstacle::InFuture(day) => format!("{} lies in the future.", date(day)),
        ClockObstacle::AskedAfterEnd { asked, due } => format!(
            "The question of {} stops nothing any more: the period ended on {}. Answer as soon as you can.",
            date(asked),
            date(due)
        ),
        ClockObstacle::AskedAlready(asked) => format!(
            "The clock stands already because of such a question of {}. Ask again without stopping it.",
            date(asked)
        ),
        ClockObstacle::AlreadyAnswered => String::from("This pause has ended already."),
        ClockObstacle::NoReasons => String::from(
            "An extension needs reasons: how complex the request is, how many requests there are (Art. 12(3) GDPR).",
        ),
        ClockObstacle::NoticeTooLate { notice, last } => format!(
            "The notice of {} extends nothing; it had to leave by {}. Answer as soon as you can.",
            date(notice),
            date(last)
        ),
        ClockObstacle::NoticeNotSent(day) => {
            format!("The notice cannot have been sent on {}.", date(day))
        }
        ClockObstacle::AlreadyExtended => {
            String::from("The period has been extended already; that is possible only once.")
        }
        ClockObstacle::Calendar(CalendarError::OutsideTable { day, first, last }) => format!(
            "{} lies outside the holiday table, which is valid from {} to {}.",
            date(day),
            date(first),
            date(last)
        ),
        ClockObstacle::Calendar(other) => format!("The holiday table cannot be read: {other}"),
    }
}
