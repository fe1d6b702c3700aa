//! Languages told apart.

use super::tongue;

#[test]
fn languages_are_told_apart() {
    for (code, text) in [
        ("de", "Löscht alles von mir!"),
        ("de", "Bitte um Auskunft nach Art. 15 DSGVO"),
        ("en", "Please delete my data"),
        (
            "fr",
            "Bonjour, je souhaite savoir quelles données vous avez sur moi.",
        ),
        ("es", "Hola, quiero que borren todos mis datos, gracias."),
        ("it", "Buongiorno, vorrei sapere quali dati avete su di me."),
        ("nl", "Graag wil ik dat u mijn gegevens verwijdert."),
        (
            "pt",
            "Bom dia, gostaria de saber quais dados vocês têm sobre mim.",
        ),
        ("pl", "Proszę o usunięcie moich danych."),
        ("cs", "Dobrý den, chci vymazat své údaje."),
        ("ro", "Bună ziua, vă rog să ștergeți datele mele."),
        ("sv", "Hej, jag vill att ni raderar mina uppgifter."),
        ("tr", "Merhaba, kişisel verilerimin silinmesini istiyorum."),
        ("hu", "Tisztelt Cím! Kérem, törölje a személyes adataimat."),
        ("fi", "Hei, poistakaa kaikki minun tietoni, kiitos."),
        ("ru", "Удалите мои персональные данные, это мои данные."),
        ("uk", "Видаліть, будь ласка, мої дані."),
        (
            "bg",
            "Моля, изтрийте моите данни, защото съм клиент, който не е съгласен.",
        ),
        ("el", "Παρακαλώ διαγράψτε τα δεδομένα μου"),
        ("ar", "يرجى حذف بياناتي الشخصية"),
        ("zh", "请删除我的个人资料"),
        ("ja", "私の個人データを削除してください"),
    ] {
        assert_eq!(tongue(text), Some(code), "{text}");
    }
    assert_eq!(tongue(" 12 !"), None);
}
