//! How large a file is, in words: "1,2 MB".

use crate::domain::lang::Lang;

/// To one decimal, rounded up.
pub fn size(bytes: u64, lang: Lang) -> String {
    let (unit, name) = match bytes {
        0..1_000 => {
            let name = if lang == Lang::De { "Byte" } else { "bytes" };
            return format!("{bytes} {name}");
        }
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes.saturating_mul(10).div_ceil(unit);
    let point = if lang == Lang::De { ',' } else { '.' };
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} {name}"),
        (whole, tenth) => format!("{whole}{point}{tenth} {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_and_written_with_the_mark_of_the_language() {
        assert_eq!(size(999, Lang::De), "999 Byte");
        assert_eq!(size(999, Lang::En), "999 bytes");
        assert_eq!(size(1_000, Lang::De), "1 kB");
        assert_eq!(size(1_234_567, Lang::De), "1,3 MB");
        assert_eq!(size(1_234_567, Lang::En), "1.3 MB");
        assert_eq!(size(u64::MAX, Lang::De), "1844674407,4 GB");
    }
}
