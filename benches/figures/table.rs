//! The table at the end: each figure beside its target.

/// One line.
struct Line {
    figure: String,
    target: String,
    measured: String,
    verdict: &'static str,
}

/// All that was measured.
#[derive(Default)]
pub struct Table(Vec<Line>);

impl Table {
    /// A figure that has to be at least so large.
    pub fn at_least(&mut self, figure: &str, target: f64, measured: f64, unit: &str) {
        self.push(
            figure,
            format!(">= {}{unit}", number(target)),
            format!("{}{unit}", number(measured)),
            measured >= target,
        );
    }

    /// A figure that has to stay below.
    pub fn below(&mut self, figure: &str, target: f64, measured: f64, unit: &str) {
        self.push(
            figure,
            format!("< {}{unit}", number(target)),
            format!("{}{unit}", number(measured)),
            measured < target,
        );
    }

    /// A figure that may be so large.
    pub fn at_most(&mut self, figure: &str, target: f64, measured: f64, unit: &str) {
        self.push(
            figure,
            format!("<= {}{unit}", number(target)),
            format!("{}{unit}", number(measured)),
            measured <= target,
        );
    }

    /// A figure that explains another one.
    pub fn note(&mut self, figure: &str, measured: f64, unit: &str) {
        self.0.push(Line {
            figure: figure.to_owned(),
            target: String::new(),
            measured: format!("{}{unit}", number(measured)),
            verdict: "",
        });
    }

    fn push(&mut self, figure: &str, target: String, measured: String, met: bool) {
        let verdict = if met { "met" } else { "MISSED" };
        self.0.push(Line {
            figure: figure.to_owned(),
            target,
            measured,
            verdict,
        });
    }

    /// Prints it.
    pub fn print(&self) {
        let width = self
            .0
            .iter()
            .map(|line| line.figure.chars().count())
            .max()
            .unwrap_or(0);
        println!(
            "\n{:width$} | {:>16} | {:>16} |",
            "figure", "target", "measured"
        );
        println!("{:-<width$}-|-{:->16}-|-{:->16}-|-------", "", "", "");
        for line in &self.0 {
            println!(
                "{:width$} | {:>16} | {:>16} | {}",
                line.figure, line.target, line.measured, line.verdict
            );
        }
    }
}

fn number(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => {
            let text = format!("{value:.0}");
            let (head, tail) = text
                .split_at_checked(text.len().saturating_sub(3))
                .unwrap_or(("", &text));
            if head.is_empty() {
                tail.to_owned()
            } else {
                format!("{head},{tail}")
            }
        }
        middle if middle >= 100.0 => format!("{value:.0}"),
        small if small >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
