//! Folders of people: by the name of the folder or file, by a list, by what stands in the files; and their copies.

use futures_util::TryStreamExt;

use rechtzeitig::adapters::Limits;
use rechtzeitig::domain::identifier::SearchKey;
use rechtzeitig::domain::source::{Caution, Doubt, Record};
use rechtzeitig::ports::source::{Fault, Mishap, Source};

use super::super::conformance::{email, name};
use super::{House, candidate, exact, of, said};

const SAYS: &str =
    "[[folders]]\nname = \"applicants\"\npath = \"bewerber/{name}/**\"\nerase = true\n";

async fn copied(house: &House, record: &Record, limits: &Limits) -> Result<Vec<u8>, Mishap> {
    let files = house.files_within(limits);
    let pieces = files
        .copies()
        .unwrap()
        .fetch(&record.reference, &record.files[0]);
    Ok(pieces.try_collect::<Vec<_>>().await?.concat())
}

#[tokio::test]
async fn a_folder_with_her_name_is_a_guess_in_any_spelling() {
    let house = House::of(SAYS);
    for folder in [
        "Jörg Müller",
        "Müller, Jo\u{308}rg",
        "mueller_joerg",
        "Jörg Müllermann",
        "Jörg Peter Müller",
    ] {
        house.put(&format!("bewerber/{folder}/cv/Lebenslauf.pdf"), "x");
    }
    house
        .put("bewerber/Rest/Zeugnis Jörg Müller 2024.pdf", "x")
        .put("bewerber/Rest/andere.pdf", "x");
    let (records, search) = house.find(&[name("Dr. Jörg Müller")]).await;
    let mut paths: Vec<_> = records
        .iter()
        .map(|it| said(it, "path").split('/').nth(1).unwrap().to_owned())
        .collect();
    paths.sort();
    assert_eq!(
        paths,
        [
            "Jörg Müller",
            "Müller, Jo\u{308}rg",
            "Rest",
            "mueller_joerg"
        ]
    );
    assert!(records.iter().all(candidate) && search.doubts.is_empty());
    assert_eq!(records[0].files[0].media_type, "application/pdf");
}

#[tokio::test]
async fn an_address_or_a_number_in_the_path_is_sure() {
    let house = House::of(
        "[[folders]]\nname = \"a\"\npath = \"kunden/{number}_*.pdf\"\n[[folders]]\nname = \"b\"\npath = \"karten/{email}.vcf\"\n",
    );
    for file in [
        "kunden/4711_Vertrag.pdf",
        "kunden/47110_Vertrag.pdf",
        "kunden/14711_x.pdf",
        "kunden/4711.pdf",
        "karten/Anna@Example.org.vcf",
        "karten/johanna@example.org.vcf",
    ] {
        house.put(file, "x");
    }
    let (records, search) = house
        .find(&[of(SearchKey::Number, "4711"), email("anna@example.org")])
        .await;
    assert_eq!(
        records
            .iter()
            .map(|it| said(it, "path"))
            .collect::<Vec<_>>(),
        ["kunden/4711_Vertrag.pdf", "karten/Anna@Example.org.vcf"]
    );
    assert!(records.iter().all(exact));
    assert_eq!(search.asked.iter().map(|it| it.hits).sum::<u64>(), 2);
}

#[tokio::test]
async fn a_list_says_which_folder_is_whose_and_leads_nowhere_else() {
    let says = "[[folders]]\nname = \"a\"\npath = \"bewerber/akten/**\"\n[folders.index]\npath = \"bewerber/liste.csv\"\nfile = \"Ordner\"\nidentity = [{ column = \"Mail\", by = \"email\" }]\n";
    let house = House::of(says);
    house.put(
        "bewerber/liste.csv",
        "Ordner;Mail\nakten\\17;anna@example.org\nakten/1;otto@example.org\n",
    );
    house
        .put("bewerber/akten/17/cv.pdf", "x")
        .put("bewerber/akten/17/a/b.pdf", "x")
        .put("bewerber/akten/1/cv.pdf", "x");
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert_eq!(records.len(), 2);
    assert!(
        records
            .iter()
            .all(|it| exact(it) && said(it, "path").starts_with("bewerber/akten/17/"))
            && search.doubts.is_empty()
    );
    house.put(
        "bewerber/liste.csv",
        "Ordner;Mail\n../../etc;anna@example.org\n",
    );
    let (records, search) = house.find(&[email("anna@example.org")]).await;
    assert_eq!(
        (records.len(), search.doubts),
        (0, vec![Doubt::Closed("a".into())])
    );
}

#[tokio::test]
async fn what_stands_in_a_text_is_a_guess_and_never_all() {
    let house = House::of("[[folders]]\nname = \"a\"\npath = \"post/**\"\ncontent = true\n");
    house.put("post/1.eml", "From: Anna <Anna@Example.org>\r\n\r\nHallo");
    house
        .put("post/2.txt", "an johanna@example.org")
        .put("post/3.txt", b"Gr\xfc\xdfe von Beispiel, Anna!");
    house.put("post/4.bin", b"\0\0\nanna@example.org");
    house.put(
        "post/5.txt",
        [0xff, 0xfe]
            .into_iter()
            .chain(
                "x anna@example.org"
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes),
            )
            .collect::<Vec<u8>>(),
    );
    let (records, search) = house
        .find(&[email("anna@example.org"), name("Anna Beispiel")])
        .await;
    assert_eq!(
        records
            .iter()
            .map(|it| said(it, "path"))
            .collect::<Vec<_>>(),
        ["post/1.eml", "post/3.txt", "post/5.txt"]
    );
    assert!(
        records
            .iter()
            .all(|it| candidate(it) && it.cautions.contains(&Caution::Others))
    );
    assert!(search.doubts.contains(&Doubt::LowerBound));
}

#[tokio::test]
async fn what_office_programs_and_desktops_leave_is_nobodys() {
    let house = House::of(SAYS);
    for file in [
        "~$Vertrag.docx",
        ".~lock.Vertrag.odt#",
        "Thumbs.db",
        ".DS_Store",
        "Vertrag.docx",
    ] {
        house.put(&format!("bewerber/Anna Beispiel/{file}"), "x");
    }
    let (records, _) = house.find(&[name("Anna Beispiel")]).await;
    assert_eq!(records.len(), 1);
}

#[tokio::test]
async fn a_copy_is_whole_or_none() {
    let house = House::of(SAYS);
    let bytes: Vec<u8> = (0..400_000_u32).flat_map(u32::to_le_bytes).collect();
    house.put("bewerber/Anna Beispiel/100%#.bin", &bytes);
    let (records, _) = house.find(&[name("Anna Beispiel")]).await;
    let usual = Limits::default();
    assert!(copied(&house, &records[0], &usual).await.unwrap() == bytes);
    let small = Limits {
        largest_file: 1_000,
        ..Limits::default()
    };
    assert_eq!(
        copied(&house, &records[0], &small).await.unwrap_err().fault,
        Fault::TooLarge
    );
    // Another file under the same name is not what was found.
    house.put("bewerber/Anna Beispiel/100%#.bin", "other");
    assert_eq!(
        copied(&house, &records[0], &usual).await.unwrap_err().fault,
        Fault::Conflict
    );
    std::fs::remove_dir_all(house.path("bewerber/Anna Beispiel")).unwrap();
    assert_eq!(
        copied(&house, &records[0], &usual).await.unwrap_err().fault,
        Fault::Missing
    );
}

#[tokio::test]
async fn a_copy_of_anything_else_than_the_records_file_is_refused() {
    let house = House::of(SAYS);
    house
        .put("bewerber/Anna Beispiel/cv.pdf", "hers")
        .put("bewerber/Otto/cv.pdf", "his")
        .put("geheim.txt", "secret");
    let (records, _) = house.find(&[name("Anna Beispiel")]).await;
    for id in [
        "bewerber/Otto/cv.pdf",
        "geheim.txt",
        "../geheim.txt",
        "bewerber/%2E%2E/geheim.txt",
        "",
    ] {
        let mut record = records[0].clone();
        record.files[0].id = id.to_owned();
        assert_eq!(
            copied(&house, &record, &Limits::default())
                .await
                .unwrap_err()
                .fault,
            Fault::Unknown,
            "{id}"
        );
        record.reference.id = rechtzeitig::domain::private::Private::new(id.to_owned());
        // Even with a key that says no state: it lies in no place, or it is a file of the place and a record of its own.
        record.reference.version = None;
        let fetched = copied(&house, &record, &Limits::default()).await;
        match id {
            "bewerber/Otto/cv.pdf" => assert!(fetched.is_ok()),
            _ => assert_eq!(fetched.unwrap_err().fault, Fault::Unknown, "{id}"),
        }
    }
}
