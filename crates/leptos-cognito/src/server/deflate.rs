//! `zip: DEF` (RFC 7516 §4.1.3): raw DEFLATE, within a limit. Called by `seal`.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::error::Cause;

/// A payload never inflates beyond this many bytes; a session at the cookie budget has fewer.
pub(super) const PLAINTEXT_LIMIT: usize = 64 * 1024;

thread_local! {
    /// Kept, because each new one allocates its window.
    static INFLATER: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

pub(super) fn deflate(plain: &[u8]) -> Result<Vec<u8>, Cause> {
    // DEFLATE grows incompressible input by 5 bytes for every 16 KB block at most.
    let mut packed = Vec::with_capacity(plain.len() + 64);
    match Compress::new(Compression::best(), false).compress_vec(plain, &mut packed, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => Ok(packed),
        _ => Err(Cause::Cryptography("compression failed")),
    }
}

pub(super) fn inflate(packed: &[u8]) -> Option<Vec<u8>> {
    INFLATER.with_borrow_mut(|inflater| {
        inflater.reset(false);
        inflate_with(inflater, packed)
    })
}

fn inflate_with(inflater: &mut Decompress, packed: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity((packed.len() * 4).clamp(64, PLAINTEXT_LIMIT));
    loop {
        let consumed = usize::try_from(inflater.total_in()).ok()?;
        match inflater.decompress_vec(packed.get(consumed..)?, &mut plain, FlushDecompress::Finish).ok()? {
            // The vector may have grown by more than it was asked to.
            Status::StreamEnd => return (plain.len() <= PLAINTEXT_LIMIT).then_some(plain),
            _ if plain.len() < plain.capacity() || plain.len() >= PLAINTEXT_LIMIT => return None,
            _ => plain.reserve(plain.len().min(PLAINTEXT_LIMIT - plain.len())),
        }
    }
}
