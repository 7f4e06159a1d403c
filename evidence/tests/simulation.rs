//! The power of the t test against simulated studies, always the same ones.

#![expect(clippy::unwrap_used, reason = "what is missing where it must be has failed")]

use std::f64::consts::TAU;

use evidence::comparison::compare_changes;
use evidence::interval::Confidence;
use evidence::planning::paired_values;

/// Normal numbers from a generator of whole ones (xorshift, Marsaglia 2003) by the method of Box and Muller 1958.
struct Normal(u64);

impl Normal {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (f64::from(u32::try_from(self.0 >> 32).unwrap()) + 0.5) / 2.0_f64.powi(32)
    }
}

impl Iterator for Normal {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let (radius, angle) = ((-2.0 * self.uniform().ln()).sqrt(), TAU * self.uniform());
        Some(radius * angle.cos())
    }
}

fn share_of_studies(mut is_found: impl FnMut(&mut Normal) -> bool) -> f64 {
    const STUDIES: u32 = 4000;
    let mut normal = Normal(0x2545_f491_4f6c_dd1d);
    let found = (0..STUDIES).filter(|_| is_found(&mut normal)).count();
    f64::from(u32::try_from(found).unwrap()) / f64::from(STUDIES)
}

/// 4000 studies leave an error of at most 0.008, of which three are allowed.
const NOISE: f64 = 0.024;

#[test]
fn the_power_of_the_paired_t_test_is_how_often_it_finds_a_change() {
    for (change, n) in [(0.0, 5), (1.0, 10), (3.0, 3), (0.5, 43)] {
        let found = share_of_studies(|normal| {
            let changes: Vec<f64> = normal.take(usize::try_from(n).unwrap()).map(|z| z + change).collect();
            // Against a group in which nobody changes it is the paired t test.
            compare_changes(&changes, &[0.0; 2], Confidence::P95).unwrap().test.unwrap().p_value < 0.05
        });
        let power = paired_values::power(change, 1.0, n, Confidence::P95).unwrap();
        assert!((found - power).abs() < NOISE, "{change} {n}: {found}, {power}");
    }
}
