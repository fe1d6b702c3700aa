//! axe-core, run inside the page: what a person with an aid would stumble over. Its version is told in `axe/README.md`.

use std::fmt;

use fantoccini::Client;
use serde::Deserialize;

const SCRIPT: &str = include_str!("axe/axe.min.js");

/// WCAG 2.2 up to AA, and what axe's authors recommend beyond.
const TAGS: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

/// A rule that the page breaks, and where.
#[derive(Debug, Deserialize)]
pub struct Violation {
    pub id: String,
    pub help: String,
    pub nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
pub struct Node {
    pub html: String,
    #[serde(rename = "failureSummary")]
    pub summary: Option<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.id, self.help)?;
        for node in &self.nodes {
            writeln!(f, "  {}", node.html)?;
            for line in node.summary.iter().flat_map(|summary| summary.lines()) {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}

/// What the page in the window breaks; empty is well. The session must run scripts: where they are switched off, so are
/// the promises that axe waits for.
///
/// # Panics
/// If axe cannot run, or found no rule to try: an empty answer then would say nothing.
pub async fn axe(page: &Client) -> Vec<Violation> {
    #[derive(Deserialize)]
    struct Answer {
        passed: usize,
        violations: Vec<Violation>,
    }
    page.execute(SCRIPT, vec![])
        .await
        .expect("axe goes into the page");
    let ask = "const done = arguments[1];
        axe.run(document, { runOnly: { type: 'tag', values: arguments[0] }, resultTypes: ['violations'] })
          .then(r => done({ passed: r.passes.length, violations: r.violations }), e => done(String(e)));";
    let answer = page
        .execute_async(ask, vec![TAGS.as_slice().into()])
        .await
        .expect("axe runs");
    let answer: Answer =
        serde_json::from_value(answer.clone()).unwrap_or_else(|_| panic!("axe failed: {answer}"));
    assert!(answer.passed > 0, "axe tried no rule");
    answer.violations
}

/// # Panics
/// With the whole list if the page breaks any rule; `page_name` says which page it was.
pub async fn assert_accessible(page: &Client, page_name: &str) {
    let violations = axe(page).await;
    let list: String = violations.iter().map(ToString::to_string).collect();
    assert!(
        violations.is_empty(),
        "{page_name} breaks {} rules:\n{list}",
        violations.len()
    );
}
