//! What a message asks for when its phrases, its words and the way it came are weighed together.

use super::balance::{Asked, asked, kinds};
use super::cues::{Spoken, hear, heaviest};
use super::draft::Draft;
use super::evidence::Came;
use super::heard::Heard;
use super::judge::{Judgement, Passage, Where};
use super::letter::Way;
use super::mark::Mark;
use super::person::is_whole;
use super::prose::Prose;
use super::tongue::{KNOWN, likely, tongue};
use super::verdict::Verdict;
use super::written::is_robot;

/// The languages that a text is weighed in.
pub fn spoken(told: Option<&str>, text: &str) -> Vec<&'static str> {
    let known = told.and_then(|code| KNOWN.iter().find(|known| **known == code));
    match known {
        Some(code) => vec![*code],
        None => {
            let prose = Prose::of(text);
            likely(&prose.words, prose.text)
        }
    }
}

/// What is known of a text alone.
fn said(language: Option<&str>) -> Came {
    Came {
        abroad: language.is_some_and(|code| code != "de" && code != "en"),
        ..Came::default()
    }
}

impl Draft {
    /// How it came.
    pub fn came(&self) -> Came {
        let letter = &self.letter;
        let inside = letter.way == Way::Direct && self.house.has_address(&letter.from.email);
        Came {
            many: self.bulk || self.spam,
            automatic: letter.way == Way::Direct
                && (letter.automatic || is_robot(&letter.from.email)),
            sent_on: letter.way == Way::Colleague,
            form: letter.way == Way::Form,
            inside,
            answer: letter.is_reply,
            person: is_whole(&letter.from.name),
            ..said(self.language.as_deref())
        }
    }

    /// How its own words sound.
    pub fn heard(&self) -> Heard {
        let languages = spoken(self.language.as_deref(), &self.letter.text);
        hear(self.spoken(&languages))
    }

    /// Its own words.
    pub fn spoken<'a>(&'a self, languages: &'a [&'a str]) -> Spoken<'a> {
        Spoken {
            passages: &self.letter.passages,
            silent: &self.own.silent,
            languages,
        }
    }

    fn weighed(&self) -> &(Asked, Option<Mark>) {
        self.weighed_kept.get_or_init(|| {
            let (heard, came) = (self.heard(), self.came());
            let kind = kinds(&self.own, &heard, came)
                .first()
                .map(|(_, mark)| *mark);
            let mut asked = asked(&self.own, &heard, came);
            if asked.verdict != Verdict::No {
                let languages = spoken(self.language.as_deref(), &self.letter.text);
                asked.words = heaviest(self.spoken(&languages), 0);
            }
            (asked, kind)
        })
    }

    /// What it asks for.
    pub fn asked(&self) -> &Asked {
        &self.weighed().0
    }

    /// Whether phrases and words together make it this kind of message above all others.
    pub fn sounds(&self, kind: Mark) -> bool {
        self.weighed().1 == Some(kind)
    }

    /// What the message asks for that an outsider sends on.
    pub fn asked_inside(&self) -> Option<&Asked> {
        let (letter, judgement) = (self.letter.carried.as_ref()?, self.carried.as_ref()?);
        Some(
            self.inside_kept
                .get_or_init(|| self.asked_by(judgement, &letter.passages, &letter.text)),
        )
    }

    /// What is asked in the texts below the person's own words.
    pub fn asked_below(&self, by_house: bool) -> Asked {
        let passages = self.passages_below(by_house);
        let text = passages
            .first()
            .map(|passage| passage.text.as_str())
            .unwrap_or_default();
        self.asked_by(self.below(by_house), &passages, text)
    }

    fn asked_by(&self, judgement: &Judgement, passages: &[Passage], text: &str) -> Asked {
        let told = tongue(text);
        let passages: Vec<Passage> = passages
            .iter()
            .map(|passage| Passage {
                place: match &passage.place {
                    Where::Quoted => Where::Body,
                    place => place.clone(),
                },
                text: passage.text.clone(),
            })
            .collect();
        let words = Spoken {
            passages: &passages,
            silent: &judgement.silent,
            languages: &spoken(told, text),
        };
        let mut asked = asked(judgement, &hear(words), said(told));
        if asked.verdict != Verdict::No {
            asked.words = heaviest(words, 0);
        }
        asked
    }
}
