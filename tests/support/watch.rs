//! How time grows with the input: ratios within one run, of this thread's own processor time, never seconds.

use std::time::{Duration, Instant};

/// Processor time that this thread has used; the clock on the wall where the system does not tell.
fn used(since: Instant) -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

/// Processor time that something takes.
pub fn processor_time(run: impl FnOnce()) -> Duration {
    let since = Instant::now();
    let before = used(since);
    run();
    used(since).saturating_sub(before)
}

/// Four times the input may take this many times as long; what grows with the square takes sixteen.
const MOST_GROWTH: f64 = 7.5;
/// Times below this are noise, and no trap.
const LEAST_TIME: Duration = Duration::from_millis(40);
const N_TRIES: usize = 3;

/// How many times as long four times the input takes; the best of a few tries. None where it is too short to tell.
pub fn growth(make: impl Fn(usize) -> Vec<u8>, size: usize, run: impl Fn(&[u8])) -> Option<f64> {
    let (once, fourfold) = (make(size), make(4 * size));
    let mut best = f64::INFINITY;
    for _ in 0..N_TRIES {
        let short = processor_time(|| run(&once));
        let long = processor_time(|| run(&fourfold));
        if long < LEAST_TIME {
            return None;
        }
        best = best.min(long.as_secs_f64() / short.as_secs_f64().max(1e-9));
        if best < MOST_GROWTH {
            break;
        }
    }
    Some(best)
}

/// The traps whose time grows faster than their size.
pub fn find_traps(traps: &[Trap], run: impl Fn(&[u8]) + Copy) -> Vec<String> {
    let tell = |trap: &Trap| {
        let times = growth(trap.make, trap.size, run)?;
        (times > MOST_GROWTH).then(|| format!("{}: four times the input takes {times:.1} times as long", trap.name))
    };
    traps.iter().filter_map(tell).collect()
}

/// An input that grows, and the size at which it is tried first.
pub struct Trap {
    pub name: &'static str,
    pub size: usize,
    pub make: fn(usize) -> Vec<u8>,
}

pub const fn trap(name: &'static str, size: usize, make: fn(usize) -> Vec<u8>) -> Trap {
    Trap { name, size, make }
}
