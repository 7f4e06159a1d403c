//! Answers that are given again, as long as nothing is written.
//!
//! The newest entry of the log is the version of all data that have a history. An answer that is made of such data alone is
//! kept with the version that was read in one snapshot with the data, and given again to the same actor with the same roles who asks
//! the same to the byte, where the version is still the newest. So nobody gets an answer that is out of date, or another's.

use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::web::Bytes;
use domain::log::{Head, Heads};
use domain::{Actor, Context, Language, Services};
use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Weighter};

use super::question::Question;

/// Who asks what.
#[derive(Clone)]
pub struct Asked {
    pub actor: Arc<Actor>,
    pub language: Language,
    pub question: Question,
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        let Actor { id, grants, credential, .. } = &*self.actor;
        (id, grants, credential) == (&other.actor.id, &other.actor.grants, &other.actor.credential)
            && self.language == other.language
            && self.question == other.question
    }
}

impl Eq for Asked {}

impl Hash for Asked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.actor.id, self.actor.credential, self.language, &self.question).hash(state);
    }
}

#[derive(Clone)]
struct Kept {
    head: Head,
    body: Bytes,
}

/// An answer that is to be kept, if it can be.
pub struct Keeping {
    asked: Asked,
    /// The version that it is kept with; none the first time.
    head: Option<Head>,
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<Asked, Kept> for Bytewise {
    fn weight(&self, asked: &Asked, kept: &Kept) -> u64 {
        u64::try_from(asked.question.size() + kept.body.len() + OVERHEAD).unwrap_or(u64::MAX)
    }
}

/// About what the rest of an entry takes.
const OVERHEAD: usize = 512;
/// The longest question that is remembered.
const LONGEST_QUESTION: usize = 16 * 1024;
/// How many questions are known to have had an answer that can be kept. Only one that is asked for again is worth its memory.
const RECENT: usize = 4096;

/// None are kept where there is no room for any.
pub struct Answers(Option<Memory>);

struct Memory {
    kept: Cache<Asked, Kept, Bytewise>,
    /// Hashes of such questions, each in its place.
    recent: Box<[AtomicU64]>,
    hashing: DefaultHashBuilder,
}

impl Answers {
    pub fn new(bytes: u64) -> Self {
        let memory = || Memory {
            kept: Cache::with_weighter(RECENT, bytes, Bytewise),
            recent: std::iter::repeat_with(AtomicU64::default).take(RECENT).collect(),
            hashing: DefaultHashBuilder::default(),
        };
        Self((bytes > 0).then(memory))
    }

    /// The answer that was kept, if it still is the answer.
    pub async fn again(&self, services: &Services, heads: &Heads, asked: Asked) -> Option<Bytes> {
        let memory = self.0.as_ref()?;
        let kept = memory.kept.get(&asked)?;
        let head = heads.current(services).await.ok()?;
        (kept.head == head).then_some(kept.body)
    }

    /// What an answer will be kept under, with its version where it was asked for before. Before anything is read.
    pub async fn keeping(
        &self,
        context: &Context,
        language: Language,
        question: Question,
    ) -> Option<Keeping> {
        let memory = self.0.as_ref().filter(|_| question.size() <= LONGEST_QUESTION)?;
        let asked = Asked { actor: Arc::clone(&context.actor), language, question };
        let head = if memory.is_recent(&asked) { Head::of_snapshot(context).await.ok() } else { None };
        Some(Keeping { asked, head })
    }

    /// Keeps an answer that can be kept; the first time, that it can.
    pub fn keep(&self, Keeping { asked, head }: Keeping, body: &str) {
        match (&self.0, head) {
            (Some(memory), Some(head)) => {
                memory.kept.insert(asked, Kept { head, body: Bytes::copy_from_slice(body.as_bytes()) });
            }
            (Some(memory), None) => memory.note(&asked),
            (None, _) => {}
        }
    }
}

impl Memory {
    fn is_recent(&self, asked: &Asked) -> bool {
        let (hash, place) = self.place(asked);
        place.load(Ordering::Relaxed) == hash
    }

    fn note(&self, asked: &Asked) {
        let (hash, place) = self.place(asked);
        place.store(hash, Ordering::Relaxed);
    }

    fn place(&self, asked: &Asked) -> (u64, &AtomicU64) {
        let hash = self.hashing.hash_one(asked);
        (hash, &self.recent[usize::try_from(hash).unwrap_or_default() % self.recent.len()])
    }
}
