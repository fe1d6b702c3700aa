//! Adapters against real software where it runs here, and against servers of our own that play the rest.

mod archive;
mod carddav;
mod conformance;
mod declared;
mod derived;
mod files;
mod frappe;
mod mautic;
mod odoo;
mod s3;
mod sql;
mod theatre;
mod zammad;
