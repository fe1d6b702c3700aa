//! What only looks like her. Nothing is followed from here, and nothing is done before a person has decided.

use super::find::{Hunt, Sieve};
use super::listing::{Listing, Question};
use super::places::{PLACES, Place, place};
use super::spelling::{fits, name_patterns, patterns};
use super::wire::text;
use crate::domain::identifier::{Identifier, SearchKey, name_words};
use crate::ports::source::{Mishap, Tie};

impl Hunt<'_> {
    /// What only looks like her: names, mentions in texts, firms that bear her name. A person decides.
    pub async fn by_looks(&mut self) -> Result<(), Mishap> {
        let wanted = self.wanted;
        for place in &PLACES {
            for wanted in wanted {
                let (fields, patterns) = match wanted.kind {
                    SearchKey::Name => (place.name, name_patterns(wanted)),
                    SearchKey::Email => (place.texts, patterns(wanted)),
                    _ => continue,
                };
                if patterns.is_empty() || !self.open(place.doctype) {
                    continue;
                }
                for field in fields {
                    self.by_look(place, field, &patterns, wanted).await?;
                }
            }
        }
        self.by_firms().await
    }

    async fn by_look(
        &mut self,
        place: &'static Place,
        field: &'static str,
        patterns: &[String],
        wanted: &Identifier,
    ) -> Result<(), Mishap> {
        let question = Question::to(place.doctype);
        let question = patterns
            .iter()
            .fold(question, |question, pattern| match wanted.kind {
                SearchKey::Name => question.and(field, "like", pattern.as_str()),
                _ => question.or(field, "like", pattern.as_str()),
            });
        let (mut listing, mut sieve, mut hits) = (Listing::of(question), Sieve::default(), 0);
        while let Some(page) = self.page(&mut listing, place.doctype).await? {
            for row in page {
                let text = text(&row, field).unwrap_or_default();
                sieve.see(patterns.iter().any(|it| fits(it, &text)))?;
                let like = match wanted.kind {
                    SearchKey::Name => wanted.is(&text),
                    _ => wanted.mentioned_in(&text),
                };
                if like {
                    hits += 1;
                    let (by, field) = (wanted.kind, field.to_owned());
                    self.lay(place, &row, Tie::Candidate { by, field }, &[])
                        .await?;
                }
            }
        }
        self.asked_unless_closed(place.doctype, place.doctype, Some(wanted.kind), hits);
        Ok(())
    }

    async fn by_firms(&mut self) -> Result<(), Mishap> {
        let Some(place) = place("CRM Organization") else {
            return Ok(());
        };
        for (firm, person) in std::mem::take(&mut self.firms) {
            let words = name_words(&firm);
            let named = name_words(&person)
                .last()
                .is_some_and(|it| it.len() > 2 && words.contains(it));
            if named && self.open(place.doctype) {
                let tie = Tie::Candidate {
                    by: SearchKey::Name,
                    field: "organization_name".to_owned(),
                };
                self.take(place, &firm, tie, &[]).await?;
            }
        }
        Ok(())
    }
}
