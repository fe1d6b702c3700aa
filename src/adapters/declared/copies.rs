//! Copies of files that hang on records of a described system.

use futures_util::TryStreamExt;
use futures_util::stream;
use reqwest::Url;

use super::Declared;
use super::pointer::{self, Pointer};
use crate::adapters::http::{Call, Http, Line};
use crate::ports::source::{Copies, Fault, FileRef, Mishap, Pieces, RecordRef};

impl Copies for Declared {
    fn fetch<'a>(&'a self, record: &'a RecordRef, file: &'a FileRef) -> Pieces<'a> {
        let begun = async move {
            let place = self.place(record)?;
            let unknown = || Mishap::new(Fault::Unknown, "no files are described there");
            let rule = place.files.as_ref().ok_or_else(unknown)?;
            let missing = || Mishap::new(Fault::Missing, "it is not there any more");
            let now = self.now(place, record).await?.ok_or_else(missing)?;
            if rule.link {
                let at = file.id.parse::<usize>().map_err(|_| missing())?;
                let found = Pointer::parse(&rule.at)
                    .map(|it| it.all(&now.raw))
                    .unwrap_or_default();
                let address = found
                    .into_iter()
                    .nth(at)
                    .and_then(pointer::text)
                    .ok_or_else(missing)?;
                let (http, call) = self.elsewhere(&address)?;
                return Ok::<_, Mishap>(http.stream(call, self.limits.largest_file));
            }
            let fetch = rule.fetch.as_ref().ok_or_else(unknown)?;
            let values = now.values.with("file", file.id.as_str());
            let call = self.reading.call(fetch, &values)?.header("accept", "*/*");
            let call = self.reading.login.sign(call).await?;
            Ok(self.reading.http.stream(call, self.limits.largest_file))
        };
        Box::pin(stream::once(begun).try_flatten())
    }
}

impl Declared {
    /// A whole address that a record named: on one of the hosts, and without our key.
    fn elsewhere(&self, address: &str) -> Result<(Http, Call), Mishap> {
        let stranger = || {
            Mishap::new(
                Fault::Redirected,
                "the file lies on a host that is not declared",
            )
        };
        let mut url = Url::parse(address).map_err(|_| stranger())?;
        if !self.is_ours(&url) || !url.username().is_empty() {
            return Err(stranger());
        }
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        url.set_query(None);
        url.set_fragment(None);
        let http = Http::new(&Line {
            ca_file: self.ca_file.clone(),
            limits: self.limits.clone(),
            ..Line::to(url.as_str())
        })?;
        let call = pairs
            .into_iter()
            .fold(Call::get(&[]), |call, (name, value)| {
                call.query(name, value)
            });
        Ok((http, call))
    }
}
