//! Bounded memory that is shared fairly: entries belong to users, and a user who has many pushes out only their own.
//! Holds what `refresher`, `ended_sessions` and `journal` remember of sessions.
//!
//! Within a user's share the oldest entry goes first, by when it was last written. When the whole is full, all entries of
//! the user go who was not asked about for longest (moka's LRU policy; `get` counts as use, `contains_key` would not).

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync::Cache};

/// Entries of one user (`sub`). More sessions than anybody has open; an attacker with one account gets no more.
pub(super) const MAX_PER_USER: usize = 50;

/// Values by user and key.
pub(super) struct PerUser<V>(Cache<String, Share<V>>);

/// One user's entries, oldest first.
type Entries<V> = VecDeque<(String, V)>;

struct Share<V>(Arc<Mutex<Entries<V>>>);

impl<V: Clone + Send + Sync + 'static> PerUser<V> {
    /// `capacity` bounds the entries of all users together. A user who is not asked about for `idle` is forgotten.
    pub(super) fn new(capacity: u64, idle: Option<Duration>) -> Self {
        let cache = Cache::builder().eviction_policy(EvictionPolicy::lru()).max_capacity(capacity);
        let cache = cache.weigher(|_, share: &Share<V>| u32::try_from(share.lock().len().max(1)).unwrap_or(u32::MAX));
        Self(match idle {
            Some(idle) => cache.time_to_idle(idle).build(),
            None => cache.build(),
        })
    }

    /// The entry, if it is still known.
    pub(super) fn get(&self, user: &str, key: &str) -> Option<V> {
        let share = self.0.get(user)?;
        let entries = share.lock();
        entries.iter().find(|(own, _)| own == key).map(|(_, value)| value.clone())
    }

    /// All entries of a user, oldest first.
    #[cfg(test)]
    pub(super) fn all(&self, user: &str) -> Vec<(String, V)> {
        self.0.get(user).map(|share| share.lock().iter().cloned().collect()).unwrap_or_default()
    }

    /// Writes the entry.
    pub(super) fn insert(&self, user: &str, key: &str, value: V) {
        self.update(user, key, |_| (Some(value), ()));
    }

    /// Forgets entries of a user who has as many as may be, so that the next one pushes out none that is needed.
    pub(super) fn make_room(&self, user: &str, is_needed: impl Fn(&V) -> bool) {
        if let Some(share) = self.0.get(user) {
            let mut entries = share.lock();
            if entries.len() >= MAX_PER_USER {
                entries.retain(|(_, value)| is_needed(value));
            }
        }
    }

    /// Changes the entry as one step: no other change of this user's entries comes between. `change` gets what is there,
    /// and gives what is to be there and a result.
    pub(super) fn update<R>(&self, user: &str, key: &str, change: impl FnOnce(Option<V>) -> (Option<V>, R)) -> R {
        let share = self.0.get_with_by_ref(user, Share::default);
        let (is_resized, result) = {
            let mut entries = share.lock();
            let before = entries.len();
            let old = entries.iter().position(|(own, _)| own == key).and_then(|place| entries.remove(place));
            let (new, result) = change(old.map(|(_, value)| value));
            if let Some(value) = new {
                if entries.len() >= MAX_PER_USER {
                    entries.pop_front();
                }
                entries.push_back((key.to_owned(), value));
            }
            (entries.len() != before, result)
        };
        // What a share weighs is asked when it is inserted.
        if is_resized {
            self.0.insert(user.to_owned(), share);
        }
        result
    }

    /// Forgets the entry.
    pub(super) fn remove(&self, user: &str, key: &str) {
        if self.0.get(user).is_some() {
            self.update(user, key, |_| (None, ()));
        }
    }

    /// Forgets all entries of a user.
    pub(super) fn remove_all(&self, user: &str) {
        // Emptied first: a change under way puts the same share back.
        if let Some(share) = self.0.get(user) {
            share.lock().clear();
        }
        self.0.invalidate(user);
    }

    #[cfg(test)]
    pub(super) fn settle(&self) {
        self.0.run_pending_tasks();
    }
}

impl<V> Share<V> {
    fn lock(&self) -> MutexGuard<'_, Entries<V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Clone for Share<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V> Default for Share<V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<V> fmt::Debug for PerUser<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PerUser")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b47_a_user_pushes_out_their_own_entries_and_the_oldest_first() {
        let memory = PerUser::new(1_000, None);
        memory.insert("bystander", "a", 0);
        for number in 0..100_000 {
            memory.insert("attacker", &number.to_string(), number);
        }
        memory.settle();
        assert_eq!(memory.get("bystander", "a"), Some(0));
        let kept = memory.all("attacker");
        assert_eq!((kept.len(), kept[0].1, kept[49].1), (MAX_PER_USER, 99_950, 99_999));
    }

    #[test]
    fn b47_when_the_whole_is_full_those_go_who_were_not_asked_about_for_longest() {
        let memory = PerUser::new(100, None);
        for user in 0..10 {
            for key in 0..10 {
                memory.insert(&user.to_string(), &key.to_string(), key);
            }
        }
        memory.settle();
        assert_eq!(memory.get("0", "0"), Some(0), "asking counts");
        memory.settle();
        memory.insert("new", "0", 0);
        memory.settle();
        assert_eq!((memory.get("0", "0"), memory.get("1", "0"), memory.get("new", "0")), (Some(0), None, Some(0)));
    }

    #[test]
    fn a_change_is_one_step_and_what_is_removed_is_gone() {
        let memory = Arc::new(PerUser::new(100, None));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let memory = memory.clone();
                std::thread::spawn(move || {
                    for _ in 0..1000 {
                        memory.update("user", "count", |count: Option<u32>| (Some(count.unwrap_or_default() + 1), ()));
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(memory.get("user", "count"), Some(4000));
        memory.remove("user", "count");
        memory.remove("nobody", "count");
        assert_eq!((memory.get("user", "count"), memory.all("nobody")), (None, vec![]));
    }
}
