//! The issuer's keys as they were last to be had. They are fetched again from time to time, and when a token names one that is
//! not among them: that is how rotation is noticed. Strangers can name what they like, so that is done at a bounded rate.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::Algorithm;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::fetch::Source;
use super::jwk::Key;
use crate::background::Background;

/// The least time between two fetches for keys that are not known.
const BETWEEN_UNKNOWN: Duration = Duration::from_secs(10);

/// That there never were any keys.
pub struct NoKeys;

pub struct Keys {
    source: Arc<Source>,
    current: RwLock<Option<Arc<Vec<Key>>>>,
    /// Held while keys are fetched; when it was last done for one that was not known.
    gate: Mutex<Option<Instant>>,
    /// How many fetches there were.
    fetches: AtomicU64,
    failing: AtomicBool,
}

impl Keys {
    pub fn new(source: Source) -> Self {
        Self {
            source: Arc::new(source),
            current: RwLock::default(),
            gate: Mutex::default(),
            fetches: AtomicU64::new(0),
            failing: AtomicBool::new(false),
        }
    }

    /// The key set in which there is a key of this id for this algorithm, if it can be had.
    pub async fn with(
        self: &Arc<Self>,
        id: &str,
        algorithm: Algorithm,
    ) -> Result<Option<Arc<Vec<Key>>>, NoKeys> {
        let fetches = self.fetches.load(Ordering::Acquire);
        let holds = |keys: &Arc<Vec<Key>>| keys.iter().any(|key| key.verifies(id, algorithm));
        if let Some(keys) = self.current().filter(holds) {
            return Ok(Some(keys));
        }
        let keys = Arc::clone(self);
        // A task of its own: a client that hangs up does not waste what others wait for.
        let fetching = tokio::spawn(async move { keys.fetch_unknown(fetches).await });
        if fetching.await.is_err() {
            tracing::error!("fetching the issuer's keys failed");
        }
        self.current().ok_or(NoKeys).map(|keys| Some(keys).filter(holds))
    }

    fn current(&self) -> Option<Arc<Vec<Key>>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Fetches for a key that was not known after so many fetches, unless there has been one since, or too many.
    async fn fetch_unknown(&self, fetches: u64) {
        let mut last = self.gate.lock().await;
        let is_early = last.is_some_and(|last| last.elapsed() < BETWEEN_UNKNOWN);
        if is_early || self.fetches.load(Ordering::Acquire) != fetches {
            return;
        }
        *last = Some(Instant::now());
        self.fetch().await;
    }

    /// Fetches the keys now, and then from time to time.
    pub fn keep_fresh(self: &Arc<Self>, pause: Duration) -> Background {
        let keys = Arc::clone(self);
        Background::start("fetching the issuer's keys", async move |mut stopped| {
            loop {
                keys.refresh().await;
                if timeout(pause, &mut stopped).await.is_ok() {
                    return;
                }
            }
        })
    }

    async fn refresh(&self) {
        let _held = self.gate.lock().await;
        self.fetch().await;
    }

    /// Fetches. What fails leaves the keys as they are.
    async fn fetch(&self) {
        let source = Arc::clone(&self.source);
        let fetched = spawn_blocking(move || source.fetch()).await;
        match fetched.unwrap_or_else(|_panicked| Err("fetching failed".to_owned())) {
            Ok(keys) => {
                if self.failing.swap(false, Ordering::AcqRel) {
                    tracing::info!("the issuer's keys are to be had again");
                }
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(keys));
            }
            Err(error) => {
                if !self.failing.swap(true, Ordering::AcqRel) {
                    tracing::warn!(error, "the issuer's keys are not to be had; those known are kept");
                }
            }
        }
        self.fetches.fetch_add(1, Ordering::AcqRel);
    }
}
