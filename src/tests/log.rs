//! What the app logs in this test, at the most talkative setting. The app of a test runs on the test's own thread.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tracing::{level_filters::LevelFilter, subscriber::DefaultGuard};

/// Collects from its start on.
pub(crate) struct Log {
    written: Sink,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn start() -> Self {
        let written = Sink::default();
        let writer = written.clone();
        let log = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false);
        let guard = tracing::subscriber::set_default(log.with_writer(move || writer.clone()).finish());
        Self { written, _guard: guard }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.written.0.lock().unwrap()).into_owned()
    }

    /// The first line with these words.
    pub(crate) fn line(&self, words: &str) -> Option<String> {
        self.text().lines().find(|line| line.contains(words)).map(str::to_owned)
    }
}

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
