import Foundation

/// An image to burn, with what is known of it from other programs.
enum Image: String, CaseIterable, Sendable {
    /// A hybrid of ISO 9660 with an MBR, whose partition ends with the image and whose volume ends
    /// 179 sectors before.
    case ipxe = "/usr/lib/ipxe/ipxe.iso"
    /// Its volume ends 150 sectors of zeros before the image does.
    case memtest32 = "/usr/lib/memtest86+/memtest86+ia32.iso"
    /// The same, and its size is a multiple of a DVD's blocks of 16 sectors.
    case memtest64 = "/usr/lib/memtest86+/memtest86+x64.iso"
    /// Noise, which holds no file system.
    case noise = "noise.img"
    /// Noise that ends in the middle of a sector.
    case oddNoise = "odd.img"

    /// Puts it into a test's directory.
    ///
    /// - Returns: Its bytes.
    func place(in scratch: Scratch) throws -> Data {
        switch self {
        case .ipxe, .memtest32, .memtest64:
            return try Data(contentsOf: URL(fileURLWithPath: rawValue))
        case .noise:
            let bytes = Noise.bytes(1500 * 2048, seed: 1)
            try scratch.write(bytes, to: rawValue)
            return bytes
        case .oddNoise:
            let bytes = Noise.bytes(1000 * 2048 + 777, seed: 2)
            try scratch.write(bytes, to: rawValue)
            return bytes
        }
    }

    /// The sectors of zeros in it behind what its file system and partitions claim; absent where
    /// nothing claims anything.
    var unclaimedZeros: Int? {
        switch self {
        case .ipxe: 0
        case .memtest32, .memtest64: 150
        case .noise, .oddNoise: nil
        }
    }

    /// The bytes that a rip owes, after the rule for where an image ends: `nil` where that is the
    /// whole capacity.
    func owed(_ bytes: Data, _ recording: Recording) -> Data? {
        let source = (bytes.count + 2047) / 2048
        let claimed = unclaimedZeros.map { source - $0 }
        if recording.medium == .dvdPlusRW {
            return claimed.map { bytes.prefix($0 * 2048) }
        }
        let track: Int
        let dropped: Int
        if recording.medium == .dvdPlusR {
            track = (source + 15) / 16 * 16
            dropped = 15
        } else if recording.isTrackAtOnce {
            track = source + 150
            dropped = 150
        } else {
            track = source
            dropped = 0
        }
        // All that follows the claimed end is zeros in these images.
        let end = claimed.map { track - $0 <= dropped ? $0 : track } ?? track
        if end * 2048 <= bytes.count { return bytes.prefix(end * 2048) }
        return bytes + Data(count: end * 2048 - bytes.count)
    }
}

/// Bytes without a pattern, the same for the same seed: Marsaglia’s xorshift64*, as Vigna gives it.
enum Noise {
    static func bytes(_ count: Int, seed: UInt64) -> Data {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var words: [UInt64] = []
        words.reserveCapacity(count / 8 + 1)
        for _ in 0...(count / 8) {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            words.append(state &* 0x2545_F491_4F6C_DD1D)
        }
        var bytes = Data(capacity: words.count * 8)
        for word in words {
            var word = word
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return bytes.prefix(count)
    }
}
