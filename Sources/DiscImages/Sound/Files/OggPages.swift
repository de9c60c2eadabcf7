import Transfer

/// The pages of an Ogg file (RFC 3533 §6), to see that it is whole, and that it is one piece.
///
/// Decoders take what is there: the end of a file that is cut off goes without a word, and so do the
/// pieces behind the first one.
struct OggPages {
    private let file: FileBytes
    private var at: Int
    /// Whether a page came that begins no stream: all streams of one piece begin before it (§4).
    private var isBegun = false
    /// Whether the page before this one says that it is the last of its stream.
    private var isEnded = false

    private static let mark = Array("OggS".utf8)
    /// Bytes of a page before its table of segments.
    private static let headerSize = 27
    /// No page has more bytes before its content.
    private static let longestHeader = headerSize + 255
    /// Bytes that are looked through at once.
    private static let piece = 1 << 16

    /// Looks at all pages.
    ///
    /// - Parameters:
    ///   - file: Any file; nothing is said of those that are not Ogg.
    ///   - cancellation: A wish to stop; the rest is then not looked at.
    /// - Throws: ``SoundProblem`` if some of it is missing or damaged, or it holds several pieces; errors
    ///   of the file.
    static func check(_ file: FileBytes, _ cancellation: Cancellation?) throws {
        let tag = try AudioKind.tagSize(of: file)
        guard try file.bytes(tag..<(tag + 4)) == mark else { return }
        var pages = OggPages(file: file, at: tag)
        while pages.at < file.byteCount, cancellation?.isRequested != true {
            guard try pages.step() else { break }
        }
        guard cancellation?.isRequested == true || pages.isEnded else {
            throw SoundProblem("is cut off: its last page is missing")
        }
    }

    private init(file: FileBytes, at: Int) {
        self.file = file
        self.at = at
    }

    /// Looks at the next page.
    ///
    /// - Returns: `false` where no page follows any more, and none has to.
    private mutating func step() throws -> Bool {
        let head = try file.bytes(at..<(at + Self.longestHeader))
        guard head.starts(with: Self.mark.prefix(head.count)) else {
            // What other programs put behind the end, such as tags, is no part of it.
            if isEnded, try !hasPage(from: at) { return false }
            throw SoundProblem("is damaged: at byte \(at) of it a page should begin")
        }
        let length = Self.length(of: head)
        guard let length, length <= file.byteCount - at else {
            throw SoundProblem("is cut off: its last page is not whole")
        }
        let page = try file.bytes(at..<(at + length))
        guard page.count == length else {
            throw SoundProblem("is cut off: its last page is not whole")
        }
        guard Self.sum(of: page) == Self.number(page[22..<26]) else {
            throw SoundProblem("is damaged: the page at byte \(at) of it fails its checksum")
        }
        let isFirst = page[5] & 2 != 0
        guard !isFirst || !isBegun else { throw SoundProblem.severalPieces }
        isBegun = isBegun || !isFirst
        isEnded = page[5] & 4 != 0
        at += length
        return true
    }

    /// The length of a page; `nil` if its header is not whole.
    private static func length(of page: [UInt8]) -> Int? {
        guard page.count >= headerSize else { return nil }
        let segments = Int(page[headerSize - 1])
        guard page.count >= headerSize + segments else { return nil }
        let table = page[headerSize..<(headerSize + segments)]
        return headerSize + segments + table.reduce(0) { $0 + Int($1) }
    }

    private func hasPage(from place: Int) throws -> Bool {
        var at = place
        while at < file.byteCount {
            let bytes = try file.bytes(at..<(at + Self.piece))
            guard bytes.count > Self.mark.count else { return false }
            for i in 0...(bytes.count - Self.mark.count)
            where bytes[i] == Self.mark[0] && bytes[i..<(i + 4)].elementsEqual(Self.mark) {
                return true
            }
            at += bytes.count - Self.mark.count + 1
        }
        return false
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The checksum of a page, in which its own place counts as zeros: a CRC of 32 bits whose bits come
    /// in their natural order, which is not that of zlib.
    private static func sum(of page: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for (i, byte) in page.enumerated() {
            let byte = (22..<26).contains(i) ? 0 : byte
            sum = sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 24) ^ byte)]
        }
        return sum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { sum, _ in
            sum & 0x8000_0000 == 0 ? sum << 1 : sum << 1 ^ 0x04C1_1DB7
        }
    }
}
