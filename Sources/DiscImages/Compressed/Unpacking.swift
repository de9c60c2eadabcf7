import LibCodecs
import LinuxCalls

/// Unpacks a compressed file into one without a name.
final class Unpacking {
    /// Bytes that are read and written at once.
    private static let piece = 1 << 18
    /// Zeros are left out in pieces of this size.
    private static let page = 1 << 16
    /// No disc is larger: BDXL has 128 GB, and raw sectors with subchannel a fifth more.
    private static let largest = 160 << 30
    /// A file may unpack to this much, and to so many times its size: more is a bomb.
    ///
    /// Deflate's best is 1032.
    private static let granted = (bytes: 1 << 28, times: 2048)

    /// Bytes behind the packed data that are none.
    private(set) var trailing = 0
    /// What was odd about the file: a sentence each.
    var warnings: [String] {
        trailing > 0 ? ["After the packed data lie \(trailing) more bytes."] : []
    }

    private let base: any ByteSource
    private let codec: Codec
    private let format: String
    private var place = 0
    private var size = 0

    init(_ base: any ByteSource, _ codec: Codec, format: String) {
        self.base = base
        self.codec = codec
        self.format = format
    }

    private func error(_ problem: String) -> ImageFormatError {
        ImageFormatError(base.name, format, "the packed data", at: place, problem)
    }

    /// Unpacks all.
    ///
    /// - Returns: The file without a name.
    /// - Throws: ``ImageFormatError`` if it can't be unpacked to its end; `NamelessFileError` if there is no place
    ///   for it; errors of the file.
    func run() throws -> File {
        let limit = min(
            Self.largest,
            Self.granted.bytes + min(base.byteCount, Self.largest) * Self.granted.times
        )
        let target = try NamelessFile()
        let unpacker = try Unpacker(codec)
        var output = [UInt8](repeating: 0, count: Self.piece)
        var input: [UInt8] = []
        var used = 0
        // Whether a stream has ended, and nothing of another one has come.
        var isBetween = false
        while true {
            if used == input.count {
                input = try base.bytes(place..<min(base.byteCount, place + Self.piece))
                used = 0
            }
            let isLast = input.isEmpty
            if isBetween {
                if isLast { break }
                if try !startsStream() {
                    let zeros = try zeros()
                    if place + zeros == base.byteCount {
                        trailing = codec.takesZerosAtEnd(zeros) ? 0 : zeros
                        break
                    }
                    place += zeros
                    guard codec == .xz, try startsStream() else {
                        place -= zeros
                        trailing = base.byteCount - place
                        break
                    }
                    guard zeros % 4 == 0 else {
                        throw error(
                            "have \(zeros) zero bytes between two streams, and only multiples of four may be there"
                        )
                    }
                    (input, used) = ([], 0)
                    try begin(unpacker)
                    isBetween = false
                    continue
                }
                try begin(unpacker)
                isBetween = false
            }
            var span = output.mutableSpan
            let step: UnpackingStep
            do {
                step = try unpacker.step(input.span.extracting(used...), into: &span)
            } catch {
                throw self.error("\(error)")
            }
            used += step.read
            place += step.read
            try write(output.span.extracting(0..<step.written), to: target)
            guard size <= limit else {
                throw error("unpack to more than \(limit) bytes, out of \(base.byteCount)")
            }
            if step.isEnd {
                isBetween = true
            } else if step.read == 0, step.written == 0 {
                if isLast { throw error("end too early") }
                // What is left is too little to go on with.
                let next = place + input.count - used
                let more = try base.bytes(next..<min(base.byteCount, next + Self.piece))
                guard !more.isEmpty else { throw error("end too early") }
                input = Array(input[used...]) + more
                used = 0
            }
        }
        try target.setSize(size)
        return target.file
    }

    private func begin(_ unpacker: Unpacker) throws {
        do { try unpacker.begin() } catch { throw self.error("\(error)") }
    }

    /// Whether another stream begins at the place behind the last one.
    private func startsStream() throws -> Bool {
        let rest = try base.bytes(place..<(place + 6))
        return switch codec {
        case .gzip: rest.starts(with: [0x1F, 0x8B])
        case .bzip2: rest.starts(with: Array("BZh".utf8))
        case .xz: rest.starts(with: [0xFD] + Array("7zXZ\0".utf8))
        default: ZstdMark.isFrame(rest) || ZstdMark.isSkippable(rest)
        }
    }

    /// How many zeros are at the place.
    private func zeros() throws -> Int {
        var end = place
        while end < base.byteCount {
            let bytes = try base.bytes(end..<min(base.byteCount, end + Self.piece))
            guard !bytes.isEmpty else { break }
            if let other = bytes.firstIndex(where: { $0 != 0 }) { return end + other - place }
            end += bytes.count
        }
        return end - place
    }

    private func write(_ bytes: Span<UInt8>, to file: NamelessFile) throws(NamelessFileError) {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.page)
            let part = bytes.extracting(start..<end)
            if !Bytes.areZero(part) { try file.write(part, at: size + start) }
            start = end
        }
        size += bytes.count
    }
}

extension Codec {
    /// Whether so many zeros may follow the packed data: xz has padding of four bytes each (The .xz
    /// File Format, 2.2), and gzip files are padded to the blocks of a tape.
    fileprivate func takesZerosAtEnd(_ count: Int) -> Bool {
        self == .gzip || self == .xz && count % 4 == 0
    }
}
