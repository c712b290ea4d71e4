//! The line that a timeline is drawn by: one lane for each branch of a family's refresh tokens. A rotation goes on in
//! the lane of the token it replaces, a fork opens a new one, and the branch it leaves behind ends.

use std::collections::HashMap;

use super::super::history::{Event, What};

/// A client that forks more often has its last lanes share one.
const MAX_LANES: usize = 6;

/// What is drawn in one lane beside one event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) dot: bool,
    pub(super) above: bool,
    pub(super) below: bool,
    pub(super) left: bool,
    pub(super) right: bool,
}

#[derive(Default)]
struct Lanes {
    of_token: HashMap<String, usize>,
    /// Whether refresh tokens of the lane can still be exchanged.
    live: Vec<bool>,
    newest: usize,
}

/// A row of cells for each event, all of the same length.
pub(super) fn draw(events: &[Event]) -> Vec<Vec<Cell>> {
    let mut lanes = Lanes::default();
    let mut rows: Vec<Vec<Cell>> = events.iter().map(|event| lanes.draw(&event.what)).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    rows.iter_mut().for_each(|row| row.resize(width, Cell::default()));
    rows
}

impl Lanes {
    fn draw(&mut self, what: &What) -> Vec<Cell> {
        let before = self.live.clone();
        let (at, from) = self.follow(what);
        let line = |lane: usize, live: &[bool]| live.get(lane).copied().unwrap_or_default();
        let mut row: Vec<Cell> = (0..self.live.len())
            .map(|lane| Cell { above: line(lane, &before), below: line(lane, &self.live), ..Cell::default() })
            .collect();
        if let Some(cell) = row.get_mut(at) {
            cell.dot = true;
        }
        let from = from.unwrap_or(at);
        for (lane, cell) in row.iter_mut().enumerate() {
            let (low, high) = (from.min(at), from.max(at));
            cell.left = low < lane && lane <= high;
            cell.right = low <= lane && lane < high;
        }
        row
    }

    /// The lane of the event, and for a fork the lane it comes from.
    fn follow(&mut self, what: &What) -> (usize, Option<usize>) {
        match what {
            What::Issued { refresh, .. } => (self.open(refresh), None),
            What::Rotated { refresh, next, .. } => {
                let lane = self.lane_of(refresh);
                self.of_token.insert(next.clone(), lane);
                self.newest = lane;
                (lane, None)
            }
            What::Forked { refresh, next, .. } => {
                let from = self.lane_of(refresh);
                self.live.fill(false);
                (self.open(next), Some(from))
            }
            What::Renewed { refresh, .. }
            | What::Reused { refresh }
            | What::Refused { refresh, .. }
            | What::GraceRevoked { refresh } => (self.lane_of(refresh), None),
            What::Revoked => {
                self.live.fill(false);
                (self.newest, None)
            }
            What::Expired { token } => {
                if token == "refresh" {
                    self.live.fill(false);
                }
                (self.newest, None)
            }
        }
    }

    fn open(&mut self, token: &str) -> usize {
        if self.live.len() < MAX_LANES {
            self.live.push(false);
        }
        let lane = self.live.len() - 1;
        self.live[lane] = true;
        self.of_token.insert(token.to_owned(), lane);
        self.newest = lane;
        lane
    }

    /// A token whose beginning was forgotten counts to the newest.
    fn lane_of(&mut self, token: &str) -> usize {
        if self.live.is_empty() {
            self.open(token);
        }
        self.of_token.get(token).copied().unwrap_or(self.newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `*` a dot, `|` a line through, `'` and `,` its upper and lower half, `-` across.
    fn sketch(whats: &[What]) -> Vec<String> {
        let events: Vec<Event> =
            whats.iter().map(|what| Event { at: 0, via: String::new(), what: what.clone() }).collect();
        let cell = |cell: &Cell| match (cell.dot, cell.above, cell.below, cell.left || cell.right) {
            (true, ..) => '*',
            (_, _, _, true) => '-',
            (_, true, true, _) => '|',
            (_, true, false, _) => '\'',
            (_, false, true, _) => ',',
            _ => ' ',
        };
        draw(&events).iter().map(|row| row.iter().map(cell).collect()).collect()
    }

    fn rotated(refresh: &str, next: &str) -> What {
        What::Rotated { access: String::new(), refresh: refresh.to_owned(), next: next.to_owned() }
    }

    fn forked(refresh: &str, next: &str) -> What {
        What::Forked { access: String::new(), refresh: refresh.to_owned(), next: next.to_owned() }
    }

    #[test]
    fn a_fork_opens_a_lane_and_the_branch_it_leaves_ends() {
        let issued = What::Issued { access: String::new(), refresh: "a".to_owned() };
        let reused = What::Reused { refresh: "b".to_owned() };
        let history = [issued, rotated("a", "b"), forked("a", "c"), reused, rotated("c", "d"), What::Revoked];
        assert_eq!(sketch(&history), ["* ", "* ", "-*", "*|", " *", " *"]);
        let events = history.map(|what| Event { at: 0, via: String::new(), what });
        let rows = draw(&events);
        assert_eq!(rows[2][0], Cell { above: true, right: true, ..Cell::default() });
        assert_eq!(rows[2][1], Cell { dot: true, below: true, left: true, ..Cell::default() });
        assert_eq!(rows[5][1], Cell { dot: true, above: true, ..Cell::default() });
    }

    #[test]
    fn many_forks_and_forgotten_beginnings_are_drawn_all_the_same() {
        let forks: Vec<What> = (0..20).map(|n| forked("a", &n.to_string())).collect();
        let rows = sketch(&forks);
        assert!(rows.iter().all(|row| row.len() == MAX_LANES && row.contains('*')), "{rows:?}");
        assert_eq!(sketch(&[What::Reused { refresh: "x".to_owned() }]), ["*"]);
        assert_eq!(sketch(&[What::Revoked]), [""]);
    }
}
