//! Words made black at the desk: in the fields of a finding and in the files that hang on it.

use rechtzeitig::domain::right::Right;
use rechtzeitig::domain::scope::Role;
use rechtzeitig::domain::sifting::Heap;

use super::desk::Door;
use crate::support::office::Office;
use crate::support::shop;

#[actix_web::test]
async fn art_15_4_words_are_blackened_in_any_spelling_in_fields_and_in_a_mail_that_is_read_at_the_desk()
 {
    let office = Office::open_with(|plan| plan.sources = shop::with_files()).await;
    let lost = shop::found(&office);
    shop::hang_files(&lost);
    lost.execute(
        "UPDATE customers SET note = 'empfohlen von BERT  Nachbar', phone = 'bei Bert Nachbar' WHERE id = 47",
        [],
    )
    .unwrap();
    let vera = office.clerk("Vera Aktenberg", Role::Decider).await;
    let anna = office.subject("Anna Beispiel", "anna.beispiel@post-a2.example");
    let case = anna.asks_and_confirms(&office, &[Right::Access]).await.case;
    vera.confirms_identity(&office, case).await;
    office.jobs_run().await;
    let heaps = office.heaps(&vera.scope, case).await.unwrap();
    let heap = heaps.iter().find(|it| it.category == "account").unwrap();
    let heap = Heap {
        system: heap.system,
        category: "account".to_owned(),
    };
    let leaf = office.leaf(&vera.scope, case, &heap, None).await.unwrap();
    let id = leaf.shown[0].id;
    let sheet = office.sheet(&vera.scope, case, id).await.unwrap();
    let file = |name: &str| {
        let mut files = sheet.record.files.iter();
        files.position(|it| it.name.reveal() == name).unwrap()
    };
    let field = |name: &str| {
        let mut fields = sheet.record.fields.iter();
        fields.position(|it| it.name == name).unwrap()
    };
    for at in 0..sheet.record.files.len() {
        let fetched = office.copy_of(&vera.scope, case, (id, at)).await;
        fetched.unwrap().unwrap();
    }
    let door = Door::of(&office).await;
    let clerk = door.clerk(&office, &vera).await;
    let finding = format!("/desk/cases/{case}/findings/{id}");
    let why = ("facts", "Name eines anderen");
    let law = ("law", "Art. 15 Abs. 4 DSGVO");

    // A word that stands nowhere is said at its own field.
    let words = format!("words-{}", field("note"));
    let wrong = clerk
        .acts(&finding, &[(&words, "Berta Nachbar"), why, law])
        .await;
    wrong
        .is(422)
        .says(&format!("href=\"#{words}\""))
        .says(&format!("id=\"{words}-error\""))
        .says("aria-invalid=\"true\"");

    // A usual sentence with a gap in it says nothing of this case; one that only leaves room at its end is a sentence.
    let (secret, others) = (("ground", "confidential"), ("ground", "rights-of-others"));
    let gap = clerk
        .acts(&finding, &[(&words, "Bert Nachbar"), secret])
        .await;
    gap.is(422)
        .says("stehen noch Lücken (…)")
        .says("id=\"facts-error\"");
    clerk
        .acts(&finding, &[(&words, "Bert Nachbar"), others])
        .await
        .is(303);
    let said = office.sheet(&vera.scope, case, id).await.unwrap();
    assert_eq!(
        said.mark.giving.ground.unwrap().facts.reveal(),
        "In der Kopie sind Angaben über andere Personen unkenntlich gemacht."
    );

    // In another case and with other blanks it is the same name, and where it still stands is told.
    clerk
        .acts(&finding, &[(&words, "Bert Nachbar"), why, law])
        .await
        .is(303);
    let phone = format!("words-{}", field("phone"));
    clerk
        .looks(&format!("{finding}?done=yes"))
        .await
        .says("<mark class=\"black\" title=\"geschwärzt\">BERT  Nachbar</mark>")
        .says("stehen noch in anderen Feldern")
        .says(&format!("href=\"#{phone}\""));
    let both = [
        (words.as_str(), "BERT Nachbar"),
        (&phone, "Bert Nachbar"),
        why,
        law,
    ];
    clerk.acts(&finding, &both).await.is(303);
    clerk
        .looks(&format!("{finding}?done=yes"))
        .await
        .says("<mark class=\"black\" title=\"geschwärzt\">BERT  Nachbar</mark>")
        .never_says("stehen noch in anderen Feldern");

    // The body of a mail is read, and what is black in the fields is black in it.
    let mail = format!("{finding}/files/{}", file("mail"));
    clerk
        .looks(&mail)
        .await
        .is(200)
        .says("Herr ")
        .says("Jörg Groß")
        .says("liste.txt")
        .says("<mark class=\"black\" title=\"geschwärzt\">BERT\nNACHBAR</mark>");
    let of = ("of", "words");
    clerk
        .acts(&mail, &[of, ("words", "Jörn Groß"), why, law])
        .await
        .is(422)
        .says("href=\"#words\"")
        .says("id=\"words-error\"");
    clerk
        .acts(&mail, &[of, ("do", "others:all")])
        .await
        .is(200)
        .says("Groß</textarea>");
    clerk
        .acts(&mail, &[of, ("words", "joerg gross"), why, law])
        .await
        .is(303);
    clerk
        .looks(&mail)
        .await
        .says("<mark class=\"black\" title=\"geschwärzt\">Jörg Groß</mark>")
        .says("joerg gross</textarea>");
    // Saving the fields again takes nothing back that was said of a file.
    clerk.acts(&finding, &both).await.is(303);
    clerk.looks(&finding).await.says("1 Wort schwarz");
    // The decision begins with it: whoever only agrees does not tell her of a copy from which nothing is missing.
    vera.finds_nothing_else(&office, case).await;
    clerk
        .looks(&format!("/desk/cases/{case}/decision"))
        .await
        .is(200)
        .says("value=\"partly\" checked")
        .says("value=\"redact\" selected");
    // A form that cannot be written anew stays here, and the clerk is told beforehand.
    clerk
        .looks(&format!("{finding}/files/{}", file("card")))
        .await
        .is(200)
        .says("bleibt sie zurück");
}
