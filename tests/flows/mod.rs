//! Stories, from the form to the answer, told in acts of the office.

mod access;
