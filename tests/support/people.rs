//! The people of the stories: who asks, and who works at the desk.

use std::io::Read;

use chrono::{DateTime, NaiveDate, Utc};
use rechtzeitig::casework::collection::TaskAnswer;
use rechtzeitig::casework::decision::Verdict;
use rechtzeitig::casework::desk::Outcome;
use rechtzeitig::casework::filing::OpenFile;
use rechtzeitig::casework::identity::Question;
use rechtzeitig::casework::intake::{Receipt, Submission, Wish};
use rechtzeitig::casework::{Error, Token, TotpSecret};
use rechtzeitig::domain::case::Case;
use rechtzeitig::domain::collection::Outcome as Answer;
use rechtzeitig::domain::decision::{Decision, Done};
use rechtzeitig::domain::delivery::Way;
use rechtzeitig::domain::enclosure::Version;
use rechtzeitig::domain::identity::{AddressKind, Ask, Finding, Knowledge, Method, OnFile, Owner};
use rechtzeitig::domain::ids::{CaseId, ClerkId};
use rechtzeitig::domain::intake::{Mailbox, OnBehalf, ReplyBy};
use rechtzeitig::domain::judgement::{End, Treatment};
use rechtzeitig::domain::lang::Lang;
use rechtzeitig::domain::look::Point;
use rechtzeitig::domain::measure::{Correction, Measure, Occasion};
use rechtzeitig::domain::notice::Told;
use rechtzeitig::domain::obstacle::Obstacle;
use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::{Actor, Role, Scope};
use rechtzeitig::domain::weighing::{Balance, Excess, Weighing};

use super::letterbox::Mail;
use super::office::Office;

/// The code that an authenticator app shows for a secret at this time.
pub fn totp_code(secret: &TotpSecret, at: DateTime<Utc>) -> String {
    let totp: totp_rs::Totp = totp_rs::Builder::new()
        .with_algorithm(totp_rs::Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(*secret.expose())
        .build()
        .expect("a secret");
    totp.generate(at.timestamp().unsigned_abs()).to_string()
}

/// Who looks a second time, so that the story need not wait for the next morning.
pub fn colleague(office: &Office) -> Scope {
    let actor = Actor("second-pair-of-eyes".into());
    Scope::of_clerk(ClerkId(-1), actor, vec![(office.company(), Role::Decider)])
}

/// What a careful clerk weighs for a decision like this.
pub fn weighed(case: &Case, right: Right, decision: &Decision) -> Weighing {
    let mut weighing = Weighing::as_wished(case, right);
    let text = |text: &str| text.to_owned().into();
    let (grounds, remains) = match decision {
        Decision::Partly {
            grounds, remains, ..
        } => (grounds.clone(), remains.clone()),
        Decision::Refused { grounds, .. } => (grounds.clone(), vec![]),
        _ => (vec![], vec![]),
    };
    let ground = || {
        grounds
            .first()
            .cloned()
            .or_else(|| remains.first().map(|it| it.ground.clone()))
    };
    if matches!(decision, Decision::Partly { .. }) {
        if let Some(check) = &mut weighing.three_way {
            check.duty.stands = true;
        }
        if let Some(first) = weighing.judgements.first_mut() {
            first.ground = ground();
            first.treatment = match right {
                Right::Erasure => Treatment::Keep,
                _ => Treatment::Redact,
            };
            let until = remains.first().and_then(|rest| rest.until);
            first.record = text("Kundennummer 4711");
            first.end = Some(until.map_or(End::Event("bis es entbehrlich ist".into()), End::Day));
        }
    }
    // Of what is given in part something else goes out.
    for system in weighing.judgements.iter().map(|it| it.system) {
        if weighing.in_part(system) {
            weighing.versions.push(Version {
                system,
                text: text("Auszug ohne Angaben anderer"),
                files: vec![],
            });
            break;
        }
    }
    weighing.measure = ordered(right).filter(|_| decision.to_carry_out());
    if right == Right::Objection && decision.denies() {
        weighing.balance = Some(Balance {
            situation: text("zieht um"),
            grounds: text("Sicherheit des Betriebs"),
        });
    }
    if matches!(decision, Decision::Refused { .. }) {
        weighing.officer = Some(text("gehört, keine Bedenken"));
        weighing.excess = Some(Excess {
            objective: text("zum zehnten Mal dieselbe Kopie"),
            subjective: text("kündigt an, nur lästig sein zu wollen"),
            evidence: text("zehn Schreiben in zwei Monaten"),
            fee: None,
        });
    }
    weighing
}

/// What is ordered for a right where a yes has to say so.
fn ordered(right: Right) -> Option<Measure> {
    let text = |text: &str| text.to_owned().into();
    match right {
        Right::Rectification => Some(Measure::Correct {
            corrections: vec![Correction {
                what: "Anschrift".into(),
                old: text("Weg 1"),
                new: text("Steg 3"),
            }],
            counter_note: text(""),
        }),
        Right::Restriction => Some(Measure::Restrict {
            occasion: Occasion::Disputed,
            effect: text("Die Daten werden nur noch gespeichert."),
            end: End::Event("bis geprüft ist, ob die Daten richtig sind".into()),
        }),
        Right::HumanReview => Some(Measure::Review {
            reviewer: text("die Leiterin der Abteilung"),
            view: text("eine neue Stelle seit Mai"),
            result: text("Die Ablehnung ist aufgehoben."),
        }),
        _ => None,
    }
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Subject {
    pub name: String,
    pub email: String,
    /// By what else she says that she is found.
    pub hints: Option<String>,
}

impl Subject {
    pub(super) fn new(name: &str, email: &str) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
            hints: None,
        }
    }

    /// What she writes into the form when she wants this.
    pub fn wish(&self, rights: &[Right]) -> Wish {
        Wish {
            rights: rights.to_vec(),
            text: "Bitte kümmern Sie sich darum.".to_owned().into(),
            lang: Lang::De,
            on_behalf: OnBehalf::Own,
            name: self.name.clone().into(),
            data_subject: None,
            email: Some(self.email.clone().into()),
            address: None,
            hints: self.hints.clone().map(Into::into),
            reply_by: ReplyBy::Portal,
            copy_first: None,
            shared_mailbox: Some(false),
        }
    }

    /// Fills in the company's form and sends it.
    pub async fn asks(&self, office: &Office, rights: &[Right]) -> Receipt {
        self.sends(office, self.wish(rights)).await
    }

    /// Sends the company's form as filled in.
    pub async fn sends(&self, office: &Office, wish: Wish) -> Receipt {
        office
            .submit("kontor", form(wish))
            .await
            .expect("a form that is taken")
    }

    /// Asks, and presses the button in the mail that comes.
    pub async fn asks_and_confirms(&self, office: &Office, rights: &[Right]) -> Receipt {
        let receipt = self.asks(office, rights).await;
        office.jobs_run().await;
        self.confirms(office).await;
        receipt
    }

    /// Presses the button behind the link in the last confirmation mail.
    pub async fn confirms(&self, office: &Office) -> Outcome {
        let outcome = office
            .confirm_mailbox(&self.link(office, "confirm"))
            .await
            .expect("a link that confirms");
        office.jobs_run().await;
        outcome
    }

    /// The mails she got.
    pub fn mails(&self, office: &Office) -> Vec<Mail> {
        office.mails_to(&self.email)
    }

    /// The token behind the latest link to this page in her mails.
    pub fn link(&self, office: &Office, page: &str) -> Token {
        let mails = self.mails(office);
        let mail = mails.iter().rev().find(|mail| mail.url(page).is_some());
        mail.unwrap_or_else(|| panic!("no mail with a link to {page}"))
            .token(page)
    }

    /// Asks for a code at the answer's page, reads it from her mail and types it in.
    pub async fn opens_answer(&self, office: &Office, answer: &Token) -> Token {
        let before = self.mails(office).len();
        office.send_code(answer).await.expect("a code on its way");
        office.jobs_run().await;
        let mails = self.mails(office);
        assert_eq!(mails.len(), before + 1, "one mail with the code");
        office
            .try_code(answer, &mails[before].code())
            .await
            .expect("the right code")
    }
}

/// A form as the browser sends it.
pub fn form(wish: Wish) -> Submission {
    Submission {
        form: Token::generate(),
        wish,
        with_files: false,
        suspicious: false,
    }
}

/// All bytes of an opened file.
pub fn bytes(mut file: OpenFile) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.reader
        .read_to_end(&mut bytes)
        .expect("a file that opens");
    bytes
}

/// Somebody at the desk. Each act looks at the case first, as its page does.
#[derive(Debug)]
pub struct Clerk {
    pub id: ClerkId,
    pub email: String,
    pub scope: Scope,
    /// The link by which she chooses a password.
    pub welcome: Token,
}

impl Clerk {
    /// The case as it stands, and its revision.
    pub async fn sees(&self, office: &Office, case: CaseId) -> (Case, i64) {
        office
            .open(&self.scope, case)
            .await
            .expect("a case in reach")
    }

    /// Finds that it is she, by the address on file.
    pub async fn confirms_identity(&self, office: &Office, case: CaseId) -> Outcome {
        let (known, seen) = self.sees(office, case).await;
        let finding = match known.mailbox {
            Mailbox::Confirmed { .. } => known_address(),
            // Whoever shows no mailbox has signed.
            _ => Finding {
                doubt: "Der Brief nennt keine Nummer".into(),
                ..Finding::sufficient(Method::SignedLetter)
            },
        };
        office
            .weigh_identity(&self.scope, case, seen, finding)
            .await
            .expect("identity confirmed")
    }

    /// Asks for a proof, with or without stopping the clock.
    pub async fn asks_for_proof(
        &self,
        office: &Office,
        case: CaseId,
        pause: bool,
    ) -> Result<Outcome, Error> {
        let (_, seen) = self.sees(office, case).await;
        let question = Question {
            ask: Ask {
                means: vec![Method::Knowledge],
                keys: vec![Knowledge::TicketNumber],
                doubt: "Die Adresse steht bei zwei Kundinnen.".into(),
                pause,
                ..Ask::default()
            },
            suffices: "Die Nummer einer Ihrer Rechnungen genügt.".into(),
        };
        office.ask_identity(&self.scope, case, seen, question).await
    }

    /// Answers for the system of this name.
    pub async fn answers(
        &self,
        office: &Office,
        case: CaseId,
        system: &str,
        outcome: Answer,
    ) -> Outcome {
        let (known, seen) = self.sees(office, case).await;
        let task = known
            .collection
            .tasks
            .iter()
            .find(|task| task.name == system)
            .expect("a system of this name");
        let answer = TaskAnswer {
            system: task.system,
            outcome,
        };
        office
            .answer_tasks(&self.scope, case, seen, vec![answer], vec![])
            .await
            .expect("an answered task")
    }

    /// Found something in the system of this name.
    pub async fn finds(&self, office: &Office, case: CaseId, system: &str, text: &str) -> Outcome {
        self.answers(
            office,
            case,
            system,
            Answer::Found {
                text: text.to_owned().into(),
                files: vec![],
            },
        )
        .await
    }

    /// Searched wherever nobody has answered yet, and found nothing.
    pub async fn finds_nothing_else(&self, office: &Office, case: CaseId) -> Outcome {
        let (known, seen) = self.sees(office, case).await;
        let open = known.collection.tasks.iter().filter(|task| task.open());
        let nothing = || Answer::Nothing {
            text: "mit Name und Adresse gesucht".to_owned().into(),
        };
        let answers = open
            .map(|task| TaskAnswer {
                system: task.system,
                outcome: nothing(),
            })
            .collect();
        office
            .answer_tasks(&self.scope, case, seen, answers, vec![])
            .await
            .expect("answered tasks")
    }

    /// Decides one item.
    pub async fn decides(
        &self,
        office: &Office,
        case: CaseId,
        right: Right,
        decision: Decision,
    ) -> Outcome {
        let (known, seen) = self.sees(office, case).await;
        let verdict = Verdict {
            right,
            weighing: weighed(&known, right, &decision),
            decision,
            done: vec![],
        };
        office
            .decide(&self.scope, case, seen, vec![verdict])
            .await
            .expect("a decision")
    }

    /// Did what was decided in this system, today.
    pub async fn carries_out(
        &self,
        office: &Office,
        case: CaseId,
        right: Right,
        system: &str,
        what: &str,
    ) -> Outcome {
        let (known, mut seen) = self.sees(office, case).await;
        if known.item(right).map(|item| item.state_code()) == Some("second-look") {
            let second = colleague(office);
            let looked = office.look(&second, case, seen, right, &Point::BEFORE_ERASURE);
            seen = looked.await.expect("a second look").revision;
        }
        let done = Done {
            system: system.into(),
            what: what.to_owned().into(),
            on: office.today(),
        };
        office
            .carry_out(&self.scope, case, seen, right, vec![done])
            .await
            .expect("carried out")
    }

    /// Tells everybody who received the data (Art. 19 GDPR).
    pub async fn tells_recipients(&self, office: &Office, case: CaseId) {
        let (known, seen) = self.sees(office, case).await;
        let told = || Told::Told {
            on: office.today(),
            proof: "Antwort vom selben Tag".to_owned().into(),
        };
        let open = known.notices.iter().enumerate();
        let open = open.filter(|(_, notice)| notice.open());
        let told: Vec<(usize, Told)> = open.map(|(at, _)| (at + 1, told())).collect();
        office
            .tell(&self.scope, case, seen, told)
            .await
            .expect("told");
    }

    /// Looks at the letter and releases it.
    pub async fn releases(&self, office: &Office, case: CaseId, way: Way) -> Outcome {
        let (known, seen) = self.sees(office, case).await;
        if known.lateness_unexplained(office.today()) {
            let why = "Das Schreiben lag zu lange in einer anderen Abteilung.";
            let explained = office.explain_lateness(&self.scope, case, seen, why).await;
            explained.expect("a reason");
        }
        let preview = office.preview(&self.scope, case).await.expect("a preview");
        assert_eq!(preview.gaps, Vec::<String>::new());
        let release = |by: Scope| async move {
            office
                .release(&by, case, preview.revision, way, &Point::BEFORE_SENDING)
                .await
        };
        match release(self.scope.clone()).await {
            Err(Error::Obstacle(Obstacle::NextMorning | Obstacle::FourEyes)) => {
                release(colleague(office)).await.expect("a release")
            }
            other => other.expect("a release"),
        }
    }

    /// Takes a whole access request from the proof to the released answer: one find, nothing else.
    pub async fn answers_access(&self, office: &Office, case: CaseId) -> Outcome {
        self.confirms_identity(office, case).await;
        self.finds(
            office,
            case,
            "Warenwirtschaft",
            "Eine Bestellung vom 3. Februar 2026, Leuchte Modell 7",
        )
        .await;
        self.finds_nothing_else(office, case).await;
        self.decides(
            office,
            case,
            Right::Access,
            Decision::granted("Eine Kopie liegt bei."),
        )
        .await;
        self.releases(office, case, Way::Portal).await
    }
}

/// It is she: she writes from the address on file.
pub fn known_address() -> Finding {
    Finding {
        note: "Adresse aus Bestellung".into(),
        on_file: Some(on_file()),
        ..Finding::sufficient(Method::ConfirmedLink)
    }
}

/// The mailbox stands in the company's books since long before anybody asked.
pub fn on_file() -> OnFile {
    OnFile {
        kind: AddressKind::Mailbox,
        system: "Warenwirtschaft".into(),
        since: NaiveDate::from_ymd_opt(2024, 5, 3).expect("a day"),
        owner: Owner::Person,
        made_by_request: false,
        address: None,
    }
}
