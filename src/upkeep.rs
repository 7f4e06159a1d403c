//! What the server does beside answering: it writes the access log and when credentials were used, and deletes what is older
//! than it is to be kept, sessions of tokens that have ended among it.

use std::time::Duration;

use domain::{Error, Services, access_log, attempts, identity, last_use};
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval};

use crate::background::Background;

/// How long a denial waits to be written; one that the process is killed before is lost.
const WRITING: Duration = Duration::from_secs(1);
/// How often old entries are looked for.
const DELETING: Duration = Duration::from_hours(1);
/// How often it is looked whether a flood has left more counts of attempts than are kept.
const COUNTING: Duration = Duration::from_mins(1);
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// What is still waiting when it stops is written when the database is closed.
pub fn start(services: Services, days: u32) -> Background {
    Background::start("upkeep", move |stopped| keep(services, days, stopped))
}

/// Only waiting is given up when the server stops: a write goes on to its end.
async fn keep(services: Services, days: u32, mut stopped: oneshot::Receiver<()>) {
    let mut writing = interval(WRITING);
    writing.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut deleting = interval(DELETING);
    let mut counting = interval(COUNTING);
    let mut denials = Outcomes::of("writing the access log");
    let mut uses = Outcomes::of("writing last uses");
    let mut entries = Deleting::of("deleting from the access log", access_log::BATCH);
    let mut sessions = Deleting::of("deleting sessions whose tokens have ended", identity::BATCH);
    let mut counts = Deleting::of("deleting counts of attempts", attempts::BATCH);
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            _ = deleting.tick() => (entries.are_left, sessions.are_left) = (true, true),
            _ = counting.tick() => counts.are_left = true,
            _ = writing.tick() => {
                denials.told(access_log::write(&services).await.err().as_ref());
                let lost = services.access_log.take_lost();
                if lost > 0 {
                    tracing::warn!(lost, "access log: no place was left in memory");
                }
                uses.told(last_use::write(&services).await.err().as_ref());
                let oldest = services.environment.now().plus_seconds(-i64::from(days) * DAY_SECONDS);
                entries.next(access_log::delete_before(&services, oldest)).await;
                sessions.next(identity::delete_ended(&services)).await;
                counts.next(attempts::delete_old(&services)).await;
            }
        }
    }
}

/// Deletes a part at a time, so that requests get their turn between.
struct Deleting {
    are_left: bool,
    batch: u64,
    outcomes: Outcomes,
}

impl Deleting {
    fn of(what: &'static str, batch: u64) -> Self {
        Self { are_left: true, batch, outcomes: Outcomes::of(what) }
    }

    /// The next part, where there may be one.
    async fn next(&mut self, part: impl Future<Output = Result<u64, Error>>) {
        if self.are_left {
            let deleted = part.await;
            self.are_left = !matches!(deleted, Ok(rows) if rows < self.batch);
            self.outcomes.told(deleted.err().as_ref());
        }
    }
}

/// Tells of a failure once, not every second.
struct Outcomes {
    failing: bool,
    what: &'static str,
}

impl Outcomes {
    fn of(what: &'static str) -> Self {
        Self { failing: false, what }
    }

    fn told(&mut self, error: Option<&Error>) {
        let what = self.what;
        match error {
            Some(error) if !self.failing => tracing::warn!(what, %error, "upkeep: trying again"),
            None if self.failing => tracing::info!(what, "upkeep: going on"),
            Some(_) | None => {}
        }
        self.failing = error.is_some();
    }
}
