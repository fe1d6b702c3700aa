//! Marks a restriction by a tag on every version; the policy of the bucket makes it one.

use futures_util::future::BoxFuture;
use reqwest::Method;

use super::S3;
use super::list::Version;
use super::settings::Tag;
use super::wire::Request;
use super::xml::Element;
use crate::ports::source::{Fate, Fault, Mishap, Outcome, RecordRef, Restrict};

impl S3 {
    async fn do_restrict(&self, record: &RecordRef, restricted: bool) -> Result<Outcome, Mishap> {
        let writer = self.writer()?;
        let Some(tag) = &self.tag else {
            return Err(Mishap::new(Fault::Unknown, "no tag is declared"));
        };
        let found = self.all_of(record).await?;
        let found: Vec<&Version> = found.iter().filter(|version| !version.marker).collect();
        if found.is_empty() {
            return Err(Mishap::new(Fault::Missing, "no object"));
        }
        for version in &found {
            let mut tags = self.tags(version).await?;
            let marked =
                |tags: &[(String, String)]| tags.contains(&(tag.name.clone(), tag.value.clone()));
            if marked(&tags) == restricted {
                continue;
            }
            tags.retain(|(name, _)| *name != tag.name);
            if restricted {
                tags.push((tag.name.clone(), tag.value.clone()));
            }
            // An empty set is taken away: not every storage takes one.
            let (method, body) = match tags.is_empty() {
                true => (Method::DELETE, Vec::new()),
                false => (Method::PUT, tagging(&tags).into_bytes()),
            };
            let request = Request {
                method,
                body,
                ..of_tags(version)
            };
            writer.ask(&request).await?;
            if marked(&self.tags(version).await?) != restricted {
                return Err(Mishap::new(
                    Fault::NotWritten,
                    "the tag is not as it shall be",
                ));
            }
        }
        let fate = if restricted {
            Fate::Restricted
        } else {
            Fate::Free
        };
        Ok(Outcome::new(
            fate,
            format!("tag on {} versions", found.len()),
        ))
    }

    async fn tags(&self, version: &Version) -> Result<Vec<(String, String)>, Mishap> {
        let answer = self.reading.ask(&of_tags(version)).await?;
        let root = Element::read(answer.bytes())?;
        if root.name != "Tagging" {
            return Err(Mishap::new(Fault::Unreadable, "no tags"));
        }
        let sets = root.all("TagSet").flat_map(|set| set.all("Tag"));
        Ok(sets
            .map(|tag| (tag.of("Key").to_owned(), tag.of("Value").to_owned()))
            .collect())
    }
}

fn of_tags(version: &Version) -> Request<'_> {
    let mut query = vec![("tagging", "")];
    if !version.id.is_empty() {
        query.push(("versionId", version.id.as_str()));
    }
    Request {
        method: Method::GET,
        key: &version.key,
        query,
        ..Request::default()
    }
}

/// All tags at once: a storage replaces the whole set.
fn tagging(tags: &[(String, String)]) -> String {
    let plain = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let tag = |(name, value): &(String, String)| {
        format!(
            "<Tag><Key>{}</Key><Value>{}</Value></Tag>",
            plain(name),
            plain(value)
        )
    };
    let tags: String = tags.iter().map(tag).collect();
    format!(
        "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>{tags}</TagSet></Tagging>"
    )
}

impl Tag {
    /// Whether a storage takes it.
    pub fn sound(&self) -> bool {
        let sound = |text: &str, most: usize| {
            text.chars().count() <= most && !text.chars().any(char::is_control)
        };
        !self.name.is_empty() && sound(&self.name, 128) && sound(&self.value, 256)
    }
}

impl Restrict for S3 {
    fn restrict<'a>(
        &'a self,
        record: &'a RecordRef,
        restricted: bool,
    ) -> BoxFuture<'a, Result<Outcome, Mishap>> {
        Box::pin(self.do_restrict(record, restricted))
    }
}
