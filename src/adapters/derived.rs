//! Values that a system holds instead of an identifier: the hash of a number, the digest of an address. Each has its
//! recipe; by it the value is made anew from what is known of the person, asked for, and compared as a whole. Such a
//! value leads back to nobody, and so it is never taken from a record as something more to search by.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::future::BoxFuture;
use md5::{Digest, Md5};
use ring::{digest, hmac};
use serde::Deserialize;

use super::secret::{KeyPlace, Secret};
use super::spelling::Spelling;
use crate::domain::identifier::{Identifier, SearchKey};
use crate::ports::source::{
    Basket, Copies, Erase, Fault, Find, Health, Mishap, Profile, Rectify, Restrict, Search, Source,
    Suppress,
};

/// What identifiers a value may be made of. An address of a machine is hers for a time only, and a text such as a postal
/// address is spelled in too many ways.
const SOURCES: [SearchKey; 4] = [
    SearchKey::Email,
    SearchKey::Phone,
    SearchKey::Number,
    SearchKey::Handle,
];

/// How a system makes its value: one `[[controller.source.derived]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecipeSettings {
    /// Of which identifier.
    pub from: SearchKey,
    /// In which spelling; the usual one of its kind, if nothing is said.
    pub spelling: Option<Spelling>,
    /// What is digested: `{value}`, where there is a salt also `{secret}`, and what stands around them.
    #[serde(default = "bare")]
    pub text: String,
    /// Where the salt or the key lies.
    pub secret: Option<KeyPlace>,
    /// How it is digested.
    pub digest: Method,
    /// How the digest is written down.
    #[serde(default)]
    pub written: Written,
}

fn bare() -> String {
    "{value}".to_owned()
}

/// The usual ways of digesting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// MD5: worth nothing as a protection, and met everywhere.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// HMAC with SHA-256, by the secret.
    HmacSha256,
}

/// The usual ways of writing bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Written {
    /// `9f86d0…`.
    #[default]
    Hex,
    /// `9F86D0…`.
    UpperHex,
    /// Base 64 with its padding.
    Base64,
    /// Base 64 for addresses, without padding.
    Base64url,
}

/// A recipe with its secret at hand.
struct Recipe {
    settings: RecipeSettings,
    secret: Option<Secret>,
}

impl Recipe {
    fn new(settings: &RecipeSettings) -> Result<Recipe, Mishap> {
        let wrong = |what: &str| {
            let from = settings.from.code();
            Mishap::new(Fault::Misconfigured, format!("derived from {from}: {what}"))
        };
        if !SOURCES.contains(&settings.from) {
            return Err(wrong("only email, phone, number and handle have one"));
        }
        let salted = settings.text.contains("{secret}");
        let keyed = settings.digest == Method::HmacSha256;
        let left = settings.text.replacen("{value}", "", 1);
        if left == settings.text || left.replacen("{secret}", "", 1).contains(['{', '}']) {
            return Err(wrong("text holds {value} once, {secret} at most once"));
        }
        if salted && keyed {
            return Err(wrong("an HMAC has the secret as its key, not in its text"));
        }
        match (&settings.secret, salted || keyed) {
            (None, true) => Err(wrong("where lies its secret?")),
            (Some(_), false) => Err(wrong("text does not say where the {secret} stands")),
            (place, _) => Ok(Recipe {
                settings: settings.clone(),
                secret: place.as_ref().map(KeyPlace::read).transpose()?,
            }),
        }
    }

    /// The value that stands for this identifier.
    fn value(&self, identifier: &Identifier) -> String {
        let kind = identifier.kind;
        let spelling = self.settings.spelling.unwrap_or(Spelling::usual(kind));
        let secret = self.secret.as_ref().map_or("", Secret::reveal);
        // Around the value, never through it: an identifier may hold braces itself.
        let (before, after) = self.settings.text.split_once("{value}").unwrap_or(("", ""));
        let mut text = before.replace("{secret}", secret);
        text.push_str(&spelling.of(identifier));
        text.push_str(&after.replace("{secret}", secret));
        let sum = |algorithm| digest::digest(algorithm, text.as_bytes()).as_ref().to_vec();
        let bytes = match self.settings.digest {
            Method::Md5 => Md5::digest(text.as_bytes()).to_vec(),
            Method::Sha1 => sum(&digest::SHA1_FOR_LEGACY_USE_ONLY),
            Method::Sha256 => sum(&digest::SHA256),
            Method::Sha512 => sum(&digest::SHA512),
            Method::HmacSha256 => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
            }
        };
        let hex = || {
            bytes
                .iter()
                .map(|it| format!("{it:02x}"))
                .collect::<String>()
        };
        match self.settings.written {
            Written::Hex => hex(),
            Written::UpperHex => hex().to_uppercase(),
            Written::Base64 => STANDARD.encode(&bytes),
            Written::Base64url => URL_SAFE_NO_PAD.encode(&bytes),
        }
    }
}

/// A system that holds derived values.
pub struct Derived {
    inner: Arc<dyn Source>,
    recipes: Vec<Recipe>,
}

impl Derived {
    /// The same system, asked by derived values too.
    ///
    /// # Errors
    /// [`Fault::Misconfigured`]: a recipe that cannot be followed, or that nothing asks for, or none where one is asked for.
    pub fn over(
        inner: Arc<dyn Source>,
        settings: &[RecipeSettings],
    ) -> Result<Arc<dyn Source>, Mishap> {
        let asked = inner.profile().keys.contains(&SearchKey::Derived);
        let wrong = |what: &str| Err(Mishap::new(Fault::Misconfigured, what));
        match (settings.is_empty(), asked) {
            (true, false) => Ok(inner),
            (true, true) => wrong("it is asked by derived values, and no recipe makes one"),
            (false, false) => wrong("a derived value is made, and nothing asks by it"),
            (false, true) => Ok(Arc::new(Derived {
                inner,
                recipes: settings.iter().map(Recipe::new).collect::<Result<_, _>>()?,
            })),
        }
    }

    /// What is known of her, and what her system made of it.
    fn with_derived(&self, wanted: &[Identifier]) -> Vec<Identifier> {
        let mut all = wanted.to_vec();
        for recipe in &self.recipes {
            for identifier in wanted.iter().filter(|it| it.kind == recipe.settings.from) {
                let made = Identifier::derived(recipe.value(identifier), identifier.window);
                if !all.contains(&made) {
                    all.push(made);
                }
            }
        }
        all
    }
}

impl Source for Derived {
    fn profile(&self) -> Profile {
        let mut profile = self.inner.profile();
        let made = |key: &SearchKey| self.recipes.iter().any(|it| it.settings.from == *key);
        let asked = std::mem::take(&mut profile.keys);
        profile.keys = SearchKey::NAMED
            .into_iter()
            .filter(|key| asked.contains(key) || made(key))
            .collect();
        profile
    }

    fn check(&self) -> BoxFuture<'_, Result<Health, Mishap>> {
        self.inner.check()
    }

    fn finds(&self) -> Option<&dyn Find> {
        self.inner.finds().map(|_| self as &dyn Find)
    }

    fn copies(&self) -> Option<&dyn Copies> {
        self.inner.copies()
    }

    fn rectifies(&self) -> Option<&dyn Rectify> {
        self.inner.rectifies()
    }

    fn erases(&self) -> Option<&dyn Erase> {
        self.inner.erases()
    }

    fn restricts(&self) -> Option<&dyn Restrict> {
        self.inner.restricts()
    }

    fn suppresses(&self) -> Option<&dyn Suppress> {
        self.inner.suppresses()
    }
}

impl Find for Derived {
    fn find<'a>(
        &'a self,
        wanted: &'a [Identifier],
        basket: &'a mut dyn Basket,
    ) -> BoxFuture<'a, Result<Search, Mishap>> {
        Box::pin(async move {
            let find = self.inner.finds().ok_or_else(|| {
                Mishap::new(Fault::Misconfigured, "it does not search by machine")
            })?;
            find.find(&self.with_derived(wanted), basket).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recipe(toml: &str) -> Result<Recipe, Mishap> {
        Recipe::new(&toml::from_str(toml).unwrap())
    }

    fn made(toml: &str, kind: SearchKey, text: &str) -> String {
        recipe(toml)
            .unwrap()
            .value(&Identifier::new(kind, text).unwrap())
    }

    /// Each figure is what `md5sum`, `sha1sum`, `sha256sum`, `sha512sum` and `openssl dgst -hmac` say.
    #[test]
    fn a_recipe_makes_what_others_make() {
        let mail = "  Erika@Example.ORG ";
        for (toml, expected) in [
            (
                "from='email'\ndigest='md5'",
                "3f5845e819a308853a4fd3ab46656c34",
            ),
            (
                "from='email'\ndigest='sha1'\nwritten='upper-hex'",
                "A64259D859A227DDE29EA0AEDBE83B78CAFBFEC7",
            ),
            (
                "from='email'\ndigest='sha256'\ntext='pepper:{value}!'",
                "3b6c6d982045d324c63a4d8311ef82d58a7f0e2a4655a4660411a969cff3a58e",
            ),
            (
                "from='email'\ndigest='sha256'\nwritten='base64'",
                "/1P5yl6WeSTFCRcQApE0gfvyrS9pQJAyRE6psGliZuw=",
            ),
        ] {
            assert_eq!(made(toml, SearchKey::Email, mail), expected, "{toml}");
        }
        let phone = |spelling: &str| {
            let toml = format!("from='phone'\ndigest='sha256'\nspelling='{spelling}'");
            made(&toml, SearchKey::Phone, "0170 / 555 01 23")
        };
        assert_eq!(
            phone("digits"),
            "419fb10abc5f748cb9cf6b61a297ea5cfb5fbc4d1c42ca4cc89020a2056aa2e8"
        );
        assert_eq!(
            phone("national"),
            "abac5924103ef890ef968b62a826edadb2bc1fc3fca2b4ca2a408f3c5ec36c37"
        );
        assert!(
            made(
                "from='phone'\ndigest='sha512'",
                SearchKey::Phone,
                "0170 5550123"
            )
            .starts_with("9f350106f24cc5d56464a16d0cfb22bf")
        );
    }

    #[test]
    fn a_secret_salts_or_keys() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("salt");
        std::fs::write(&file, "salz\n").unwrap();
        let of = |rest: &str| {
            let toml = format!(
                "from='number'\nsecret={{file='{}'}}\n{rest}",
                file.display()
            );
            made(&toml, SearchKey::Number, "K-4711")
        };
        assert_eq!(
            of("digest='sha256'\ntext='{secret}{value}'"),
            "b9b28570098d5f166987377c8f6e44ecb2388152368fbc6839a0090847c0740b"
        );
        assert_eq!(
            of("digest='hmac-sha256'"),
            "549020579cae7bf3f798e3783d995eee937a034f8cbc2eb883625e12c0ce5924"
        );
    }

    #[test]
    fn a_recipe_that_nobody_can_follow_is_refused() {
        for (toml, why) in [
            ("from='ip'\ndigest='md5'", "only email"),
            ("from='name'\ndigest='md5'", "only email"),
            ("from='email'\ndigest='md5'\ntext='salt'", "{value} once"),
            (
                "from='email'\ndigest='md5'\ntext='{value}{value}'",
                "{value} once",
            ),
            (
                "from='email'\ndigest='md5'\ntext='{salt}{value}'",
                "{value} once",
            ),
            (
                "from='email'\ndigest='md5'\ntext='{secret}{value}'",
                "where lies",
            ),
            ("from='email'\ndigest='hmac-sha256'", "where lies"),
            (
                "from='email'\ndigest='md5'\nsecret={env='SALT'}",
                "does not say where",
            ),
            (
                "from='email'\ndigest='hmac-sha256'\ntext='{secret}{value}'\nsecret={env='SALT'}",
                "as its key",
            ),
        ] {
            let mishap = recipe(toml).err().unwrap();
            assert!(mishap.detail.contains(why), "{toml}: {}", mishap.detail);
        }
    }
}
