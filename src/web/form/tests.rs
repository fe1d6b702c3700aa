//! A form as browsers, and worse, send it.

use super::*;
use actix_web::test::TestRequest;

async fn posted(kind: &str, body: impl Into<web::Bytes>) -> Result<Posted, u16> {
    let (request, mut payload) = TestRequest::post()
        .insert_header((CONTENT_TYPE, kind))
        .set_payload(body)
        .to_http_parts();
    Posted::from_request(&request, &mut payload)
        .await
        .map_err(|problem| problem.status().as_u16())
}

const PLAIN: &str = "application/x-www-form-urlencoded; charset=utf-8";
const PACKED: &str = "multipart/form-data; boundary=x";

fn part(head: &str, body: &str) -> String {
    format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
}

#[actix_web::test]
async fn both_ways_of_packing_say_the_same() {
    let plain = posted(
        PLAIN,
        "name=Mira+M%C3%BCller&wish=15&wish=21%282%29&do=remove%3A7&x=%zz&&y",
    )
    .await
    .unwrap();
    let packed = [
        part("name=\"name\"", "Mira Müller"),
        part("name=\"wish\"", "15"),
        part("name=\"wish\"", "21(2)"),
        part("name=\"do\"", "remove:7"),
        part("name=\"x\"", "%zz"),
        part("name=\"y\"", ""),
        "--x--\r\n".into(),
    ];
    let packed = posted(PACKED, packed.concat()).await.unwrap();
    assert!(plain.pairs().eq(packed.pairs()));
    assert_eq!(plain.get("name"), "Mira Müller");
    assert_eq!(plain.all("wish").collect::<Vec<_>>(), ["15", "21(2)"]);
    assert_eq!(plain.pressed(), ("remove", "7"));
    assert!(plain.ticked("y") && !plain.ticked("z") && plain.get("z").is_empty());
    assert!(!format!("{plain:?}").contains("Mira"));
}

#[actix_web::test]
async fn what_cannot_be_read_is_refused_and_not_guessed() {
    assert_eq!(posted(PLAIN, "name=%FF%FE").await.unwrap_err(), 400);
    assert_eq!(posted(PLAIN, &b"name=\xe4"[..]).await.unwrap_err(), 400);
    let latin =
        [&b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n\xe4\r\n--x--\r\n"[..]]
            .concat();
    assert_eq!(posted(PACKED, latin).await.unwrap_err(), 400);
    assert_eq!(
        posted(PACKED, part("name=\"name\"", "cut off"))
            .await
            .unwrap_err(),
        400
    );
    assert_eq!(posted("multipart/form-data", "x").await.unwrap_err(), 400);
    assert_eq!(posted("application/json", "{}").await.unwrap_err(), 415);
}

#[actix_web::test]
async fn too_much_is_refused_before_it_fills_the_memory() {
    assert_eq!(
        posted(PLAIN, "a=".to_owned() + &"b".repeat(3 * TEXT))
            .await
            .unwrap_err(),
        413
    );
    let long = part("name=\"words\"", &"b".repeat(TEXT + 1)) + "--x--\r\n";
    assert_eq!(posted(PACKED, long).await.unwrap_err(), 413);
    let many = posted(PLAIN, "a=b&".repeat(10_000)).await.unwrap();
    assert_eq!(many.pairs().count(), FIELDS);
    let many = part("name=\"a\"", "b").repeat(10_000) + "--x--\r\n";
    assert_eq!(posted(PACKED, many).await.unwrap_err(), 413);
}

#[actix_web::test]
async fn a_file_that_is_not_taken_is_told_and_the_rest_is_kept() {
    let read = async |files: &[(&str, &str)]| {
        let mut body: String = files
            .iter()
            .map(|(name, text)| part(&format!("name=\"files\"; filename=\"{name}\""), text))
            .collect();
        body.push_str(&part("name=\"name\"", "Mira"));
        body.push_str("--x--\r\n");
        let (request, mut payload) = TestRequest::post()
            .insert_header((CONTENT_TYPE, PACKED))
            .set_payload(body)
            .to_http_parts();
        let room = Room {
            file: 5,
            files: 2,
            all: 10_000,
        };
        packed::read(&request, Payload::take(&mut payload), room)
            .await
            .unwrap()
    };
    let posted = read(&[
        ("", ""),
        ("x/a\u{202e}.txt", "12345"),
        ("empty", ""),
        ("big", "123456"),
    ])
    .await;
    assert_eq!(posted.get("name"), "Mira");
    assert_eq!(posted.left_out, [LeftOut::Empty, LeftOut::TooBig]);
    let names: Vec<_> = posted
        .files
        .iter()
        .map(|file| file.name.reveal().as_str())
        .collect();
    assert_eq!(names, ["a.txt"]);
    let posted = read(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]).await;
    assert_eq!(
        (posted.files.len(), posted.left_out),
        (2, vec![LeftOut::TooMany])
    );
}
