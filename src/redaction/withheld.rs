//! Why something is not handed out: what cannot be made illegible for sure waits for a person.

use thiserror::Error;

/// A place that does not exist in what was to be redacted. Nothing is redacted then: a mark that was passed over in
/// silence would let out what it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a place that was marked does not exist in the original")]
pub struct Misfit;

/// Why a page, a picture or a text is withheld. None of these holds anything of the original.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum Withheld {
    /// A mark lies where nothing is.
    #[error("a place that was marked does not exist in the original")]
    Misfit,
    /// It is encrypted.
    #[error("it is encrypted")]
    Encrypted,
    /// It is broken, or of a kind that is not known.
    #[error("it cannot be read")]
    Unreadable,
    /// More bytes, points or letters than are borne.
    #[error("it is too large")]
    TooLarge,
    /// More pages than are borne.
    #[error("it has too many pages")]
    TooManyPages,
    /// More drawing than is borne, or drawing made to keep a program busy.
    #[error("it asks for too much work")]
    TooMuch,
    /// The time was over.
    #[error("it took too long")]
    TooSlow,
    /// Earlier files still keep the program busy.
    #[error("too many earlier files still keep the program busy")]
    Busy,
    /// A font could not be read, or has no letters for what is written in it.
    #[error("a font is missing")]
    Font,
    /// A picture on the page could not be decoded.
    #[error("a picture on it cannot be shown")]
    Picture,
    /// A note or a field of a form could not be shown.
    #[error("a note or a field on it cannot be shown")]
    Field,
    /// Something is written on the page, and its picture shows nothing.
    #[error("its picture is blank though something is written on it")]
    Blank,
    /// The file holds several pictures, of which only one would be seen.
    #[error("it holds several pictures")]
    Frames,
    /// It is made of words in a form that is not written anew here.
    #[error("its words stand in a form that is not known here")]
    Form,
}

impl Withheld {
    /// Every reason.
    pub const ALL: [Withheld; 14] = [
        Withheld::Misfit,
        Withheld::Encrypted,
        Withheld::Unreadable,
        Withheld::TooLarge,
        Withheld::TooManyPages,
        Withheld::TooMuch,
        Withheld::TooSlow,
        Withheld::Busy,
        Withheld::Font,
        Withheld::Picture,
        Withheld::Field,
        Withheld::Blank,
        Withheld::Frames,
        Withheld::Form,
    ];

    /// Its name where it is stored; the sentence for the clerk stands with the other words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Withheld::Misfit => "misfit",
            Withheld::Encrypted => "encrypted",
            Withheld::Unreadable => "unreadable",
            Withheld::TooLarge => "too-large",
            Withheld::TooManyPages => "too-many-pages",
            Withheld::TooMuch => "too-much",
            Withheld::TooSlow => "too-slow",
            Withheld::Busy => "busy",
            Withheld::Font => "font",
            Withheld::Picture => "picture",
            Withheld::Field => "field",
            Withheld::Blank => "blank",
            Withheld::Frames => "frames",
            Withheld::Form => "form",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Withheld> {
        Withheld::ALL.into_iter().find(|why| why.code() == code)
    }
}

impl From<Misfit> for Withheld {
    fn from(_: Misfit) -> Withheld {
        Withheld::Misfit
    }
}
