//! Counts that add up, as flows: what comes into a node leaves it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// The nodes that an arc leads from and to.
pub type Arc = [usize; 2];

/// What it takes to make an arc free; the first part that differs decides.
pub type Cost = [u64; 4];

/// Which way a flow is to change.
#[derive(Clone, Copy)]
pub enum Way {
    Up,
    Down,
}

/// How far the arcs of a cycle can move as the flow of one of them rises.
#[derive(Clone, Copy)]
pub struct Play {
    /// How far those that rise with it could fall instead.
    pub along: u64,
    /// How far those that fall as it rises can fall.
    pub against: u64,
}

/// Over an arc in its direction, where its flow can rise without limit, or against it, where it can fall to 0.
#[derive(Clone, Copy)]
struct Step {
    arc: usize,
    forward: bool,
}

struct Path {
    from: usize,
    to: usize,
    steps: Vec<Step>,
}

/// Arcs with flows that are never negative. The free ones may have any that balance; the others are fixed.
///
/// As every arc leaves one node and enters another, the balances are totally unimodular: the least and the greatest
/// flow of an arc are whole numbers, found by augmenting paths (Ford and Fulkerson 1956, Edmonds and Karp 1972).
pub struct Circulation {
    arcs: Vec<Arc>,
    touching: Vec<Vec<usize>>,
    free: Vec<bool>,
    flow: Vec<u64>,
}

impl Circulation {
    /// An arc without a flow is free. None where no flows of the free arcs balance those of the others.
    pub fn new(nodes: usize, arcs: Vec<Arc>, flows: &[Option<u32>]) -> Option<Self> {
        let mut touching = vec![Vec::new(); nodes];
        for (arc, ends) in arcs.iter().enumerate() {
            for end in ends {
                touching[*end].push(arc);
            }
        }
        let free = flows.iter().map(Option::is_none).collect();
        let flow = flows.iter().map(|flow| flow.unwrap_or_default().into()).collect();
        Self { arcs, touching, free, flow }.balanced()
    }

    fn balanced(mut self) -> Option<Self> {
        let (mut supply, mut demand) = (vec![0_u64; self.touching.len()], vec![0_u64; self.touching.len()]);
        for ([from, to], flow) in self.arcs.iter().zip(&self.flow) {
            demand[*from] += flow;
            supply[*to] += flow;
        }
        for (supply, demand) in supply.iter_mut().zip(&mut demand) {
            let through = (*supply).min(*demand);
            *supply -= through;
            *demand -= through;
        }
        loop {
            let sources: Vec<usize> = (0..supply.len()).filter(|node| supply[*node] > 0).collect();
            if sources.is_empty() {
                return Some(self);
            }
            let path = self.path(&self.flow, &sources, |node| demand[node] > 0, None)?;
            let amount = room(&self.flow, &path.steps).min(supply[path.from]).min(demand[path.to]);
            push(&mut self.flow, &path.steps, amount);
            supply[path.from] -= amount;
            demand[path.to] -= amount;
        }
    }

    pub fn flow(&self, arc: usize) -> u64 {
        self.flow[arc]
    }

    pub fn is_free(&self, arc: usize) -> bool {
        self.free[arc]
    }

    pub fn set_free(&mut self, arc: usize) {
        self.free[arc] = true;
    }

    /// How far the flow of an arc can move that way as the free ones follow: up to `enough`.
    pub fn leeway(&self, arc: usize, way: Way, enough: u64) -> u64 {
        let [from, to] = self.arcs[arc];
        let (start, end, enough) = match way {
            Way::Up => (to, from, enough),
            Way::Down => (from, to, enough.min(self.flow[arc])),
        };
        let mut flow = self.flow.clone();
        let mut found = 0;
        while found < enough
            && let Some(Path { steps, .. }) = self.path(&flow, &[start], |node| node == end, Some(arc))
        {
            let amount = room(&flow, &steps).min(enough - found);
            push(&mut flow, &steps, amount);
            found += amount;
        }
        found
    }

    /// The shortest path over free arcs, `except` one, along which something can be moved.
    fn path(
        &self,
        flow: &[u64],
        sources: &[usize],
        is_end: impl Fn(usize) -> bool,
        except: Option<usize>,
    ) -> Option<Path> {
        let mut reached = vec![false; self.touching.len()];
        let mut came_by = vec![None; self.touching.len()];
        let mut queue = VecDeque::from(sources.to_vec());
        for source in sources {
            reached[*source] = true;
        }
        while let Some(node) = queue.pop_front() {
            if is_end(node) {
                return Some(self.path_back(&came_by, node));
            }
            for (step, next) in self.steps_from(node) {
                let passable = self.free[step.arc] && (step.forward || flow[step.arc] > 0);
                if passable && !reached[next] && Some(step.arc) != except {
                    reached[next] = true;
                    came_by[next] = Some(step);
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// What it takes to free, besides those that are, the cheapest arcs that let the flow of `arc` move on a cycle with
    /// so much play. None where there is no such cycle.
    pub fn cheapest_cycle(&self, arc: usize, play: Play, costs: &[Cost]) -> Option<(Cost, Vec<usize>)> {
        let [end, start] = self.arcs[arc];
        let mut best: Vec<Option<Cost>> = vec![None; self.touching.len()];
        let mut came_by = vec![None; self.touching.len()];
        let mut queue = BinaryHeap::from([Reverse((Cost::default(), start))]);
        best[start] = Some(Cost::default());
        while let Some(Reverse((cost, node))) = queue.pop() {
            if node == end {
                let steps = self.path_back(&came_by, end).steps;
                let arcs = steps.into_iter().map(|step| step.arc);
                return Some((cost, arcs.filter(|arc| !self.free[*arc]).collect()));
            }
            if best[node] != Some(cost) {
                continue;
            }
            for (step, next) in self.steps_from(node) {
                let needed = if step.forward { play.along } else { play.against };
                if step.arc == arc || self.flow[step.arc] < needed {
                    continue;
                }
                let added = if self.free[step.arc] { Cost::default() } else { costs[step.arc] };
                let total = sum(cost, added);
                if best[next].is_none_or(|best| total < best) {
                    best[next] = Some(total);
                    came_by[next] = Some(step);
                    queue.push(Reverse((total, next)));
                }
            }
        }
        None
    }

    fn steps_from(&self, node: usize) -> impl Iterator<Item = (Step, usize)> {
        self.touching[node].iter().map(move |arc| {
            let [from, to] = self.arcs[*arc];
            let forward = from == node;
            (Step { arc: *arc, forward }, if forward { to } else { from })
        })
    }

    fn path_back(&self, came_by: &[Option<Step>], to: usize) -> Path {
        let (mut from, mut steps) = (to, Vec::new());
        while let Some(step) = came_by[from] {
            let [tail, head] = self.arcs[step.arc];
            from = if step.forward { tail } else { head };
            steps.push(step);
        }
        Path { from, to, steps }
    }
}

/// How much can be moved along a path.
fn room(flow: &[u64], steps: &[Step]) -> u64 {
    let against = steps.iter().filter(|step| !step.forward);
    against.map(|step| flow[step.arc]).min().unwrap_or(u64::MAX)
}

fn push(flow: &mut [u64], steps: &[Step], amount: u64) {
    for step in steps {
        let flow = &mut flow[step.arc];
        *flow = if step.forward { flow.saturating_add(amount) } else { *flow - amount };
    }
}

fn sum(one: Cost, other: Cost) -> Cost {
    std::array::from_fn(|part| one[part].saturating_add(other[part]))
}
