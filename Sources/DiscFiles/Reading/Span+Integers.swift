/// Integers in structures that strangers wrote: what lies outside the bytes reads as zero.
extension Span where Element == UInt8 {
    func byte(_ offset: Int) -> UInt8 {
        offset >= 0 && offset < count ? self[offset] : 0
    }

    func little16(_ offset: Int) -> UInt16 {
        UInt16(byte(offset)) | UInt16(byte(offset + 1)) << 8
    }

    func little32(_ offset: Int) -> UInt32 {
        UInt32(little16(offset)) | UInt32(little16(offset + 2)) << 16
    }

    func little64(_ offset: Int) -> UInt64 {
        UInt64(little32(offset)) | UInt64(little32(offset + 4)) << 32
    }

    func big16(_ offset: Int) -> UInt16 {
        little16(offset).byteSwapped
    }

    func big32(_ offset: Int) -> UInt32 {
        little32(offset).byteSwapped
    }

    /// A number that is recorded in both byte orders, the little-endian one first (ECMA-119 §7.3.3).
    ///
    /// Linux reads the first of the two; the other one serves where a writer left the first empty.
    func both32(_ offset: Int) -> UInt32 {
        let little = little32(offset)
        return little != 0 ? little : big32(offset + 4)
    }

    /// A number of 16 bits in both byte orders (ECMA-119 §7.2.3).
    func both16(_ offset: Int) -> UInt16 {
        let little = little16(offset)
        return little != 0 ? little : big16(offset + 2)
    }

    /// Whether ASCII text stands at an offset.
    func holds(_ text: String, at offset: Int) -> Bool {
        var position = offset
        for expected in text.utf8 {
            guard position >= 0, position < count, self[position] == expected else { return false }
            position += 1
        }
        return true
    }
}
