//! How well the texts are read by what the others teach.

use std::fmt::Write;

use super::sample::Sample;
use super::scores::Scored;
use super::thresholds::{Thresholds, chosen, for_kinds, for_request, for_rights, kind, share};

/// The texts with their scores.
#[derive(Debug)]
pub struct Figures<'a> {
    pub thresholds: Thresholds,
    /// Text, score of a request, scores of the rights, scores of the kinds.
    judged: Vec<(&'a Sample, f64, &'a [f64], &'a [f64])>,
}

const KINDS: [&str; 7] = [
    "request",
    "reminder",
    "withdrawal",
    "identity-answer",
    "clarification-answer",
    "forwarding",
    "authority",
];

impl<'a> Figures<'a> {
    /// The figures of all texts that may judge.
    pub fn of(samples: &'a [Sample], [request, rights, kinds]: [&'a Scored; 3]) -> Figures<'a> {
        let scores = request.scores.iter().zip(&rights.scores).zip(&kinds.scores);
        let judged: Vec<_> = samples
            .iter()
            .zip(scores)
            .filter(|(sample, _)| sample.judges())
            .map(|(sample, ((request, rights), kinds))| {
                let request = request.first().copied().unwrap_or_default();
                (sample, request, rights.as_slice(), kinds.as_slice())
            })
            .collect();
        let verdicts: Vec<(&str, f64)> = judged
            .iter()
            .map(|(sample, score, ..)| (sample.verdict.as_str(), *score))
            .collect();
        let (yes, unclear) = for_request(&verdicts);
        let asking: Vec<(&Sample, &[f64])> = judged
            .iter()
            .filter(|(sample, ..)| sample.asks())
            .map(|(sample, _, rights, _)| (*sample, *rights))
            .collect();
        let kinds: Vec<(&Sample, &[f64])> = judged
            .iter()
            .filter(|(sample, ..)| sample.verdict == "yes")
            .map(|(sample, _, _, kinds)| (*sample, *kinds))
            .collect();
        Figures {
            thresholds: Thresholds {
                yes,
                unclear,
                right: for_rights(&asking),
                kind: for_kinds(&kinds),
            },
            judged,
        }
    }

    fn verdict(&self, score: f64) -> &'static str {
        match score {
            score if score >= self.thresholds.yes => "yes",
            score if score >= self.thresholds.unclear => "unclear",
            _ => "no",
        }
    }

    /// A few lines.
    pub fn told(&self) -> String {
        let mut out = format!("{} texts judge; {:?}\n", self.judged.len(), self.thresholds);
        let langs = [
            "", "de", "en", "fr", "es", "it", "nl", "pt", "pl", "cs", "ro",
        ];
        for language in langs {
            let of: Vec<_> = self
                .judged
                .iter()
                .filter(|(sample, ..)| {
                    language.is_empty() || sample.draft.language.as_deref() == Some(language)
                })
                .collect();
            let count = |is: &str, got: &str| {
                let fits = of.iter().filter(|(sample, score, ..)| {
                    (is.is_empty() || sample.verdict == is)
                        && (got.is_empty() || self.verdict(*score) == got)
                });
                fits.count()
            };
            let asking = of.iter().filter(|(sample, ..)| sample.asks());
            let exact = asking.clone().filter(|(sample, _, rights, _)| {
                chosen(rights, self.thresholds.right) == sample.rights
            });
            let several = asking
                .clone()
                .filter(|(sample, ..)| sample.rights.len() > 1);
            let several_exact = exact.clone().filter(|(sample, ..)| sample.rights.len() > 1);
            let _ = writeln!(
                out,
                "{language:2} {:4} texts: found {:.3}, not lost {:.3}, precise {:.3}, rights exact {:.3}, of several {:.3}; ordinary left unclear {:.3}",
                of.len(),
                share(count("yes", "yes"), count("yes", "")),
                1.0 - share(count("yes", "no"), count("yes", "")),
                share(count("yes", "yes"), count("", "yes")),
                share(exact.count(), asking.count()),
                share(several_exact.count(), several.count()),
                share(count("no", "unclear"), count("no", "")),
            );
        }
        let _ = writeln!(
            out,
            "found where nine of ten found ones are right: {:.3}",
            self.found_at(0.9)
        );
        for name in KINDS {
            let got = |of: &(&Sample, f64, &[f64], &[f64])| kind(of.3, self.thresholds.kind);
            let of = self
                .judged
                .iter()
                .filter(|(sample, ..)| sample.verdict == "yes");
            let is = of.clone().filter(|of| of.0.kind == name);
            let _ = writeln!(
                out,
                "{name}: {} of {} known, {} others taken for it",
                is.clone().filter(|of| got(of) == name).count(),
                is.count(),
                of.filter(|of| of.0.kind != name && got(of) == name).count(),
            );
        }
        out
    }

    /// How many requests are found from the lowest score on at which so many of the found ones are right.
    fn found_at(&self, precise: f64) -> f64 {
        let mut order: Vec<(f64, bool)> = self
            .judged
            .iter()
            .map(|(sample, score, ..)| (*score, sample.verdict == "yes"))
            .collect();
        order.sort_by(|one, other| other.0.total_cmp(&one.0));
        let all = order.iter().filter(|(_, yes)| *yes).count();
        let (mut found, mut best) = (0, 0);
        for (taken, (_, yes)) in (1..).zip(&order) {
            found += usize::from(*yes);
            if share(found, taken) >= precise {
                best = found;
            }
        }
        share(best, all)
    }

    /// Every text that is read wrongly.
    pub fn mistakes(&self) -> String {
        let mut out = String::new();
        for (sample, score, rights, kinds) in &self.judged {
            let verdict = self.verdict(*score);
            let got = chosen(rights, self.thresholds.right);
            let own = kind(kinds, self.thresholds.kind);
            let wrong_rights = sample.asks() && got != sample.rights;
            let wrong_kind = sample.verdict == "yes" && own != sample.kind;
            if verdict != sample.verdict || wrong_rights || wrong_kind {
                let _ = writeln!(
                    out,
                    "{} {} -> {verdict} {score:.1}; {:?} -> {got:?}; {} -> {own}",
                    sample.id, sample.verdict, sample.rights, sample.kind
                );
            }
        }
        out
    }
}
