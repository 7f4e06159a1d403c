//! What the server does beside answering: it writes the access log and when credentials were used, and deletes what is older
//! than it is to be kept, sessions of tokens that have ended among it.

use std::time::Duration;

use domain::{Error, Services, access_log, attempts, identity, last_use};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// How long a denial waits to be written; one that the process is killed before is lost.
const WRITING: Duration = Duration::from_secs(1);
/// How often old entries are looked for.
const DELETING: Duration = Duration::from_hours(1);
/// How often it is looked whether a flood has left more counts of attempts than are kept.
const COUNTING: Duration = Duration::from_mins(1);
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// The task, while the server runs.
pub struct Upkeep {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Upkeep {
    /// Starts the task. It belongs to the thread that waits for the server, not to one that answers requests, since those end
    /// with the server.
    pub fn start(services: Services, days: u32) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { stop, task: tokio::spawn(keep(services, days, stopped)) }
    }

    /// Ends the task between two of its writes. What is still waiting then is written when the database is closed.
    pub async fn stop(self) {
        let _already_over = self.stop.send(());
        if self.task.await.is_err() {
            tracing::error!("upkeep failed");
        }
    }
}

/// Only waiting is given up when the server stops: a write goes on to its end.
async fn keep(services: Services, days: u32, mut stopped: oneshot::Receiver<()>) {
    let mut writing = interval(WRITING);
    writing.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut deleting = interval(DELETING);
    let mut counting = interval(COUNTING);
    let mut old_are_left = true;
    let mut old_counts_are_left = true;
    let mut ended_are_left = true;
    let mut written = Outcomes::of("writing the access log");
    let mut deleted = Outcomes::of("deleting from the access log");
    let mut used = Outcomes::of("writing last uses");
    let mut forgotten = Outcomes::of("deleting counts of attempts");
    let mut ended = Outcomes::of("deleting sessions whose tokens have ended");
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            _ = deleting.tick() => (old_are_left, ended_are_left) = (true, true),
            _ = counting.tick() => old_counts_are_left = true,
            _ = writing.tick() => {
                written.told(access_log::write(&services).await.err().as_ref());
                let lost = services.access_log.take_lost();
                if lost > 0 {
                    tracing::warn!(lost, "access log: no place was left in memory");
                }
                used.told(last_use::write(&services).await.err().as_ref());
                // A part at a time, so that requests get their turn between.
                if old_are_left {
                    let oldest = services.environment.now().plus_seconds(-i64::from(days) * DAY_SECONDS);
                    let outcome = access_log::delete_before(&services, oldest).await;
                    old_are_left = !matches!(outcome, Ok(rows) if rows < access_log::BATCH);
                    deleted.told(outcome.err().as_ref());
                }
                if ended_are_left {
                    let outcome = identity::delete_ended(&services).await;
                    ended_are_left = !matches!(outcome, Ok(rows) if rows < identity::BATCH);
                    ended.told(outcome.err().as_ref());
                }
                if old_counts_are_left {
                    let outcome = attempts::delete_old(&services).await;
                    old_counts_are_left = !matches!(outcome, Ok(rows) if rows < attempts::BATCH);
                    forgotten.told(outcome.err().as_ref());
                }
            }
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
