//! Personal data that prints as `…`, so that it cannot slip into a log or an error.

use serde::{Deserialize, Serialize};

/// A value that is personal data: it can be used, stored and shown on purpose, but not logged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private<T>(T);

impl<T> Private<T> {
    /// Marks a value as personal data.
    pub fn new(value: T) -> Self {
        Private(value)
    }

    /// The value itself, for whoever has a reason to see it.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> std::fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl From<&str> for Private<String> {
    fn from(text: &str) -> Self {
        Private(text.to_owned())
    }
}

impl From<String> for Private<String> {
    fn from(text: String) -> Self {
        Private(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Private;

    #[test]
    fn a_private_value_prints_as_an_ellipsis_even_inside_others() {
        let inside = Some(Private::from("Johanna Beispiel"));
        assert_eq!(format!("{inside:?}"), "Some(…)");
    }
}
