//! Adapters against real software where it runs here, and against servers of our own that play the rest.

mod conformance;
mod theatre;
