//! Gzip (RFC 1952) with the same bytes on every run and host.

use std::cell::RefCell;
use std::num::NonZeroU64;

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// What stands before the deflate stream: no name, no time, best compression, no operating system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

/// How often the second compressor looks for something better: further rounds take longer and find nothing.
const ROUNDS: NonZeroU64 = NonZeroU64::new(5).expect("is not zero");

thread_local! {
    /// The compressor's tables: setting them up anew for each of many small texts would cost more than compressing.
    static DEFLATE: RefCell<Compress> = RefCell::new(Compress::new(Compression::best(), false));
}

/// Returns `bytes` compressed.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = HEADER.to_vec();
    DEFLATE.with_borrow_mut(|deflate| {
        deflate.reset();
        loop {
            let read = usize::try_from(deflate.total_in()).unwrap_or(usize::MAX);
            let rest = bytes.get(read..).unwrap_or_default();
            out.reserve(rest.len() / 2 + 64);
            let status = deflate.compress_vec(rest, &mut out, FlushCompress::Finish);
            match status.expect("deflate takes every byte") {
                Status::StreamEnd => break,
                Status::Ok | Status::BufError => {}
            }
        }
    });
    close(bytes, out)
}

/// Returns `bytes` compressed in the fewest bytes that are known, about four in a hundred less than [`gzip`].
pub(super) fn tight(bytes: &[u8]) -> Vec<u8> {
    let mut out = HEADER.to_vec();
    let options = zopfli::Options { iteration_count: ROUNDS, ..zopfli::Options::default() };
    zopfli::compress(options, zopfli::Format::Deflate, bytes, &mut out)
        .expect("a Vec takes every byte");
    close(bytes, out)
}

/// Returns a header and a deflate stream with what stands behind it.
fn close(bytes: &[u8], mut out: Vec<u8>) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(bytes);
    out.extend(crc.sum().to_le_bytes());
    // the length is kept modulo 2³² (RFC 1952, ISIZE)
    let length = u32::try_from(bytes.len() & 0xffff_ffff).unwrap_or(u32::MAX);
    out.extend(length.to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use flate2::GzBuilder;
    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn more_work_makes_it_smaller() {
        for bytes in [&b""[..], b"one line\n", include_bytes!("gzip.rs")] {
            let made = tight(bytes);
            let mut read = Vec::new();
            GzDecoder::new(made.as_slice()).read_to_end(&mut read).expect("is gzip");
            assert_eq!(read, bytes);
            assert!(made.len() <= gzip(bytes).len());
        }
    }

    #[test]
    fn is_what_the_library_writes_and_reads() {
        for length in [0, 1, 100, 5_000, 300_000] {
            let bytes: Vec<u8> =
                (0..length).map(|at: u32| (at.wrapping_mul(at) >> 7).to_le_bytes()[0]).collect();
            let made = gzip(&bytes);
            let mut theirs = GzBuilder::new()
                .mtime(0)
                .operating_system(255)
                .write(Vec::new(), Compression::best());
            theirs.write_all(&bytes).expect("a Vec takes every byte");
            assert_eq!(made, theirs.finish().expect("a Vec takes every byte"), "{length}");
            let mut read = Vec::new();
            GzDecoder::new(made.as_slice()).read_to_end(&mut read).expect("is gzip");
            assert_eq!(read, bytes);
        }
    }
}
