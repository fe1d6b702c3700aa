//! Mail over a real line to a real server.

mod delivery;
mod imap;
mod protection;
mod trouble;

use std::time::Duration;

use rechtzeitig::{
    mail::{Patience, Security, SmtpPost, SmtpSettings},
    ports::{Address, Parcel, message_id},
};

use crate::support::smtp::Sink;

fn parcel(random: &str) -> Parcel {
    let from = Address::new("Kontor Nordlicht", "datenschutz@kontor.example");
    Parcel::letter(
        message_id(random, &from),
        "2026-03-01T08:09:10Z".parse().unwrap(),
        from,
        Address::new("Ida Fröhlich", "ida.froehlich@post.example"),
        "Ihr Antrag",
        "Guten Tag,\n.\nwir prüfen das.\n",
    )
}

fn settings(sink: &Sink, security: Security) -> SmtpSettings {
    let mut settings = SmtpSettings::to("127.0.0.1");
    settings.port = Some(sink.port());
    settings.security = security;
    settings.patience = Patience {
        connect: Duration::from_secs(5),
        command: Duration::from_secs(10),
        content: Duration::from_secs(10),
    };
    if security != Security::None {
        // The name on the certificate.
        settings.host = "localhost".into();
        settings.ca_file = Some(sink.ca_file().to_owned());
    }
    settings
}

fn plain(sink: &Sink) -> SmtpPost {
    SmtpPost::new(&settings(sink, Security::None)).unwrap()
}
