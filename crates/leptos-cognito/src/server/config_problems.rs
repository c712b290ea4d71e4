//! What is wrong with the settings, all of it in one message. Used wherever settings are read.

use std::fmt;

/// All that is wrong with the settings, at once.
#[derive(Debug, Default, thiserror::Error)]
pub struct ConfigProblems(Vec<String>);

impl ConfigProblems {
    /// Notes one more problem: what is wrong, and what to do. The same one twice is one.
    pub fn add(&mut self, problem: impl Into<String>) {
        let problem = problem.into();
        if !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    /// These problems and those.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        more.0.into_iter().for_each(|problem| self.add(problem));
        self
    }

    /// The value, if nothing was wrong; else all the problems.
    ///
    /// # Errors
    /// The problems noted so far, where there are any.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }

    pub(super) fn keep<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|problem| self.add(problem)).ok()
    }
}

impl fmt::Display for ConfigProblems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the configuration has {} problem(s):", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(formatter, "\n  - {problem}"))
    }
}
