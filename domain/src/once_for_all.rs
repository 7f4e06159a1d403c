//! Doing once what many wait for.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::error::Result;

/// Something that comes to the same for all who want it at once: what began after one has come is as good as one's own.
#[derive(Debug)]
pub(crate) struct OnceForAll<T> {
    /// How often it has begun.
    begun: AtomicU64,
    /// What it came to when it last came to something, and which time that was. Whoever holds it does it.
    last: Mutex<(u64, Option<T>)>,
}

impl<T> Default for OnceForAll<T> {
    fn default() -> Self {
        Self { begun: AtomicU64::new(0), last: Mutex::new((0, None)) }
    }
}

impl<T: Clone> OnceForAll<T> {
    /// What it comes to when it is done after the call.
    pub async fn after_now(&self, work: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
        let earlier = self.begun.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if let (number, Some(found)) = &*last
            && *number > earlier
        {
            return Ok(found.clone());
        }
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let found = work().await?;
        *last = (number, Some(found.clone()));
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[tokio::test]
    async fn those_who_wait_share_what_begins_after_they_came() {
        let shared = Arc::new(OnceForAll::<u32>::default());
        let done = Arc::new(AtomicU32::new(0));
        let ask = || {
            let (shared, done) = (Arc::clone(&shared), Arc::clone(&done));
            tokio::spawn(async move {
                let work = async || {
                    tokio::task::yield_now().await;
                    Ok(done.fetch_add(1, Ordering::SeqCst) + 1)
                };
                shared.after_now(work).await.expect("a number")
            })
        };
        let all: Vec<_> = (0..10).map(|_| ask()).collect();
        let mut found = Vec::new();
        for one in all {
            found.push(one.await.expect("no panic"));
        }
        // The first began before the others came, who need another.
        assert_eq!(found.iter().max(), Some(&2));
        // What is done is no answer to whoever comes later.
        assert_eq!(ask().await.expect("no panic"), 3);
    }

    #[tokio::test]
    async fn what_failed_is_done_again() {
        let shared = OnceForAll::<u32>::default();
        shared.after_now(async || Err(crate::Error::Timeout)).await.expect_err("a failure");
        assert_eq!(shared.after_now(async || Ok(1)).await.expect("a number"), 1);
    }
}
