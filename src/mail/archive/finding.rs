//! Looks for a person in every folder: the server sorts out, the head is read, the addresses are compared by ourselves.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::imap::line::{Line, Opened};
use super::folders::{Folder, Part, Survey, survey};
use super::head::PERSONS;
use super::lines::{is_no, office};
use super::question::{self, Found};
use super::record;
use super::settings::Settings;
use super::slips::{AT_ONCE, PIECE, Slip, labelled, piece, slips, whole};
use super::texts::{Mention, mention};
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{Basket, Doubt, Fault, Mishap, Search, Tie};

/// Hits of one question in one folder; more is no search for a person.
const MOST: usize = 50_000;
/// Mentions in texts of one folder; a person has to look at each.
const MENTIONS: usize = 2_000;
/// So many messages without any trace of her, and more than half: the server did not search.
const FOREIGN: usize = 50;

/// What can stand in a text so that it can be looked for there.
const IN_TEXTS: [SearchKey; 6] = [
    SearchKey::Email,
    SearchKey::Name,
    SearchKey::Phone,
    SearchKey::Number,
    SearchKey::Handle,
    SearchKey::Address,
];

/// One search.
pub(super) struct Hunt<'a> {
    settings: &'a Settings,
    largest: u64,
    wanted: &'a [Identifier],
    basket: &'a mut dyn Basket,
    search: Search,
    survey: Survey,
    /// Gmail's numbers of what was laid down, whichever label it was met under.
    numbers: HashSet<u64>,
    /// Gmail's numbers in the folder that is open.
    here: HashMap<u32, u64>,
    /// Message-ID and size of what was laid down, with the hashes of the whole messages.
    copies: HashMap<(String, u32), Vec<Vec<u8>>>,
}

/// What is open.
struct At<'a> {
    folder: &'a Folder,
    opened: Opened,
}

/// Looks through all folders.
pub(super) async fn find(
    line: &mut Line,
    settings: &Settings,
    largest: u64,
    wanted: &[Identifier],
    basket: &mut dyn Basket,
) -> Result<Search, Mishap> {
    let survey = survey(line, &settings.closed, &settings.expected).await?;
    let mut hunt = Hunt {
        settings,
        largest,
        wanted,
        basket,
        search: Search::default(),
        survey: Survey::default(),
        numbers: HashSet::new(),
        here: HashMap::new(),
        copies: HashMap::new(),
    };
    for folder in survey.closed.iter().chain(&survey.unreadable) {
        hunt.search.doubt(Doubt::Closed(folder.clone()));
    }
    if !survey.unseen.is_empty() {
        hunt.search.doubt(Doubt::Unseen(survey.unseen.clone()));
    }
    if settings.texts {
        hunt.search.doubt(Doubt::LowerBound);
    }
    let folders = survey.open.clone();
    hunt.survey = survey;
    let mut open = 0_usize;
    for folder in &folders {
        match line.open_folder(&folder.quoted, false).await {
            Ok(opened) => {
                open += 1;
                let at = At { folder, opened };
                match hunt.in_folder(line, &at).await {
                    Err(Stop::Refused) => hunt.search.doubt(Doubt::Closed(folder.name.clone())),
                    Err(Stop::Mishap(mishap)) => return Err(mishap),
                    Ok(()) => {}
                }
            }
            Err(refused) if is_no(&refused) => {
                hunt.search.doubt(Doubt::Closed(folder.name.clone()))
            }
            Err(mishap) => return Err(office(&mishap)),
        }
    }
    if open == 0 || hunt.search.asked.is_empty() {
        return Err(Mishap::new(
            Fault::Forbidden,
            "IMAP, no folder can be searched",
        ));
    }
    Ok(hunt.search)
}

/// Why a folder was not searched to its end.
enum Stop {
    /// The server does not search in it.
    Refused,
    Mishap(Mishap),
}

impl From<Mishap> for Stop {
    fn from(mishap: Mishap) -> Stop {
        Stop::Mishap(mishap)
    }
}

impl From<super::super::imap::mishap::Mishap> for Stop {
    fn from(mishap: super::super::imap::mishap::Mishap) -> Stop {
        match is_no(&mishap) {
            true => Stop::Refused,
            false => Stop::Mishap(office(&mishap)),
        }
    }
}

impl<'a> Hunt<'a> {
    async fn in_folder(&mut self, line: &mut Line, at: &At<'_>) -> Result<(), Stop> {
        self.here.clear();
        let mut hers = BTreeSet::new();
        let addresses = self.of(SearchKey::Email);
        if !addresses.is_empty() {
            let gmail = self.survey.gmail;
            let criteria: Vec<_> = addresses
                .iter()
                .flat_map(|it| question::by_address(it, gmail))
                .collect();
            let found = question::search(line, &at.opened, &criteria).await?;
            let hits = self.exact(line, at, &found, &mut hers).await?;
            self.search
                .asked(&at.folder.name, Some(SearchKey::Email), hits);
        }
        if !self.settings.texts {
            return Ok(());
        }
        for kind in IN_TEXTS {
            let wanted = self.of(kind);
            if wanted.is_empty() {
                continue;
            }
            let criteria: Vec<_> = wanted.iter().flat_map(|it| question::by_text(it)).collect();
            let mut found = question::search(line, &at.opened, &criteria).await?;
            found.uids.retain(|uid| !hers.contains(uid));
            let hits = self.mentions(line, at, &found, kind, &mut hers).await?;
            self.search
                .asked(format!("{} (TEXT)", at.folder.name), Some(kind), hits);
        }
        let sealed = question::search(line, &at.opened, &question::encrypted()).await?;
        if !sealed.uids.is_empty() {
            let (place, count) = (at.folder.name.clone(), sealed.uids.len() as u64);
            self.search.doubt(Doubt::Garbled { place, count });
        }
        Ok(())
    }

    fn of(&self, kind: SearchKey) -> Vec<&'a Identifier> {
        self.wanted.iter().filter(|it| it.kind == kind).collect()
    }

    /// Lays down what she wrote or got, and nothing that only looks so.
    async fn exact(
        &mut self,
        line: &mut Line,
        at: &At<'_>,
        found: &Found,
        hers: &mut BTreeSet<u32>,
    ) -> Result<u64, Stop> {
        self.bounded(at, found)?;
        let addresses = self.of(SearchKey::Email);
        let needles: Vec<String> = addresses
            .iter()
            .flat_map(|it| question::spellings(it))
            .map(|it| it.value.reveal().to_lowercase())
            .collect();
        let uids: Vec<u32> = found.uids.iter().copied().collect();
        let (mut hits, mut foreign, mut seen) = (0, 0, 0);
        for chunk in uids.chunks(AT_ONCE) {
            let chunk = self.open_to_us(line, chunk).await?;
            for slip in self.slips(line, at, &chunk).await? {
                seen += 1;
                let Some(tie) = tie(&slip, &addresses) else {
                    let head = String::from_utf8_lossy(&slip.raw).to_lowercase();
                    foreign +=
                        usize::from(!found.loose && !needles.iter().any(|it| head.contains(it)));
                    if foreign > FOREIGN && foreign * 2 > seen {
                        return Err(Mishap::new(
                            Fault::Flooded,
                            "IMAP, the server does not search",
                        )
                        .into());
                    }
                    continue;
                };
                hers.insert(slip.uid);
                hits += self.lay(line, at, &slip, tie).await?;
            }
        }
        Ok(hits)
    }

    /// Lays down what mentions her as candidates.
    async fn mentions(
        &mut self,
        line: &mut Line,
        at: &At<'_>,
        found: &Found,
        by: SearchKey,
        hers: &mut BTreeSet<u32>,
    ) -> Result<u64, Stop> {
        self.bounded(at, found)?;
        let spellings: Vec<Identifier> = self
            .of(by)
            .into_iter()
            .flat_map(question::spellings)
            .collect();
        if found.uids.len() > MENTIONS {
            self.search.doubt(Doubt::Capped(at.folder.name.clone()));
        }
        // The newest, if they are too many.
        let surplus = found.uids.len().saturating_sub(MENTIONS);
        let uids: Vec<u32> = found.uids.iter().copied().skip(surplus).collect();
        let mut hits = 0;
        for chunk in uids.chunks(AT_ONCE) {
            let chunk = self.open_to_us(line, chunk).await?;
            for slip in self.slips(line, at, &chunk).await? {
                let Some(raw) = piece(line, slip.uid, 0, PIECE).await? else {
                    continue;
                };
                let more = u64::from(slip.look.size) > PIECE;
                match mention(&raw, &spellings) {
                    Mention::Whole => {}
                    // The server may look deeper than we do, unless it was asked for less than what is wanted.
                    Mention::Sealed if !found.loose => {}
                    Mention::Part | Mention::Nowhere | Mention::Sealed if more && !found.loose => {}
                    Mention::Part | Mention::Nowhere | Mention::Sealed => continue,
                }
                hers.insert(slip.uid);
                let tie = Tie::Candidate {
                    by,
                    field: "TEXT".into(),
                };
                hits += self.lay(line, at, &slip, tie).await?;
            }
        }
        Ok(hits)
    }

    fn bounded(&mut self, at: &At<'_>, found: &Found) -> Result<(), Mishap> {
        if found.lost {
            self.search.doubt(Doubt::Capped(at.folder.name.clone()));
        }
        match found.uids.len() > MOST {
            true => Err(Mishap::new(
                Fault::Flooded,
                format!("IMAP, more than {MOST} hits"),
            )),
            false => Ok(()),
        }
    }

    /// Of these messages those that no label shuts and that were not laid down already, where labels are folders.
    async fn open_to_us(&mut self, line: &mut Line, uids: &[u32]) -> Result<Vec<u32>, Stop> {
        if !self.survey.gmail {
            return Ok(uids.to_vec());
        }
        let known = labelled(line, uids, &self.settings.closed).await?;
        let mut open = Vec::new();
        for (uid, (number, shut)) in known {
            if !shut && uids.contains(&uid) && !self.numbers.contains(&number) {
                self.here.insert(uid, number);
                open.push(uid);
            }
        }
        Ok(open)
    }

    async fn slips(
        &mut self,
        line: &mut Line,
        at: &At<'_>,
        uids: &[u32],
    ) -> Result<Vec<Slip>, Stop> {
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let (slips, garbled) = slips(line, uids).await?;
        let count = garbled + slips.iter().filter(|it| it.cut()).count() as u64;
        if count > 0 {
            let place = at.folder.name.clone();
            self.search.doubt(Doubt::Garbled { place, count });
        }
        Ok(slips)
    }

    /// Lays a message down, unless the folder only shows what lies in another one and was laid down there.
    async fn lay(
        &mut self,
        line: &mut Line,
        at: &At<'_>,
        slip: &Slip,
        tie: Tie,
    ) -> Result<u64, Stop> {
        if self.survey.has_views() {
            let id = slip.head.readable("Message-ID").unwrap_or_default();
            let hash = whole(line, slip.uid, self.largest).await?;
            let same = self.copies.entry((id, slip.look.size)).or_default();
            if let Some(hash) = hash {
                if at.folder.part == Part::View && same.contains(&hash) {
                    return Ok(0);
                }
                same.push(hash);
            }
        }
        if let Some(number) = self.here.get(&slip.uid)
            && !self.numbers.insert(*number)
        {
            return Ok(0);
        }
        let record = record::of(at.folder, at.opened.validity, slip, tie, self.wanted);
        for identifier in record::seen(slip, self.wanted) {
            self.search
                .propose(self.wanted, identifier, &record.reference);
        }
        self.basket.lay(record).await?;
        Ok(1)
    }
}

/// Why a message is hers: her address stands in one of the fields for persons, whole.
fn tie(slip: &Slip, addresses: &[&Identifier]) -> Option<Tie> {
    PERSONS.into_iter().find_map(|field| {
        let parties = slip.head.parties(field);
        let hers = parties
            .iter()
            .any(|party| addresses.iter().any(|it| it.is(&party.address)));
        hers.then(|| Tie::Exact {
            by: SearchKey::Email,
            field: field.into(),
        })
    })
}
