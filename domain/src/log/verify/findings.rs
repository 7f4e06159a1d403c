//! What verifying has found so far, in the order of the log.

use std::collections::BTreeSet;

use super::MOST;

/// One record that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its place in the log, where it has one: that of the event that should have made it so.
    pub index: Option<u64>,
    pub record: String,
    pub wrong: String,
}

/// Where a fault stands among the others: by its place in the log, and there what is of the whole log last.
type Rank = (u64, bool);

/// What is known so far.
pub(super) struct Findings {
    faults: Vec<(Rank, Fault)>,
    pub count: u64,
    /// Values that were erased.
    pub erased: u64,
    /// The leaf of each entry, from the event's own bytes.
    pub leaves: Vec<Option<[u8; 32]>>,
    /// Entries of events that are there and cannot be read.
    pub unreadable: BTreeSet<u64>,
}

impl Findings {
    pub fn new(entries: usize) -> Self {
        let leaves = vec![None; entries];
        Self { faults: Vec::new(), count: 0, erased: 0, leaves, unreadable: BTreeSet::new() }
    }

    pub fn add(&mut self, index: Option<u64>, record: String, wrong: String) {
        self.add_after(0, index, record, wrong);
    }

    /// Adds what may follow from a fault at a later place of the log: it is told after that.
    pub fn add_after(&mut self, cause: u64, index: Option<u64>, record: String, wrong: String) {
        self.count += 1;
        let rank = (Ord::max(cause, index.unwrap_or(u64::MAX)), record.starts_with("log"));
        self.faults.push((rank, Fault { index, record, wrong }));
        // Of a history that was made anew everything is wrong: what comes first is what counts.
        let most = usize::try_from(MOST * 10).unwrap_or(usize::MAX);
        if self.faults.len() > most * 2 {
            self.faults.sort_by_key(|(rank, _)| *rank);
            self.faults.truncate(most);
        }
    }

    /// Adds an event whose row cannot be read. It is met again where it is the last of a batch.
    pub fn add_unreadable(&mut self, index: Option<u64>, record: String, wrong: String) {
        if self.faults.iter().any(|(_, fault)| fault.record == record) {
            return;
        }
        self.unreadable.extend(index);
        self.add(index, record, wrong);
    }

    /// The first few.
    pub fn first(self) -> Vec<Fault> {
        let mut faults = self.faults;
        faults.sort_by_key(|(rank, _)| *rank);
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        faults.into_iter().take(most).map(|(_, fault)| fault).collect()
    }
}
