//! Where a described system lies: only on hosts that are declared, or that the operator wrote down.

use reqwest::Url;

use super::template::{self, Template, Values};
use crate::ports::source::{Fault, Mishap};

/// A host with its port, where that is not the usual one.
pub(super) fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

/// An address with the values of this installation in it; none of them may leave its label or step.
pub(super) fn placed(text: &str, values: &Values) -> Result<String, Mishap> {
    let wrong = |what: String| Mishap::new(Fault::Misconfigured, what);
    let template = Template::parse(text).map_err(wrong)?;
    for blank in template.blanks() {
        let value = values.get(&blank.name).unwrap_or_default();
        let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.' | '_');
        if value.is_empty() || !value.chars().all(plain) || value.contains("..") {
            return Err(wrong(format!(
                "values.{}: it cannot be a part of an address",
                blank.name
            )));
        }
    }
    Ok(template::line(text, values)?.unwrap_or_default())
}

pub(super) fn address_text(
    own: Option<&String>,
    described: &str,
    values: &Values,
    hosts: &mut Vec<String>,
) -> Result<String, Mishap> {
    Ok(address(own, described, values, hosts)?.to_string())
}

/// The address that the operator wrote, or the described one, which must lie on one of the described hosts.
pub(super) fn address(
    own: Option<&String>,
    described: &str,
    values: &Values,
    hosts: &mut Vec<String>,
) -> Result<Url, Mishap> {
    let text = match own {
        Some(own) => own.clone(),
        None => placed(described, values)?,
    };
    let wrong = |what: String| Mishap::new(Fault::Misconfigured, what);
    let url = Url::parse(text.trim_end_matches('/'))
        .map_err(|error| wrong(format!("address: {error}")))?;
    match (own, hosts.contains(&host(&url))) {
        (_, true) => {}
        (Some(_), false) => hosts.push(host(&url)),
        (None, false) => return Err(wrong(format!("hosts: {} is not among them", host(&url)))),
    }
    Ok(url)
}
