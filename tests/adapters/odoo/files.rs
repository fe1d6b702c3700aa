//! Copies of files, whole or not at all.

use std::time::Duration;

use futures_util::StreamExt;
use rechtzeitig::adapters::Limits;
use rechtzeitig::domain::source::{FileRef, RecordRef};
use rechtzeitig::ports::source::{Fault, Mishap, Source};
use serde_json::json;

use super::super::conformance::{ANNA, email, find};
use super::cast::{FILE, base64};
use super::{Stage, VERSIONS, With, by_id, limits};

async fn fetch(stage: &Stage, record: &RecordRef, file: &FileRef) -> Result<Vec<u8>, Mishap> {
    let mut pieces = stage.odoo.copies().unwrap().fetch(record, file);
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        bytes.extend(piece?);
    }
    Ok(bytes)
}

fn datas() -> FileRef {
    FileRef {
        id: "datas".into(),
        name: "x".into(),
        media_type: "application/pdf".into(),
        size: None,
    }
}

#[tokio::test]
async fn a_file_comes_as_it_lies_there_and_so_does_a_picture_on_a_contact() {
    for version in VERSIONS {
        let stage = Stage::open(version, With::Reader).await;
        let (records, _) = find(stage.source(), &[email(ANNA)]).await.unwrap();
        let record = by_id(&records, "ir.attachment", stage.cast.file).unwrap();
        assert_eq!(record.files[0].size, Some(FILE.len() as u64));
        assert_eq!(
            fetch(&stage, &record.reference, &record.files[0])
                .await
                .unwrap(),
            FILE,
            "{version}"
        );
        let anna = by_id(&records, "res.partner", stage.cast.anna).unwrap();
        assert_eq!(
            fetch(&stage, &anna.reference, &anna.files[0])
                .await
                .unwrap(),
            b"picture"
        );
    }
}

#[tokio::test]
async fn a_large_file_comes_in_pieces_although_an_answer_may_not_be_so_large() {
    let patient = Limits {
        patience: Duration::from_secs(60),
        ..limits()
    };
    let stage = Stage::within(19, With::Reader, "", &patient).await;
    let bytes: Vec<u8> = (0..=250_u8).cycle().take(6_000_001).collect();
    let id = stage.server.world(|world| {
        world.plant("ir.attachment", json!({"name": "gross", "type": "binary", "datas": base64(&bytes), "file_size": bytes.len()}))
    });
    let fetched = fetch(
        &stage,
        &RecordRef::new("ir.attachment", id.to_string()),
        &datas(),
    )
    .await
    .unwrap();
    assert!(fetched == bytes);
}

#[tokio::test]
async fn half_a_file_another_file_and_none_are_no_file() {
    for version in [18, 19] {
        let stage = Stage::open(version, With::Reader).await;
        let short = stage.server.world(|world| {
            world.plant("ir.attachment", json!({"name": "kurz", "type": "binary", "datas": base64(b"short"), "file_size": 9}))
        });
        let at = |id: i64| RecordRef::new("ir.attachment", id.to_string());
        assert_eq!(
            fetch(&stage, &at(short), &datas()).await.unwrap_err().fault,
            Fault::HalfAnswer
        );
        assert_eq!(
            fetch(&stage, &at(999_999), &datas())
                .await
                .unwrap_err()
                .fault,
            Fault::Missing
        );
        let none = FileRef {
            id: "login".into(),
            ..datas()
        };
        assert_eq!(
            fetch(&stage, &at(stage.cast.file), &none)
                .await
                .unwrap_err()
                .fault,
            Fault::Unknown
        );
        stage.server.world(|world| world.quirks.other_id = true);
        assert_eq!(
            fetch(&stage, &at(stage.cast.file), &datas())
                .await
                .unwrap_err()
                .fault,
            Fault::Unreadable
        );
        let picture = FileRef {
            id: "image_1920".into(),
            ..datas()
        };
        let anna = RecordRef::new("res.partner", stage.cast.anna.to_string());
        assert_eq!(
            fetch(&stage, &anna, &picture).await.unwrap_err().fault,
            Fault::Unreadable,
            "{version}"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_begun() {
    let stage = Stage::open(19, With::Reader).await;
    let id = stage.server.world(|world| {
        world.plant("ir.attachment", json!({"name": "riesig", "type": "binary", "datas": base64(b"x"), "file_size": 5_000_000_000_u64}))
    });
    let record = RecordRef::new("ir.attachment", id.to_string());
    let begun = fetch(&stage, &record, &datas()).await.unwrap_err();
    assert_eq!(begun.fault, Fault::TooLarge);
    assert!(
        !stage
            .server
            .theatre
            .heard()
            .iter()
            .any(|heard| heard.text().contains("\"datas\""))
    );
}
