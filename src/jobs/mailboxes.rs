//! Reads the mailboxes: a portion is taken into safe keeping first, and only then marked or moved at the server.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::runner::Exits;
use crate::casework::{Error, Office};
use crate::domain::ids::ControllerId;
use crate::ports::mailbox::Mailbox;
use crate::ports::trouble::Trouble;

/// A server that stays silent is asked all the same after so long.
const POLL: Duration = Duration::from_secs(180);
/// After the first trouble it is tried again after so long, then after twice as long each time.
const SHORTEST: Duration = Duration::from_secs(5);
/// The longest pause while a server is away.
const LONGEST: Duration = Duration::from_secs(300);
/// A login that was refused is not tried often: some servers close the account.
const REFUSED: Duration = Duration::from_secs(3600);

/// A mailbox of a controller.
pub struct LetterBox {
    /// Whose it is.
    pub controller: ControllerId,
    /// How it is reached.
    pub mailbox: Arc<dyn Mailbox>,
}

/// Reads a mailbox until the program ends.
pub(super) async fn keep_reading(
    office: &Office,
    letter_box: &LetterBox,
    mut ended: watch::Receiver<bool>,
) {
    let mut pause = SHORTEST;
    while !*ended.borrow() {
        let turn = async {
            match read(office, letter_box).await {
                Ok(None) => letter_box.mailbox.wait(POLL).await.err(),
                Ok(Some(trouble)) => Some(trouble),
                Err(error) => {
                    tracing::error!(mailbox = letter_box.mailbox.name(), %error, "mail could not be kept");
                    Some(Trouble::Later {
                        why: "mail could not be kept".into(),
                    })
                }
            }
        };
        let troubled = tokio::select! {
            troubled = turn => troubled,
            _ = ended.changed() => return,
        };
        let rest = match troubled {
            None => {
                pause = SHORTEST;
                continue;
            }
            Some(Trouble::Never { why }) => {
                tell(office, letter_box, &why).await;
                REFUSED
            }
            Some(Trouble::Later { why }) => {
                tell(office, letter_box, &why).await;
                let rest = pause;
                pause = (pause * 2).min(LONGEST);
                rest
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            _ = ended.changed() => return,
        }
    }
}

async fn tell(office: &Office, letter_box: &LetterBox, why: &str) {
    let name = letter_box.mailbox.name();
    tracing::warn!(mailbox = name, why, "a mailbox cannot be read");
    let told = office.mailbox_troubled(letter_box.controller, name, why);
    if let Err(error) = told.await {
        tracing::error!(mailbox = name, %error, "a mailbox's trouble could not be noted");
    }
}

/// Takes all that lies in a mailbox now; says what stands in the way.
pub(super) async fn read(
    office: &Office,
    letter_box: &LetterBox,
) -> Result<Option<Trouble>, Error> {
    let LetterBox {
        controller,
        mailbox,
    } = letter_box;
    // What was kept when the line or the program broke.
    if let Some(trouble) = mark(office, letter_box).await? {
        return Ok(Some(trouble));
    }
    loop {
        let stand = office.mail_stand(*controller, mailbox.name()).await?;
        let portion = match mailbox.fetch(stand).await {
            Ok(portion) => portion,
            Err(trouble) => return Ok(Some(trouble)),
        };
        let more = portion.more;
        office
            .take_mail(*controller, mailbox.name(), portion)
            .await?;
        // They are kept; that the server shows them as new is a nuisance and no loss.
        if let Some(trouble) = mark(office, letter_box).await? {
            return Ok(Some(trouble));
        }
        if !more {
            return Ok(None);
        }
    }
}

/// Marks or moves at the server what is kept here; says what stands in the way.
async fn mark(office: &Office, letter_box: &LetterBox) -> Result<Option<Trouble>, Error> {
    let LetterBox {
        controller,
        mailbox,
    } = letter_box;
    loop {
        let name = mailbox.name();
        let (validity, uids) = office.mail_unmarked(*controller, name).await?;
        if uids.is_empty() {
            return Ok(None);
        }
        if let Err(trouble) = mailbox.settle(validity, &uids).await {
            return Ok(Some(trouble));
        }
        office
            .mail_marked(*controller, name, validity, &uids)
            .await?;
    }
}

/// Reads every mailbox once.
pub(super) async fn read_all(office: &Office, exits: &Exits) -> Result<(), Error> {
    for letter_box in &exits.mailboxes {
        if let Some(trouble) = read(office, letter_box).await? {
            tell(office, letter_box, trouble.why()).await;
        }
    }
    Ok(())
}

/// Understands what was taken and lays it where it belongs.
pub(super) async fn place(office: &Office) -> Result<(), Error> {
    while office.read_mail().await? > 0 {}
    Ok(())
}
