//! What a stranger sent in a mail, handed out so that it can do nothing here: its files as downloads, its formatted text
//! as a page of its own behind two walls.

use std::sync::LazyLock;

use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, ContentType, REFERRER_POLICY,
};
use actix_web::{HttpResponse, web};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::casework::Office;
use crate::casework::mailroom::MailPart;
use crate::casework::scanning::Checked;
use crate::domain::ids::IncomingId;
use crate::domain::lang::Lang;
use crate::web::error::Problem;
use crate::web::office::files::attachment;
use crate::web::office::session::Session;
use crate::words::{mail_files, size};

/// How the formatted text is set: readable on a narrow screen, in light and dark, in the reader's own colours.
const STYLE: &str = ":root{color-scheme:light dark}\
body{margin:0;padding:12px;max-width:44rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere;background:Canvas;color:CanvasText}\
body>:first-child{margin-top:0}h1{font-size:1.375rem}h2{font-size:1.25rem}h3,h4,h5,h6{font-size:1.0625rem}\
blockquote{margin:8px 0;padding-inline-start:12px;border-inline-start:3px solid GrayText}\
table{max-width:100%;border-collapse:collapse}td,th{padding:2px 8px 2px 0;text-align:start;vertical-align:top}\
pre{white-space:pre-wrap;font:inherit}a{color:LinkText}.to{font-weight:600}";

/// Nothing is loaded, run, sent or framed by others, and the page is nobody's: not even ours. Only [`STYLE`] counts.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = ring::digest::digest(&ring::digest::SHA256, STYLE.as_bytes());
    format!(
        "sandbox; default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
        STANDARD.encode(digest)
    )
});

/// A file of a mail in the list.
pub struct PartLine {
    /// Under this number it can be taken out.
    pub number: usize,
    /// What it is called, or what kind of file it is.
    pub name: String,
    /// What kind of file it says it is.
    pub kind: &'static str,
    /// How large it is.
    pub size: String,
    /// What to mind; empty if nothing.
    pub beware: &'static str,
    /// It can be had from the original only.
    pub too_large: bool,
}

impl PartLine {
    /// A line of the list.
    pub fn of(part: &MailPart) -> PartLine {
        let name = part.name.as_ref().map(|it| it.reveal().as_str());
        PartLine {
            number: part.number,
            name: mail_files::name(name, part.number, &part.media_type),
            kind: mail_files::kind(name, &part.media_type, part.in_text),
            size: size::size(part.size, Lang::De),
            beware: mail_files::beware(name),
            too_large: part.too_large,
        }
    }
}

/// A file of a mail, always as a download of no kind.
pub async fn part(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<(IncomingId, usize)>,
) -> Result<HttpResponse, Problem> {
    let (mail, number) = address.into_inner();
    let out = office.mail_part(&session.scope, mail, number).await?;
    office
        .note_look_at(&session.scope, out.of, "mail-file")
        .await?;
    let given = out.name.as_ref().map(|it| it.reveal().as_str());
    let name = mail_files::name(given, number, &out.media_type);
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CONTENT_DISPOSITION, attachment(&called(name, out.checked))))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .body(out.bytes))
}

/// A file that should have been looked into and was not says so by its name.
pub fn called(name: String, checked: Checked) -> String {
    match checked {
        Checked::No => mail_files::unchecked(&name),
        Checked::Yes | Checked::NotAsked => name,
    }
}

#[derive(Template)]
#[template(path = "office/mail_page.html")]
struct Page {
    lang: String,
    style: &'static str,
    html: String,
    cut: bool,
}

/// The formatted text of a mail, alone on its page.
pub async fn page(
    session: Session,
    office: web::Data<Office>,
    address: web::Path<IncomingId>,
) -> Result<HttpResponse, Problem> {
    let page = office
        .mail_page(&session.scope, address.into_inner())
        .await?;
    office
        .note_look_at(&session.scope, page.of, "mail-page")
        .await?;
    let lang = page
        .language
        .filter(|it| it.len() == 2 && it.bytes().all(|byte| byte.is_ascii_lowercase()));
    let text = Page {
        lang: lang.unwrap_or_else(|| Lang::De.code().to_owned()),
        style: STYLE,
        html: page.html.reveal().clone(),
        cut: page.cut,
    }
    .render()
    .map_err(Problem::fault)?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, POLICY.as_str()))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .body(text))
}
