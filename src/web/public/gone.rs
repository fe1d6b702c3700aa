//! A link that leads nowhere any more: used, run out, switched off or never ours; all look the same.

use askama::Template;

use crate::web::layout::Counter;

/// One page for every such link, so that it tells nothing about cases.
#[derive(Template)]
#[template(path = "public/gone.html")]
pub struct GonePage {
    pub p: Counter,
}
