/// The boxes of an MPEG-4 file (ISO/IEC 14496-12 §4.2).
enum MPEG4Boxes {
    /// One of them.
    struct Box {
        /// Its four characters, in ISO 8859-1.
        let kind: String
        /// Where its content is in the file.
        let body: Range<Int>
    }

    /// Boxes in another one that are looked at.
    private static let most = 4096

    /// Finds the boxes in a part of a file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - range: The part; all of the file if left out.
    /// - Returns: The boxes.
    /// - Throws: ``SoundProblem`` if one is longer than that; errors of the file.
    static func of(_ file: any ByteSource, in range: Range<Int>? = nil) throws -> [Box] {
        let end = range?.upperBound ?? file.byteCount
        var at = range?.lowerBound ?? 0
        var boxes: [Box] = []
        while at <= end - 8, boxes.count < most {
            let head = try file.bytes(at..<(at + 16))
            guard head.count >= 8 else { break }
            var length = number(head[0..<4])
            var headSize = 8
            if length == 1, head.count == 16 {
                length = number(head[8..<16])
                headSize = 16
            } else if length == 0 {
                // At the top it goes on to the end; in another one it ends a list.
                guard range == nil else { break }
                length = end - at
            }
            guard length >= headSize else {
                throw SoundProblem("is damaged: at byte \(at) of it a box should begin")
            }
            guard length <= end - at else {
                throw SoundProblem(
                    range == nil
                        ? "is cut off: \(length - (end - at)) bytes of it are missing"
                        : "is damaged: the box at byte \(at) of it is longer than the one around it"
                )
            }
            let kind = String(String.UnicodeScalarView(head[4..<8].map { Unicode.Scalar($0) }))
            boxes.append(Box(kind: kind, body: (at + headSize)..<(at + length)))
            at += length
        }
        return boxes
    }

    /// The first box at the end of a path of boxes.
    ///
    /// - Returns: `nil` if there is none.
    static func first(_ path: [String], of file: any ByteSource, in range: Range<Int>) throws
        -> Range<Int>?
    {
        var range = range
        for kind in path {
            guard let next = try of(file, in: range).first(where: { $0.kind == kind }) else {
                return nil
            }
            range = next.body
        }
        return range
    }

    /// A number with its high byte first; one that no file needs is too large for all that is compared
    /// with it.
    static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(clamping: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
