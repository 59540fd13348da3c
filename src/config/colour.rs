//! Colours as style sheets write them, and whether one can be read on another.
//!
//! Contrast is measured as WCAG 2 does. A colour that cannot be read is moved in lightness alone, in
//! OKLCH, where the same hue looks like the same colour at any lightness.

use csscolorparser::Color;

/// The contrast that text needs: level AA of WCAG 2, for text of any size.
pub(crate) const READABLE: f64 = 4.5;

/// So far apart are two lightnesses that are tried, of 1 in all: less than anybody sees.
const STEP: f32 = 0.0025;

/// A colour that a screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour {
    /// Red, green and blue.
    pub(crate) rgb: [u8; 3],
    /// How much it covers, from 0 to 255.
    alpha: u8,
}

impl Colour {
    pub(crate) const WHITE: Colour = Colour { rgb: [255; 3], alpha: 255 };
    pub(crate) const BLACK: Colour = Colour { rgb: [0; 3], alpha: 255 };

    /// Reads a colour as a browser would: `#0a7`, `rgb(…)`, `hsl(…)`, `oklch(…)`, `teal`. One that no
    /// screen of today shows is taken as the nearest that it does.
    pub(crate) fn parse(text: &str) -> Option<Colour> {
        // The library also reads digits without their sign, and functions of its own.
        const FUNCTIONS: [&str; 10] =
            ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(", "color("];
        let text = text.trim().to_ascii_lowercase();
        let is_name =
            text.chars().all(|c| c.is_ascii_alphabetic()) && !text.chars().all(|c| c.is_ascii_hexdigit());
        if !(is_name || text.starts_with('#') || FUNCTIONS.iter().any(|it| text.starts_with(it))) {
            return None;
        }
        let [r, g, b, alpha] = csscolorparser::parse(&text).ok()?.to_rgba8();
        Some(Colour { rgb: [r, g, b], alpha })
    }

    /// What is seen of it on an opaque ground.
    pub(crate) fn over(self, ground: Colour) -> Colour {
        let alpha = f64::from(self.alpha) / 255.0;
        let mut rgb = [0; 3];
        for ((seen, own), below) in rgb.iter_mut().zip(self.rgb).zip(ground.rgb) {
            *seen = (f64::from(own) * alpha + f64::from(below) * (1.0 - alpha)).round() as u8;
        }
        Colour { rgb, alpha: 255 }
    }

    /// As a style sheet writes it: `#0f5c5c`.
    pub(crate) fn hex(self) -> String {
        let [r, g, b] = self.rgb;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// The contrast of two opaque colours, from 1 (the same) to 21 (black on white).
    pub(crate) fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The least contrast with any of several colours.
    pub(crate) fn least_contrast(self, others: &[Colour]) -> f64 {
        others.iter().map(|other| self.contrast(*other)).fold(f64::INFINITY, f64::min)
    }

    /// The colour of this hue that is nearest in lightness and can be read on all these grounds; none if
    /// there is none.
    pub(crate) fn readable_on(self, grounds: &[Colour]) -> Option<Colour> {
        let reads = |colour: &Colour| colour.least_contrast(grounds) >= READABLE;
        if reads(&self) {
            return Some(self);
        }
        let lightness = self.lightness();
        let steps = (1.0 / STEP) as u32;
        (1..=steps)
            .flat_map(|step| [lightness - STEP * step as f32, lightness + STEP * step as f32])
            .filter(|lightness| (-STEP..=1.0 + STEP).contains(lightness))
            .map(|lightness| self.with_lightness(lightness.clamp(0.0, 1.0)))
            .find(reads)
    }

    /// Its lightness as an eye sees it, from 0 to 1.
    pub(crate) fn lightness(self) -> f32 {
        self.color().to_oklcha()[0]
    }

    /// The same hue at another lightness, as colourful as it was, or as a screen can show it there.
    pub(crate) fn with_lightness(self, lightness: f32) -> Colour {
        let [_, chroma, hue, _] = self.color().to_oklcha();
        let fits = |chroma: f32| {
            let color = Color::from_oklcha(lightness, chroma, hue, 1.0);
            [color.r, color.g, color.b].into_iter().all(|part| (-0.0005..=1.0005).contains(&part))
        };
        let (mut low, mut high) = (0.0, chroma);
        if fits(high) {
            low = high;
        } else {
            for _ in 0..12 {
                let middle = f32::midpoint(low, high);
                if fits(middle) { low = middle } else { high = middle }
            }
        }
        let [r, g, b, _] = Color::from_oklcha(lightness, low, hue, 1.0).to_rgba8();
        Colour { rgb: [r, g, b], alpha: 255 }
    }

    fn color(self) -> Color {
        let [r, g, b] = self.rgb;
        Color::from_rgba8(r, g, b, 255)
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.rgb.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn every_way_of_writing_a_colour_is_read() {
        let teal = colour("#008080");
        for text in ["teal", "Teal", "#008080ff", "rgb(0 128 128)", "rgb(0, 128, 128)", "hsl(180 100% 25.1%)"]
        {
            assert_eq!(colour(text), teal, "{text}");
        }
        assert_eq!(colour("#0a7"), colour("#00aa77"));
        assert_eq!(colour("#0a78").over(Colour::WHITE).hex(), "#77d2b6");
        assert_eq!(colour("oklch(60% 0.1 200)").hex(), "#0d9298");
        for text in ["", "0a7", "#0a", "#xyz", "tael", "var(--x)", "url(x)", "rgb(1", "none"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((Colour::BLACK.contrast(Colour::WHITE) - 21.0).abs() < 1e-9);
        assert!((colour("#777").contrast(Colour::WHITE) - 4.478).abs() < 0.001);
    }

    #[test]
    fn an_unreadable_colour_is_moved_as_little_as_needed_and_keeps_its_hue() {
        for (text, ground) in [
            ("#8fbc8f", "#fff"),
            ("gold", "#fdfcfa"),
            ("#123", "#1e1f21"),
            ("#777", "#808080"),
            ("red", "red"),
        ] {
            let (before, ground) = (colour(text), colour(ground));
            let after = before.readable_on(&[ground]).unwrap_or_else(|| panic!("{text}"));
            let contrast = after.contrast(ground);
            assert!((READABLE..4.8).contains(&contrast), "{text} {} {contrast}", after.hex());
            let hue = |it: Colour| it.color().to_oklcha()[2];
            let turned = (hue(before) - hue(after)).abs();
            assert!(before.color().to_oklcha()[1] < 0.01 || turned < 0.12, "{text} {} {turned}", after.hex());
        }
        assert_eq!(colour("#000").readable_on(&[Colour::WHITE]), Some(Colour::BLACK));
        assert_eq!(colour("#777").readable_on(&[Colour::WHITE, colour("#222")]).map(Colour::hex), None);
    }
}
