//! Work on many things at once, with the results in the order of the things.
//!
//! Knows nothing of what the work is. Threads live as long as the call, and only a few results wait at a time, so that
//! memory does not grow with the number of things.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many results per thread may wait to be taken.
const AHEAD: usize = 4;

/// Returns how many threads this process may run at once.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// Runs `work` on every item, with its position, and hands the results to `take` in the order of the items.
///
/// The first error of `take` ends it: no further item is begun.
pub fn in_order<T: Sync, R: Send, E>(
    items: &[T],
    threads: usize,
    work: impl Fn(usize, &T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.min(items.len());
    if threads <= 1 {
        return items.iter().enumerate().try_for_each(|(at, item)| take(work(at, item)));
    }
    let queue = Queue::new(threads);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _leaving = Leaving(&queue);
                while let Some(at) = queue.next(items.len()) {
                    let Some(item) = items.get(at) else { return };
                    queue.put(at, work(at, item));
                }
            });
        }
        let stopping = Stopping(&queue);
        let mut result = Ok(());
        while result.is_ok()
            && let Some(done) = queue.take()
        {
            result = take(done);
        }
        drop(stopping);
        result
    })
}

/// What the threads share.
struct Queue<R> {
    state: Mutex<State<R>>,
    changed: Condvar,
    /// How many items may be begun beyond those that are taken.
    ahead: usize,
}

struct State<R> {
    /// The next item to begin.
    next: usize,
    /// How many results have been taken.
    taken: usize,
    /// Results that wait, by position.
    done: BTreeMap<usize, R>,
    /// How many threads still work.
    working: usize,
    stopped: bool,
}

impl<R> Queue<R> {
    fn new(threads: usize) -> Self {
        let state =
            State { next: 0, taken: 0, done: BTreeMap::new(), working: threads, stopped: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), ahead: threads * AHEAD }
    }

    /// A thread that panics holds no lock, and its panic is handed on when all threads have ended.
    fn state(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something has changed.
    fn wait<'q>(&self, state: MutexGuard<'q, State<R>>) -> MutexGuard<'q, State<R>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the position of the next item to work on; `None` where there is no more to do.
    fn next(&self, items: usize) -> Option<usize> {
        let mut state = self.state();
        while !state.stopped && state.next < items && state.next >= state.taken + self.ahead {
            state = self.wait(state);
        }
        if state.stopped || state.next >= items {
            return None;
        }
        state.next += 1;
        Some(state.next - 1)
    }

    fn put(&self, at: usize, result: R) {
        self.state().done.insert(at, result);
        self.changed.notify_all();
    }

    /// Waits for the next result in order; `None` after the last, and where a thread has panicked over it.
    fn take(&self) -> Option<R> {
        let mut state = self.state();
        loop {
            let taken = state.taken;
            if let Some(result) = state.done.remove(&taken) {
                state.taken += 1;
                drop(state);
                self.changed.notify_all();
                return Some(result);
            }
            if state.working == 0 {
                return None;
            }
            state = self.wait(state);
        }
    }
}

/// Signs a thread off, also when it panics; no other begins an item after a panic.
struct Leaving<'q, R>(&'q Queue<R>);

impl<R> Drop for Leaving<'_, R> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.working -= 1;
        state.stopped |= thread::panicking();
        drop(state);
        self.0.changed.notify_all();
    }
}

/// Lets the threads end when nobody takes results any more, also when `take` panics.
struct Stopping<'q, R>(&'q Queue<R>);

impl<R> Drop for Stopping<'_, R> {
    fn drop(&mut self) {
        self.0.state().stopped = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..200).collect();
        for threads in [0, 1, 2, 7, 500] {
            let mut taken = Vec::new();
            let work = |at: usize, item: &usize| {
                // the first of each ten takes longest
                thread::sleep(Duration::from_micros(if at.is_multiple_of(10) { 300 } else { 0 }));
                item * 2
            };
            let done = in_order(&items, threads, work, |double| {
                taken.push(double);
                Ok::<(), ()>(())
            });
            assert_eq!(done, Ok(()));
            assert_eq!(taken, items.iter().map(|item| item * 2).collect::<Vec<_>>(), "{threads}");
        }
    }

    #[test]
    fn an_error_ends_it_soon() {
        let begun = AtomicUsize::new(0);
        let work = |at: usize, (): &()| {
            begun.fetch_add(1, Ordering::Relaxed);
            at
        };
        let take = |at| if at == 5 { Err("no") } else { Ok(()) };
        assert_eq!(in_order(&[(); 10_000], 2, work, take), Err("no"));
        // five have been taken, and two threads may be four items ahead each
        assert!(begun.into_inner() <= 6 + 2 * AHEAD);
    }

    #[test]
    fn a_panic_is_handed_on() {
        let work = |at: usize, (): &()| assert_ne!(at, 7, "seven");
        let all = || in_order(&[(); 1_000], 2, work, Ok::<(), ()>);
        assert!(catch_unwind(AssertUnwindSafe(all)).is_err());
    }
}
