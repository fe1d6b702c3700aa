//! The desk: the queue, the cases and the acts on them. Nobody comes in without a session.

pub mod act;
mod acting;
pub mod acts;
mod after;
mod breach;
mod breach_in;
mod call;
pub mod case;
mod clock;
mod conversation;
mod correcting;
mod decision;
mod dossier;
mod ending;
mod entry;
mod execution;
pub mod files;
mod finding;
mod findings;
mod followups;
mod forwarding;
mod identity;
mod inbox;
mod inquiry;
mod letter;
pub mod line;
mod look;
mod mail;
mod mail_parts;
pub mod next;
mod pages;
mod persons;
mod picture;
mod planned;
mod preserve;
mod queue;
mod recipients;
mod reckoning;
mod release;
mod search;
pub mod session;
mod shown;
pub mod signed;
mod snippets;
mod sources;
pub mod story;
mod suppression;
mod tasks;
mod ties;
mod what_if;
mod wording;

use actix_web::web;

use crate::web::page::get;

/// Every address of the desk with the methods it takes; `{act}` stands for each of the acts. Tests walk them.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", "/desk"),
    ("GET", "/desk/new"),
    ("POST", "/desk/new"),
    ("GET", "/desk/new/call"),
    ("POST", "/desk/new/call"),
    ("GET", "/desk/new/notice"),
    ("POST", "/desk/new/notice"),
    ("GET", "/desk/new/breach"),
    ("POST", "/desk/new/breach"),
    ("GET", "/desk/new/authority"),
    ("POST", "/desk/new/authority"),
    ("GET", "/desk/mail"),
    ("POST", "/desk/mail"),
    ("GET", "/desk/mail/{mail}"),
    ("POST", "/desk/mail/{mail}"),
    ("GET", "/desk/mail/{mail}/page"),
    ("GET", "/desk/mail/{mail}/part/{part}"),
    ("GET", "/desk/inbox"),
    ("POST", "/desk/inbox/{message}"),
    ("GET", "/desk/followups"),
    ("GET", "/desk/followups/{followup}"),
    ("POST", "/desk/followups/{followup}"),
    ("GET", "/desk/deadline"),
    ("GET", "/desk/files/{file}"),
    ("GET", "/desk/snippets"),
    ("POST", "/desk/snippets"),
    ("GET", "/desk/sources"),
    ("POST", "/desk/sources"),
    ("GET", "/desk/suppression"),
    ("POST", "/desk/suppression"),
    ("GET", "/desk/cases/{case}/dossier"),
    ("POST", "/desk/cases/{case}/dossier"),
    ("GET", "/desk/cases/{case}"),
    ("GET", "/desk/cases/{case}/letter.pdf"),
    ("GET", "/desk/cases/{case}/recipients/{notice}/letter.pdf"),
    ("GET", "/desk/cases/{case}/reckoning"),
    ("GET", "/desk/cases/{case}/sheet.pdf"),
    ("GET", "/desk/cases/{case}/systems"),
    ("POST", "/desk/cases/{case}/systems"),
    ("GET", "/desk/cases/{case}/progress"),
    ("GET", "/desk/cases/{case}/acting"),
    ("POST", "/desk/cases/{case}/acting"),
    ("GET", "/desk/cases/{case}/findings"),
    ("POST", "/desk/cases/{case}/findings"),
    ("GET", "/desk/cases/{case}/findings/{finding}"),
    ("POST", "/desk/cases/{case}/findings/{finding}"),
    ("POST", "/desk/cases/{case}/findings/{finding}/correct"),
    ("GET", "/desk/cases/{case}/findings/{finding}/files/{at}"),
    ("POST", "/desk/cases/{case}/findings/{finding}/files/{at}"),
    (
        "GET",
        "/desk/cases/{case}/findings/{finding}/files/{at}/{page}",
    ),
    ("GET", "/desk/cases/{case}/{act}"),
    ("POST", "/desk/cases/{case}/{act}"),
];

/// The desk's routes.
pub fn configure(pages: &mut web::ServiceConfig) {
    pages
        .service(web::resource("/desk").route(get().to(queue::look)))
        .service(
            web::resource("/desk/new")
                .route(get().to(entry::look))
                .route(web::post().to(entry::enter)),
        )
        .service(
            web::resource("/desk/new/call")
                .route(get().to(call::look))
                .route(web::post().to(call::note)),
        )
        .service(
            web::resource("/desk/new/notice")
                .route(get().to(inquiry::blank_notice))
                .route(web::post().to(inquiry::enter_notice)),
        )
        .service(
            web::resource("/desk/new/breach")
                .route(get().to(breach_in::look))
                .route(web::post().to(breach_in::enter)),
        )
        .service(
            web::resource("/desk/new/authority")
                .route(get().to(inquiry::blank_letter))
                .route(web::post().to(inquiry::enter_letter)),
        )
        .service(
            web::resource("/desk/mail")
                .route(get().to(mail::look))
                .route(web::post().to(mail::hand_in)),
        )
        .service(
            web::resource("/desk/mail/{mail}")
                .route(get().to(mail::one))
                .route(web::post().to(mail::say)),
        )
        .service(web::resource("/desk/mail/{mail}/page").route(get().to(mail_parts::page)))
        .service(web::resource("/desk/mail/{mail}/part/{part}").route(get().to(mail_parts::part)))
        .service(web::resource("/desk/inbox").route(get().to(inbox::look)))
        .service(web::resource("/desk/inbox/{message}").route(web::post().to(inbox::send_again)))
        .service(web::resource("/desk/followups").route(get().to(followups::look)))
        .service(
            web::resource("/desk/followups/{followup}")
                .route(get().to(followups::one))
                .route(web::post().to(followups::settle)),
        )
        .service(web::resource("/desk/deadline").route(get().to(what_if::look)))
        .service(web::resource("/desk/files/{file}").route(get().to(files::download)))
        .service(web::resource("/desk/cases/{case}").route(get().to(case::look)))
        .service(web::resource("/desk/cases/{case}/sheet.pdf").route(get().to(forwarding::sheet)))
        .service(web::resource("/desk/cases/{case}/letter.pdf").route(get().to(release::letter)))
        .service(web::resource("/desk/cases/{case}/reckoning").route(get().to(reckoning::look)))
        .service(
            web::resource("/desk/cases/{case}/recipients/{notice}/letter.pdf")
                .route(get().to(recipients::letter)),
        )
        .service(
            web::resource("/desk/snippets")
                .route(get().to(snippets::look))
                .route(web::post().to(snippets::act)),
        )
        .service(
            web::resource("/desk/sources")
                .route(get().to(sources::look))
                .route(web::post().to(sources::act)),
        )
        .service(
            web::resource("/desk/suppression")
                .route(get().to(suppression::look))
                .route(web::post().to(suppression::act)),
        )
        .service(
            web::resource("/desk/cases/{case}/dossier")
                .route(get().to(dossier::look))
                .route(web::post().to(dossier::hand_out)),
        )
        .service(
            web::resource("/desk/cases/{case}/systems")
                .route(get().to(search::look))
                .route(web::post().to(search::act)),
        )
        .service(web::resource("/desk/cases/{case}/progress").route(get().to(search::progress)))
        .service(
            web::resource("/desk/cases/{case}/acting")
                .route(get().to(acting::progress))
                .route(web::post().to(acting::act)),
        )
        .service(
            web::resource("/desk/cases/{case}/findings")
                .route(get().to(findings::look))
                .route(web::post().to(findings::act)),
        )
        .service(
            web::resource("/desk/cases/{case}/findings/{finding}")
                .route(get().to(finding::look))
                .route(web::post().to(finding::act)),
        )
        .service(
            web::resource("/desk/cases/{case}/findings/{finding}/correct")
                .route(web::post().to(correcting::act)),
        )
        .service(
            web::resource("/desk/cases/{case}/findings/{finding}/files/{at}")
                .route(get().to(pages::look))
                .route(web::post().to(pages::act)),
        )
        .service(
            web::resource("/desk/cases/{case}/findings/{finding}/files/{at}/{page}")
                .route(get().to(pages::picture)),
        )
        .service(
            web::resource("/desk/cases/{case}/{act}")
                .route(get().to(acts::look))
                .route(web::post().to(acts::act)),
        );
}
