/// The dates of descriptors, as ISO 8601 text.
enum DescriptorDate {
    /// A date of 17 bytes; `nil` if it isn't specified, or isn't a date.
    ///
    /// ECMA-119 §8.4.26.1.
    static func ofVolume(_ bytes: Span<UInt8>, at offset: Int) -> String? {
        FileTime.ofDigits(bytes, at: offset)?.description
    }

    /// A date of 12 bytes; ECMA-167 1/7.3.
    static func ofUDF(_ bytes: Span<UInt8>, at offset: Int) -> String? {
        FileTime.ofUDF(bytes, at: offset)?.description
    }

    /// A date of Apple's, in seconds since 1904 began; `nil` for 0.
    static func ofMac(_ seconds: UInt32, isLocal: Bool) -> String? {
        FileTime.ofMac(seconds, isLocal: isLocal)?.description
    }
}
