//! A body that the service packed (RFC 9110, section 8.4.1.3), unpacked.

use std::io::{self, Write as _};

use flate2::write::MultiGzDecoder;
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

/// Unpacks a body of gzip piece by piece.
pub(super) struct Decoder {
    gzip: MultiGzDecoder<Vec<u8>>,
    begun: bool,
}

impl Decoder {
    /// The decoder for an answer, where one is needed. The headers speak of the unpacked body then.
    pub(super) fn of(headers: &mut HeaderMap) -> Option<Self> {
        let encoding = headers.get(CONTENT_ENCODING)?.as_bytes();
        if !(encoding.eq_ignore_ascii_case(b"gzip") || encoding.eq_ignore_ascii_case(b"x-gzip")) {
            return None;
        }
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
        Some(Self { gzip: MultiGzDecoder::new(Vec::new()), begun: false })
    }

    /// What these bytes unpack to, as far as that is known yet.
    ///
    /// # Errors
    /// `InvalidData` when they are no gzip.
    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.begun = true;
        self.gzip.write_all(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(std::mem::take(self.gzip.get_mut()))
    }

    /// What is left at the end.
    ///
    /// # Errors
    /// `UnexpectedEof` when that is not the end of what was packed.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        // An answer without a body, as to HEAD, has nothing to unpack.
        if self.begun {
            let cut = |error| io::Error::new(io::ErrorKind::UnexpectedEof, error);
            self.gzip.try_finish().map_err(cut)?;
        }
        Ok(std::mem::take(self.gzip.get_mut()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Write as _};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderValue};

    use super::Decoder;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn decoder(encoding: &'static str) -> Option<Decoder> {
        let mut headers = HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from_static("40"))]);
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        let decoder = Decoder::of(&mut headers);
        assert_eq!(headers.is_empty(), decoder.is_some(), "{encoding}");
        decoder
    }

    fn unpacked(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut decoder = decoder("gzip").unwrap();
        let mut whole = Vec::new();
        for byte in bytes.chunks(1) {
            whole.extend(decoder.push(byte)?);
        }
        whole.extend(decoder.finish()?);
        Ok(whole)
    }

    #[test]
    fn what_is_packed_is_unpacked_and_what_is_not_is_told() {
        let text = "[1, 2, 3]".repeat(900);
        let whole = packed(&text);
        assert_eq!(unpacked(&whole).unwrap(), text.as_bytes());
        assert_eq!(unpacked(&[packed("two "), packed("members")].concat()).unwrap(), b"two members");
        assert_eq!(unpacked(b"").unwrap(), b"");
        for cut in [1, 9, 20, whole.len() - 9, whole.len() - 1] {
            assert_eq!(unpacked(&whole[..cut]).unwrap_err().kind(), ErrorKind::UnexpectedEof, "{cut}");
        }
        assert_eq!(unpacked(b"{\"a\": 1, \"b\": [2, 3]}").unwrap_err().kind(), ErrorKind::InvalidData);
    }

    #[test]
    fn only_gzip_is_asked_for_and_unpacked() {
        for (encoding, is) in
            [("gzip", true), ("GZIP", true), ("x-gzip", true), ("br", false), ("identity", false)]
        {
            assert_eq!(decoder(encoding).is_some(), is, "{encoding}");
        }
    }
}
