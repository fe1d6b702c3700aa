//! Looking at a mail without letting it do anything: its formatted text made fit to be shown, its files one by one.

use crate::casework::error::Error;
use crate::casework::office::{Office, blocking};
use crate::casework::scanning::Checked;
use crate::domain::ids::{CaseId, ControllerId, IncomingId};
use crate::domain::obstacle::Obstacle;
use crate::domain::private::Private;
use crate::domain::scope::Scope;
use crate::reading::parse::{contents, shown, taken_out};
use crate::storage::incoming::IncomingRow;

/// A file of a mail as its list shows it.
#[derive(Debug, Clone)]
pub struct MailPart {
    /// Under this number it can be taken out.
    pub number: usize,
    /// As the sender calls it, if he does.
    pub name: Option<Private<String>>,
    /// Its media type, as the sender tells it.
    pub media_type: String,
    /// Its bytes; of one that is too large, about so many.
    pub size: u64,
    /// It can be had from the original only.
    pub too_large: bool,
    /// A picture that stands in the formatted text.
    pub in_text: bool,
}

/// What a mail holds beside its plain words.
#[derive(Debug, Clone, Default)]
pub struct MailContents {
    /// Its files.
    pub parts: Vec<MailPart>,
    /// There are more than are listed.
    pub more: bool,
    /// Whether it has a formatted text.
    pub formatted: bool,
}

/// A formatted text that can be shown.
#[derive(Debug, Clone)]
pub struct MailPage {
    /// HTML of few elements that loads nothing and runs nothing.
    pub html: Private<String>,
    /// Its end is missing.
    pub cut: bool,
    /// The language, as far as it was understood.
    pub language: Option<String>,
    /// Whose mail it is, and the case in which it lies.
    pub of: (ControllerId, Option<CaseId>),
}

/// A file that was taken out of a mail.
#[derive(Debug)]
pub struct MailPartOut {
    /// As the sender calls it, if he does.
    pub name: Option<Private<String>>,
    /// Its media type, as the sender tells it.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether it was looked into for malware.
    pub checked: Checked,
    /// Whose mail it is, and the case in which it lies.
    pub of: (ControllerId, Option<CaseId>),
}

impl Office {
    pub(super) async fn mail_contents(&self, row: &IncomingRow) -> Result<MailContents, Error> {
        let Some(raw) = self.raw_mail(row).await? else {
            return Ok(MailContents::default());
        };
        let found = blocking(move || contents(&raw)).await?;
        Ok(MailContents {
            parts: found
                .files
                .into_iter()
                .map(|file| MailPart {
                    number: file.number,
                    name: file.name.map(Private::from),
                    media_type: file.media_type,
                    size: u64::try_from(file.size).unwrap_or(u64::MAX),
                    too_large: file.too_large,
                    in_text: file.in_text,
                })
                .collect(),
            more: found.more,
            formatted: found.page.is_some(),
        })
    }

    /// The formatted text of a mail; [`Error::NotFound`], if it has none.
    pub async fn mail_page(&self, scope: &Scope, id: IncomingId) -> Result<MailPage, Error> {
        let row = self.mail_row(scope, id).await?;
        let language = self.mail_line(&row)?.understood.language;
        let raw = self.raw_mail(&row).await?.ok_or(Obstacle::MailShredded)?;
        let page = blocking(move || contents(&raw).page.map(|source| shown(&source)));
        let page = page.await?.ok_or(Error::NotFound)?;
        Ok(MailPage {
            html: page.html.into(),
            cut: page.cut,
            language,
            of: (row.controller(), row.case()),
        })
    }

    /// Takes one file out of a mail.
    pub async fn mail_part(
        &self,
        scope: &Scope,
        id: IncomingId,
        number: usize,
    ) -> Result<MailPartOut, Error> {
        let row = self.mail_row(scope, id).await?;
        let raw = self.raw_mail(&row).await?.ok_or(Obstacle::MailShredded)?;
        let found = blocking(move || taken_out(&raw, number)).await?;
        let (file, bytes) = found.ok_or(Error::NotFound)?;
        let checked = self.hand_out_bytes(&bytes).await?;
        Ok(MailPartOut {
            name: file.name.map(Private::from),
            media_type: file.media_type,
            bytes,
            checked,
            of: (row.controller(), row.case()),
        })
    }
}
