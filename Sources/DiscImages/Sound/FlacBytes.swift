import LibCodecs
import LibCrypto
import Transfer

/// The samples of a FLAC file, unpacked where they are read.
final class FlacBytes: ByteSource, SummedBytes {
    private static let sampleSize = 4

    let name: String
    let byteCount: Int
    /// What the file says of its audio.
    let format: FLACFormat
    private let decoder: FLACDecoder
    private let file: any ByteSource
    private var isProven = false
    private var isSummed = false
    /// The sum of what was read in order from the beginning on, and how much that was.
    private var digest: Digest?
    private var passed = 0

    /// Opens a file; its audio counts for nothing unless it is that of a CD.
    ///
    /// - Throws: `FLACError` where it is damaged.
    init(_ file: any ByteSource) throws {
        decoder = try FLACDecoder(byteCount: file.byteCount) { offset, buffer in
            try file.read(at: offset, into: &buffer)
        }
        self.file = file
        name = file.name
        format = decoder.format
        let (bytes, overflow) = format.samples.multipliedReportingOverflow(by: Self.sampleSize)
        byteCount = overflow ? 0 : bytes
    }

    func checkSums(_ cancellation: Cancellation?) throws {
        guard !isProven else { return }
        try Self.prove(file, cancellation)
        isProven = cancellation?.isRequested != true
    }

    func sumAsRead() { isSummed = format.md5 != nil && !isProven }

    /// Adds to the sum what follows what it is of, and holds the whole against the file's.
    ///
    /// What it finds is only that all is right: what is wrong, a pass over the file tells in its words.
    private func sum(_ bytes: Span<UInt8>, at offset: Int) {
        guard isSummed, !isProven else { return }
        if offset == 0 {
            digest = try? Digest(.md5)
            passed = 0
        }
        guard offset == passed else { return }
        digest?.update(bytes)
        passed += bytes.count
        // Behind the last block there might be samples that the header does not count.
        guard passed == byteCount, decoder.isAtEnd else { return }
        let found = digest?.sumSoFar()?.bytes
        isProven = found != nil && found == format.md5
    }

    /// Unpacks a FLAC file of any form, and holds it against what its header says of it.
    ///
    /// - Throws: `FLACError` if that is not so; errors of the file.
    static func prove(_ file: any ByteSource, _ cancellation: Cancellation?) throws {
        try FLACDecoder.prove(
            byteCount: file.byteCount,
            isStopped: { cancellation?.isRequested == true },
            { offset, buffer in try file.read(at: offset, into: &buffer) }
        )
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        let wanted = min(buffer.count, byteCount - offset)
        let skipped = offset % Self.sampleSize
        do {
            if skipped == 0, wanted % Self.sampleSize == 0 {
                var part = buffer._mutatingExtracting(0..<wanted)
                let got = try decoder.read(at: offset / Self.sampleSize, into: &part)
                sum(part.span.extracting(0..<got), at: offset)
                return got
            }
            // Someone looks at bytes that are no whole samples.
            let count = (skipped + wanted + Self.sampleSize - 1) / Self.sampleSize
            var bytes = [UInt8](repeating: 0, count: count * Self.sampleSize)
            var span = bytes.mutableSpan
            let got = try decoder.read(at: offset / Self.sampleSize, into: &span) - skipped
            for i in 0..<max(0, min(wanted, got)) { buffer[i] = bytes[skipped + i] }
            return max(0, min(wanted, got))
        } catch let error as FLACError {
            throw UnreadableBytes(reason: "\(name) \(error) at byte \(offset) of its audio")
        }
    }
}
