//! Writes a package, system by system: files first, then the same findings as data, as tables and as pages. Of the
//! findings only a portion is in memory at a time.

use std::collections::{HashMap, HashSet};
use std::io::BufReader;

use serde_json::{Value as Json, json};

use super::bundle::{Bundle, Entry};
use super::copies::{Copy, Told};
use super::given::{Attached, Fate, Given, is_message};
use super::mbox::Folded;
use super::names::{safe_name, unique};
use super::page;
use super::schema::schema;
use super::survey::{Category, Kept, Shelf, Survey, Walk};
use super::{ByHand, Sort};
use crate::casework::error::Error;
use crate::casework::office::Office;
use crate::domain::case::Case;
use crate::domain::ids::FindingId;
use crate::domain::scope::Scope;
use crate::domain::sifting::Heap;
use crate::seal::Key;
use crate::storage::files::Stored;
use crate::words::package::{self as words, Texts, texts};
use crate::words::sources;

/// What the package names its kind, for programs.
const FORM: &str = "rechtzeitig-package/1";
const HTML: (&str, u64) = ("text/html", 0);

/// Which file of which finding.
type Which = (FindingId, usize);
/// Files that lie elsewhere than where they would, or of which something is to be told: where, what, and the name.
type Odd = HashMap<Which, (Option<String>, Option<Told>, String)>;

/// A package that is being written.
pub(super) struct Writing<'a> {
    office: &'a Office,
    scope: &'a Scope,
    case: &'a Case,
    key: &'a Key,
    bundle: Bundle,
    taken: HashSet<String>,
    /// What the front page says of systems, as it grows.
    front: String,
    kept: Vec<Kept>,
    /// Files of which something is to be told: a name, where it lies, and what.
    odd: Vec<(String, Option<String>, Option<Told>)>,
    portable_alone: bool,
}

impl<'a> Writing<'a> {
    pub(super) fn begin(
        office: &'a Office,
        (scope, case, key): (&'a Scope, &'a Case, &'a Key),
        bundle: Bundle,
    ) -> Writing<'a> {
        let taken = ["index.html", "index.json", "schema.json"].map(|name| format!("/{name}"));
        Writing {
            office,
            scope,
            case,
            key,
            bundle,
            taken: taken.into_iter().collect(),
            front: String::new(),
            kept: Vec::new(),
            odd: Vec::new(),
            portable_alone: false,
        }
    }

    fn said(&self) -> &'static Texts {
        texts(self.case.intake.lang)
    }

    /// The letter, on paper and in words.
    pub(super) async fn letter(&self, pdf: Vec<u8>, text: &str) -> Result<(), Error> {
        let number = &self.case.number;
        self.bundle
            .whole(&format!("{number}.pdf"), "application/pdf", pdf, None)
            .await?;
        self.bundle
            .whole(
                &format!("{number}.txt"),
                "text/plain",
                text.as_bytes(),
                None,
            )
            .await
    }

    /// All findings of a sort; what lies beside a copy has a folder of its own.
    pub(super) async fn sort(&mut self, sort: Sort, beside: bool) -> Result<(), Error> {
        let lang = self.case.intake.lang;
        let all = (self.scope, self.case, self.key);
        let mut own = HashSet::new();
        let taken = if beside { &mut own } else { &mut self.taken };
        let mut survey = self.office.survey(all, sort, taken).await?;
        self.portable_alone = sort == Sort::Portable && !beside;
        if beside {
            let folder = words::portable_folder(lang);
            for shelf in &mut survey.shelves {
                shelf.folder = format!("{folder}/{}", shelf.folder);
                for category in &mut shelf.categories {
                    category.stem = format!("{folder}/{}", category.stem);
                }
            }
            self.front.push_str(&format!(
                "<h2>{}</h2>\n<p>{}</p>\n",
                self.said().portable,
                self.said().portable_is
            ));
        }
        for shelf in &survey.shelves {
            self.shelf(shelf, sort).await?;
        }
        if sort == Sort::Portable {
            let path = match beside {
                true => format!("{}/schema.json", words::portable_folder(lang)),
                false => "schema.json".to_owned(),
            };
            self.described(&path, &survey).await?;
        }
        self.kept.append(&mut survey.kept);
        Ok(())
    }

    async fn described(&self, path: &str, survey: &Survey) -> Result<(), Error> {
        let described = serde_json::to_vec_pretty(&schema(survey, self.case.intake.lang));
        let described = described.map_err(|_| Error::Fault("schema"))?;
        self.bundle
            .whole(path, "application/json", described, None)
            .await
    }

    fn walk(&self, shelf: &Shelf, category: &Category, sort: Sort) -> Walk<'a> {
        let heap = Heap {
            system: shelf.system,
            category: category.code.clone(),
        };
        Walk::through(
            self.office,
            (self.scope, self.case, self.key),
            Some(heap),
            sort,
        )
    }

    async fn shelf(&mut self, shelf: &Shelf, sort: Sort) -> Result<(), Error> {
        let lang = self.case.intake.lang;
        let data = unique(&mut self.taken, &shelf.folder, "daten.json");
        self.asked(shelf);
        let mut odd = HashMap::new();
        for category in shelf.categories.iter().filter(|it| it.files) {
            self.files(shelf, category, sort, &mut odd).await?;
        }
        self.data(&data, shelf, sort, &odd).await?;
        self.front.push_str("<ul>\n");
        for category in &shelf.categories {
            // What people gave by hand makes room for these.
            for ending in ["csv", "html", "mbox"] {
                self.taken
                    .insert(format!("{}.{ending}", category.stem).to_lowercase());
            }
            self.table(shelf, category, sort, &odd).await?;
            self.pages(shelf, category, sort, &odd).await?;
            if sort == Sort::Portable && category.messages {
                self.mbox(shelf, category).await?;
            }
            self.front.push_str(&format!(
                "<li>{}: {} · {}</li>\n",
                page::link(&first_page(category), 0, &category.name),
                words::entries(category.held, lang),
                page::link(&format!("{}.csv", category.stem), 0, self.said().table)
            ));
        }
        self.front.push_str(&format!(
            "<li>{}</li>\n</ul>\n",
            page::link(&data, 0, self.said().data)
        ));
        let mut told: Vec<_> = odd.into_iter().collect();
        told.sort_by_key(|(which, _)| *which);
        let told = told.into_iter().filter(|(_, (_, why, _))| why.is_some());
        self.odd
            .extend(told.map(|(_, (path, why, name))| (name, path, why)));
        Ok(())
    }

    /// The head of a system on the front page, with when it was asked.
    fn asked(&mut self, shelf: &Shelf) {
        let lang = self.case.intake.lang;
        let searched = &self.case.collection.searched;
        let at = searched
            .iter()
            .filter(|it| it.system == shelf.system)
            .map(|it| it.at)
            .max();
        self.front
            .push_str(&format!("<h2>{}</h2>\n", page::escaped(&shelf.name)));
        if let Some(at) = at {
            let said = self.said().asked;
            self.front.push_str(&format!(
                "<p class=\"soft\">{said} {}</p>\n",
                page::when(at, lang)
            ));
        }
    }

    fn about(&self, shelf: &Shelf, category: Option<&Category>) -> Json {
        let searched = &self.case.collection.searched;
        let found = searched
            .iter()
            .filter(|it| it.system == shelf.system)
            .map(|it| it.at)
            .max();
        json!({
            "system": shelf.name,
            "category": category.map(|it| &it.code),
            "found_at": found,
        })
    }

    async fn files(
        &mut self,
        shelf: &Shelf,
        category: &Category,
        sort: Sort,
        odd: &mut Odd,
    ) -> Result<(), Error> {
        let (mut walk, mut number) = (self.walk(shelf, category, sort), 0);
        while let Some(portion) = walk.next().await? {
            for (_, _, given) in portion {
                number += 1;
                for (at, file) in given.files.iter().enumerate() {
                    // What is taken elsewhere as MBOX lies there once and no second time.
                    if sort == Sort::Portable && is_message(&file.media_type) {
                        let whole = matches!(file.fate, Fate::Whole(_) | Fate::Words(..));
                        let path = whole.then(|| format!("{}.mbox", category.stem));
                        odd.insert((given.id, at), (path, None, file.name.clone()));
                        continue;
                    }
                    let path = path_of(category, (number, at), &file.name);
                    match self.office.leaving(self.scope, file).await? {
                        Ok(copy) => {
                            let path = ending(&path, copy.media_type);
                            if copy.media_type.is_some() || copy.told.is_some() {
                                let told = (Some(path.clone()), copy.told, file.name.clone());
                                odd.insert((given.id, at), told);
                            }
                            self.copy((shelf, category), &path, file, copy).await?;
                        }
                        Err(why) => {
                            odd.insert((given.id, at), (None, Some(why), file.name.clone()));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    async fn copy(
        &self,
        (shelf, category): (&Shelf, &Category),
        path: &str,
        file: &Attached,
        copy: Copy,
    ) -> Result<(), Error> {
        let media_type = copy.media_type.unwrap_or(&file.media_type);
        let about = self.about(shelf, Some(category));
        self.bundle
            .entry(path, (media_type, copy.size), Some(about))
            .await?;
        self.bundle.copy(copy.reader).await
    }

    /// The files of a finding: each its name, where it lies, and what is to be told.
    fn lying(
        category: &Category,
        (given, number): (&Given, usize),
        odd: &Odd,
    ) -> Vec<(String, Option<String>, Option<Told>)> {
        let files = given.files.iter().enumerate();
        files
            .map(|(at, file)| match odd.get(&(given.id, at)) {
                Some((path, why, _)) => (file.name.clone(), path.clone(), *why),
                None => {
                    let path = path_of(category, (number, at), &file.name);
                    (file.name.clone(), Some(path), None)
                }
            })
            .collect()
    }

    async fn data(&self, path: &str, shelf: &Shelf, sort: Sort, odd: &Odd) -> Result<(), Error> {
        let about = self.about(shelf, None);
        self.bundle
            .entry(path, ("application/json", 0), Some(about))
            .await?;
        let opening = format!("{{\n\"system\": {},\n\"categories\": [", text(&shelf.name)?);
        self.bundle.bytes(opening).await?;
        for (at, category) in shelf.categories.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            let opening = format!(
                "{comma}\n{{\"category\": {}, \"name\": {}, \"entries\": [",
                text(&category.code)?,
                text(&category.name)?
            );
            self.bundle.bytes(opening).await?;
            let (mut walk, mut number) = (self.walk(shelf, category, sort), 0);
            while let Some(portion) = walk.next().await? {
                let mut out = Vec::new();
                for (_, _, given) in portion {
                    number += 1;
                    let files = Writing::lying(category, (&given, number), odd);
                    out.extend_from_slice(if number > 1 { b",\n" } else { b"\n" });
                    let entry = self.entry(&given, number, &files);
                    serde_json::to_writer(&mut out, &entry).map_err(|_| Error::Fault("data"))?;
                }
                self.bundle.bytes(out).await?;
            }
            self.bundle.bytes("\n]}").await?;
        }
        self.bundle.bytes("\n]\n}\n").await
    }

    fn entry(
        &self,
        given: &Given,
        number: usize,
        files: &[(String, Option<String>, Option<Told>)],
    ) -> Json {
        let lang = self.case.intake.lang;
        let fields: Vec<Json> = given
            .values
            .iter()
            .map(|it| {
                let label = sources::field(&it.name, it.label.as_deref(), lang);
                json!({ "name": it.name, "label": label, "value": it.value })
            })
            .collect();
        let files: Vec<Json> = files
            .iter()
            .map(|(name, path, why)| {
                let why = why.map(|why| page::told(why, lang));
                json!({ "name": name, "path": path, "note": why })
            })
            .collect();
        let mut entry = json!({
            "number": number,
            "kind": given.kind,
            "key": given.key,
            "title": given.title,
            "date": given.at,
            "origin": given.origin,
            "fields": fields,
            "files": files,
            "blackened": given.black.then_some(true),
            "ground": given.ground.as_ref().map(|it| &it.law),
            "why": given.ground.as_ref().map(|it| it.facts.reveal()),
        });
        // What is not known is not said.
        if let Some(entry) = entry.as_object_mut() {
            entry.retain(|_, value| !value.is_null());
        }
        entry
    }

    async fn table(
        &self,
        shelf: &Shelf,
        category: &Category,
        sort: Sort,
        odd: &Odd,
    ) -> Result<(), Error> {
        let lang = self.case.intake.lang;
        let path = format!("{}.csv", category.stem);
        let about = self.about(shelf, Some(category));
        self.bundle
            .entry(&path, ("text/csv", 0), Some(about))
            .await?;
        self.bundle.bytes(category.columns.head(lang)).await?;
        let (mut walk, mut number) = (self.walk(shelf, category, sort), 0);
        while let Some(portion) = walk.next().await? {
            let mut out = Vec::new();
            for (_, _, given) in portion {
                number += 1;
                let files = Writing::lying(category, (&given, number), odd);
                let paths: Vec<String> =
                    files.into_iter().filter_map(|(_, path, _)| path).collect();
                out.extend(category.columns.line(&given, &paths, lang));
            }
            self.bundle.bytes(out).await?;
        }
        Ok(())
    }

    async fn pages(
        &self,
        shelf: &Shelf,
        category: &Category,
        sort: Sort,
        odd: &Odd,
    ) -> Result<(), Error> {
        let lang = self.case.intake.lang;
        let title = format!("{}: {}", shelf.name, category.name);
        let depth = category.stem.matches('/').count();
        let last = usize::try_from(category.held)
            .unwrap_or(usize::MAX)
            .div_ceil(page::ENTRIES);
        let (mut walk, mut number, mut turn) = (self.walk(shelf, category, sort), 0, String::new());
        while let Some(portion) = walk.next().await? {
            for (_, _, given) in portion {
                if number % page::ENTRIES == 0 {
                    let at = number / page::ENTRIES + 1;
                    let before = (at > 1).then(|| page_of(category, at - 1));
                    let next = (at < last).then(|| page_of(category, at + 1));
                    let opening = page::head(lang, &title);
                    let turned = page::turns(lang, depth, before.as_deref(), next.as_deref());
                    if number > 0 {
                        self.bundle.bytes(format!("{turn}{}", page::TAIL)).await?;
                    }
                    let about = self.about(shelf, Some(category));
                    self.bundle
                        .entry(&page_of(category, at), HTML, Some(about))
                        .await?;
                    self.bundle.bytes(format!("{opening}{turned}")).await?;
                    turn = turned;
                }
                number += 1;
                let files = Writing::lying(category, (&given, number), odd);
                let out = page::entry(&given, number, (depth, lang), &files);
                self.bundle.bytes(out).await?;
            }
        }
        if number > 0 {
            self.bundle.bytes(format!("{turn}{}", page::TAIL)).await?;
        }
        Ok(())
    }

    /// The messages of a category, one after the other.
    async fn mbox(&mut self, shelf: &Shelf, category: &Category) -> Result<(), Error> {
        let path = format!("{}.mbox", category.stem);
        let about = self.about(shelf, Some(category));
        self.bundle
            .entry(&path, ("application/mbox", 0), Some(about))
            .await?;
        let mut walk = self.walk(shelf, category, Sort::Portable);
        while let Some(portion) = walk.next().await? {
            for (_, _, given) in portion {
                let at = given.at.unwrap_or_default();
                let date = at.format("%a %b %e %H:%M:%S %Y").to_string();
                for file in given
                    .files
                    .iter()
                    .filter(|file| is_message(&file.media_type))
                {
                    match self.office.leaving(self.scope, file).await? {
                        Ok(copy) => {
                            self.bundle
                                .copy(Folded::of(BufReader::new(copy.reader), &date))
                                .await?
                        }
                        Err(why) => self.odd.push((file.name.clone(), None, Some(why))),
                    }
                }
            }
        }
        Ok(())
    }

    /// What people answered by hand, in the folder of its system.
    pub(super) async fn by_hand(&mut self, all: Vec<ByHand>) -> Result<(), Error> {
        for hand in all {
            let folder = safe_name(&hand.system);
            let about = json!({ "system": hand.system });
            let mut links = Vec::new();
            if let Some(text) = hand.text {
                let path = unique(&mut self.taken, &folder, "daten.txt");
                self.bundle
                    .whole(
                        &path,
                        "text/plain",
                        text.reveal().as_bytes(),
                        Some(about.clone()),
                    )
                    .await?;
                links.push(page::link(&path, 0, "daten.txt"));
            }
            for row in hand.files {
                let open = self.office.open_row(row)?;
                let name = open.name.reveal().clone();
                let path = unique(&mut self.taken, &folder, &safe_name(&name));
                let form = (open.row.media_type(), open.row.size());
                self.bundle.entry(&path, form, Some(about.clone())).await?;
                self.bundle.copy(open.reader).await?;
                links.push(page::link(&path, 0, &name));
            }
            let lines: String = links
                .iter()
                .map(|link| format!("<li>{link}</li>\n"))
                .collect();
            self.front.push_str(&format!(
                "<h2>{}</h2>\n<p class=\"soft\">{}</p>\n<ul>\n{lines}</ul>\n",
                page::escaped(&hand.system),
                self.said().written
            ));
        }
        Ok(())
    }

    /// The front page, and the list of all entries with their hashes.
    pub(super) async fn finish(self, house: &str) -> Result<Stored, Error> {
        let lang = self.case.intake.lang;
        let (said, now) = (self.said(), self.office.now());
        let number = self.case.number.clone();
        let title = match self.portable_alone {
            true => said.portable,
            false => said.copy,
        };
        let how = match self.portable_alone {
            true => format!("{} {}", said.portable_is, said.how),
            false => said.how.to_owned(),
        };
        let mut out = page::head(lang, title);
        out.push_str(&page::opening(
            said,
            (&number, house),
            &page::when(now, lang),
            &how,
        ));
        out.push_str(&format!(
            "<h2>{}</h2>\n<ul>\n<li>{}</li>\n<li>{}</li>\n</ul>\n",
            said.letter,
            page::link(&format!("{number}.pdf"), 0, said.letter_pdf),
            page::link(&format!("{number}.txt"), 0, said.letter_text)
        ));
        out.push_str(&self.front);
        if !self.odd.is_empty() {
            let lines = self
                .odd
                .iter()
                .map(|file| format!("<li>{}</li>\n", page::line(file, 0, lang)));
            out.push_str(&format!(
                "<h2>{}</h2>\n<ul>\n{}</ul>\n",
                said.odd,
                lines.collect::<String>()
            ));
        }
        if !self.kept.is_empty() {
            out.push_str(&withheld(said, &self.kept));
        }
        out.push_str(&format!(
            "<p class=\"soft\">{}</p>\n{}",
            said.hashes,
            page::TAIL
        ));
        self.bundle
            .whole("index.html", "text/html", out, None)
            .await?;
        let kept: Vec<Json> = self.kept.iter().map(counted).collect();
        let not_there: Vec<Json> = self
            .odd
            .iter()
            .filter(|(_, path, _)| path.is_none())
            .map(|(name, _, why)| json!({ "name": name, "note": why.map(|why| page::told(why, lang)) }))
            .collect();
        let head = json!({
            "form": FORM,
            "case": number,
            "controller": house,
            "made_at": now,
            "withheld": kept,
            "not_enclosed": not_there,
        });
        self.bundle
            .finish("index.json", move |entries| listed(head, entries))
            .await
    }
}

fn text(words: &str) -> Result<String, Error> {
    serde_json::to_string(words).map_err(|_| Error::Fault("data"))
}

/// What is withheld, as a table.
fn withheld(said: &Texts, kept: &[Kept]) -> String {
    let mut out = format!(
        "<h2>{}</h2>\n<p>{}</p>\n<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
        said.withheld, said.withheld_is, said.system, said.category, said.many, said.ground
    );
    for it in kept {
        let ground = it
            .ground
            .as_ref()
            .map(|it| format!("{}: {}", it.law, it.facts.reveal()));
        out.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            page::escaped(&it.system),
            page::escaped(&it.category),
            it.many,
            page::escaped(&ground.unwrap_or_default())
        ));
    }
    out.push_str("</tbody></table>\n");
    out
}

fn counted(kept: &Kept) -> Json {
    json!({
        "system": kept.system,
        "category": kept.category,
        "count": kept.many,
        "ground": kept.ground.as_ref().map(|it| &it.law),
        "why": kept.ground.as_ref().map(|it| it.facts.reveal()),
    })
}

/// The list of all entries but itself.
fn listed(mut head: Json, entries: &[Entry]) -> Vec<u8> {
    let files: Vec<Json> = entries
        .iter()
        .map(|it| {
            let mut line = json!({ "file": it.path, "size": it.size, "sha256": it.sha256 });
            if let (Some(line), Some(Json::Object(about))) = (line.as_object_mut(), &it.about) {
                let known = about.iter().filter(|(_, value)| !value.is_null());
                line.extend(known.map(|(name, value)| (name.clone(), value.clone())));
            }
            line
        })
        .collect();
    if let Some(head) = head.as_object_mut() {
        head.insert("files".to_owned(), Json::Array(files));
    }
    serde_json::to_vec_pretty(&head).unwrap_or_default()
}

/// Where a file of a finding lies; the numbers keep names apart.
fn path_of(category: &Category, (number, at): (usize, usize), name: &str) -> String {
    format!(
        "{}/{number:04}-{}-{}",
        category.stem,
        at + 1,
        safe_name(name)
    )
}

/// The path with the ending of what the file is now.
fn ending(path: &str, media_type: Option<&str>) -> String {
    let ending = match media_type {
        Some("image/png") => "png",
        Some("image/jpeg") => "jpg",
        Some("application/pdf") => "pdf",
        _ => return path.to_owned(),
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{folder}/{stem}.{ending}")
}

fn page_of(category: &Category, at: usize) -> String {
    match at {
        0 | 1 => format!("{}.html", category.stem),
        at => format!("{}-{at}.html", category.stem),
    }
}

fn first_page(category: &Category) -> String {
    page_of(category, 1)
}
