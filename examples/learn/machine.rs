//! Two ways to draw a line between texts: one for many thousand words, one for a few pieces of evidence.
#![expect(
    clippy::indexing_slicing,
    reason = "rows and columns are of one length by construction"
)]

/// What a text is worded with, by the numbers of its traits.
pub type Bag = Vec<(u32, f32)>;

/// A text that teaches: the answer, how much it counts, its words.
#[derive(Debug, Clone, Copy)]
pub struct Lesson<'a> {
    pub yes: bool,
    pub counts: f32,
    pub bag: &'a [(u32, f32)],
}

/// The weights of all traits, and what stands for no word at all.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub weights: Vec<f32>,
    pub bias: f32,
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The widest gap between the two sides, mistakes counted by their square; found by going round the texts one by one.
/// Both sides count alike, however few texts one of them has.
pub fn line(lessons: &[Lesson], size: usize, strict: f32, rounds: u32) -> Line {
    let side = |yes: bool| -> f32 {
        let all = lessons.iter().filter(|it| it.yes == yes);
        all.map(|it| it.counts).sum::<f32>().max(1.0)
    };
    let (yes, no) = (side(true), side(false));
    let half = (yes + no) / 2.0;
    let mut out = Line {
        weights: vec![0.0; size],
        bias: 0.0,
    };
    let mut pull = vec![0.0_f32; lessons.len()];
    let soft: Vec<f32> = lessons
        .iter()
        .map(|it| {
            let balance = half / if it.yes { yes } else { no };
            0.5 / (strict * it.counts * balance)
        })
        .collect();
    let lengths: Vec<f32> = lessons
        .iter()
        .map(|it| 1.0 + it.bag.iter().map(|(_, much)| much * much).sum::<f32>())
        .collect();
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..rounds {
        for last in (1..order.len()).rev() {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            let range = u64::try_from(last).unwrap_or(0) + 1;
            order.swap(last, usize::try_from(chance % range).unwrap_or(0));
        }
        for &number in &order {
            let lesson = lessons[number];
            let sign = if lesson.yes { 1.0 } else { -1.0 };
            let sum: f32 = lesson
                .bag
                .iter()
                .map(|(word, much)| out.weights[place(*word)] * much)
                .sum();
            let slope = sign * (sum + out.bias) - 1.0 + soft[number] * pull[number];
            let now = (pull[number] - slope / (lengths[number] + soft[number])).max(0.0);
            let step = (now - pull[number]) * sign;
            pull[number] = now;
            if step != 0.0 {
                for (word, much) in lesson.bag {
                    out.weights[place(*word)] += step * much;
                }
                out.bias += step;
            }
        }
    }
    out
}

/// A row of evidence that teaches.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    pub yes: bool,
    pub counts: f64,
    pub row: &'a [f64],
}

/// Logistic regression by Newton's steps; the first column is the bias, the others are held near nought.
pub fn odds(cases: &[Case], width: usize, hold: f64) -> Vec<f64> {
    let mut weights = vec![0.0; width];
    for _ in 0..12 {
        let mut slope = vec![0.0; width];
        let mut bend = vec![vec![0.0; width]; width];
        for (column, weight) in weights.iter().enumerate() {
            let hold = if column == 0 { 1e-6 } else { hold };
            slope[column] = -hold * weight;
            bend[column][column] = hold;
        }
        for case in cases {
            let sum: f64 = case.row.iter().zip(&weights).map(|(x, w)| x * w).sum();
            let likely = 1.0 / (1.0 + (-sum.clamp(-30.0, 30.0)).exp());
            let off = case.counts * (f64::from(u8::from(case.yes)) - likely);
            let curve = case.counts * likely * (1.0 - likely);
            for (one, x) in case.row.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                slope[one] += off * x;
                for (other, y) in case.row.iter().enumerate().take(one + 1) {
                    bend[one][other] += curve * x * y;
                }
            }
        }
        for (weight, step) in weights.iter_mut().zip(solved(bend, slope)) {
            *weight += step;
        }
    }
    weights
}

/// Solves a symmetric system whose lower half is given, by Cholesky.
fn solved(mut matrix: Vec<Vec<f64>>, mut side: Vec<f64>) -> Vec<f64> {
    let size = side.len();
    for row in 0..size {
        for column in 0..=row {
            let known = matrix[row].iter().zip(&matrix[column]).take(column);
            let sum = matrix[row][column] - known.map(|(one, other)| one * other).sum::<f64>();
            matrix[row][column] = if row == column {
                sum.max(1e-9).sqrt()
            } else {
                sum / matrix[column][column]
            };
        }
    }
    for row in 0..size {
        for k in 0..row {
            side[row] -= matrix[row][k] * side[k];
        }
        side[row] /= matrix[row][row];
    }
    for row in (0..size).rev() {
        for k in row + 1..size {
            side[row] -= matrix[k][row] * side[k];
        }
        side[row] /= matrix[row][row];
    }
    side
}
