import LibCrypto
import Transfer

/// The head of a file of Monkey's Audio from version 3.98 on, and what it says of the rest.
struct MonkeysAudio {
    /// Bits of a sample.
    let bits: Int
    /// Samples of a channel.
    let samples: Int

    private let head: [UInt8]
    private let start: Int
    /// Lengths of the parts of the file: its description, its head, the table of its frames, and the rest.
    private let lengths: [Int]

    /// Versions before this one have another head.
    private static let firstVersion = 3980
    private static let piece = 1 << 18

    /// Reads the head.
    ///
    /// - Throws: ``SoundProblem`` if it is of an old version, or not whole; errors of the file.
    init(_ file: any ByteSource) throws {
        start = try AudioKind.tagSize(of: file)
        head = try file.bytes(start..<(start + 4096))
        let fields = BinaryFields(file.name, "Monkey's Audio", head)
        let version = try Self.read { try fields.u16(4, "the version") }
        guard version >= Self.firstVersion else {
            throw SoundProblem(
                "is Monkey's Audio of an old version (\(version / 1000).\(version % 1000 / 10)), which is not decoded",
                advice: "Unpack it to WAVE or FLAC first."
            )
        }
        let numbers = try Self.read { try (0..<7).map { try fields.u32(8 + 4 * $0, "a length") } }
        let (description, header, table) = (numbers[0], numbers[1], numbers[2])
        let audio = numbers[4] | (numbers[5] & 0xFF) << 32
        guard numbers[5] < 0x100, description >= 52, header >= 24,
            description + header <= head.count
        else {
            throw SoundProblem("is damaged: its head makes no sense")
        }
        lengths = [description, header, table, numbers[3] + audio + numbers[6]]
        bits = try Self.read { try fields.u16(description + 16, "the bits") }
        let (frame, last, frames) = try Self.read {
            (
                try fields.u32(description + 4, "a frame"),
                try fields.u32(description + 8, "a frame"),
                try fields.u32(description + 12, "frames")
            )
        }
        guard frames > 0, last <= frame, frames < 1 << 24 else {
            throw SoundProblem("has no audio in it, or is damaged")
        }
        samples = (frames - 1) * frame + last
    }

    private static func read<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch is ImageFormatError {
            throw SoundProblem("is cut off: its head is not whole")
        }
    }

    /// Holds the file against its MD5: that of all after its head, then of the head and the table.
    ///
    /// - Throws: ``SoundProblem`` if that is another one; errors of the file.
    func prove(_ file: any ByteSource, _ cancellation: Cancellation?) throws {
        let body = start + lengths[0] + lengths[1] + lengths[2]
        let end = body + lengths[3]
        guard end <= file.byteCount else {
            throw SoundProblem("is cut off: \(end - file.byteCount) bytes of it are missing")
        }
        let claimed = Array(head[36..<52])
        // Some programs leave it out; a system that offers no MD5 checks none.
        guard claimed.contains(where: { $0 != 0 }), var digest = try? Digest(.md5) else { return }
        for range in [body..<end, (start + lengths[0])..<body] {
            for at in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece) {
                guard cancellation?.isRequested != true else { return }
                let bytes = try file.bytes(at..<min(range.upperBound, at + Self.piece))
                digest.update(bytes.span)
            }
        }
        let sum = digest.finish()
        guard sum.bytes == claimed else {
            throw SoundProblem("is damaged: it does not have its own checksum (MD5)")
        }
    }
}
