import LinuxCalls

/// What the CUETools Database answers of a disc: an XML text with an element for each submission.
public struct CTDBAnswer: Hashable, Sendable {
    /// A rip, or several that were the same.
    public struct Entry: Hashable, Sendable {
        /// Its number in the database.
        public let id: String
        /// The CRC-32 of the disc's audio without both ends.
        public let crc32: UInt32
        /// How many rips were the same.
        public let confidence: Int
        /// How many syndromes of each column the database keeps; zero if none.
        public let parityRows: Int
        /// The syndromes of the first column; `nil` if the answer has none.
        public let syndrome: [UInt16]?
        /// Where the parity of all columns is; `nil` if the database keeps none.
        public let parityLocation: String?
        /// The CRC-32 of each track; `nil` if the answer has none.
        public let trackCRCs: [UInt32]?
        /// Where the audio tracks begin, and where the last one ends; the latter is the last
        /// lead-out, where data follow.
        public let toc: [Int]

        /// The name of the file with its parity, as the server has it.
        ///
        /// It has letters, digits, points, dashes and underscores alone, so that it leads nowhere else.
        public var parityFileName: String? {
            guard parityLocation != nil, !id.isEmpty, id.first != ".",
                id.utf8.allSatisfy({ byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                        UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                })
            else { return nil }
            return id
        }
    }

    /// The entries in the answer's order.
    public let entries: [Entry]

    /// No answer is as large.
    public static let mostBytes = 16 << 20
    private static let mostEntries = 10_000

    /// Reads an answer's bytes, which may hold anything.
    ///
    /// - Throws: ``AnswerProblem`` if they are no answer, or a part of one.
    public init(parsing bytes: [UInt8]) throws(AnswerProblem) {
        if let problem = AnswerProblem(instead: bytes) { throw problem }
        guard bytes.count <= Self.mostBytes else { throw .tooLarge }
        var scanner = MarkupScanner(bytes)
        guard case .start(let root)? = try scanner.next() else { throw .malformed("it has no XML") }
        guard root.name == "ctdb" else {
            throw .malformed("its root is “\(root.name.prefix(40))” and not “ctdb”")
        }
        var entries: [Entry] = []
        var isWhole = root.isEmpty
        while !isWhole, let token = try scanner.next() {
            switch token {
            case .start(let element) where element.name == "entry":
                guard entries.count < Self.mostEntries else { throw .tooLarge }
                entries.append(try Entry(element.attributes))
            case .end("ctdb"): isWhole = true
            case .start, .end: break
            }
        }
        guard isWhole else { throw .truncated }
        self.entries = entries
    }

    /// The entries of a disc: an answer to a question that was not exact has those of others, too.
    public func entries(of toc: AudioTOC) -> [Entry] {
        let audio = toc.audio
        let starts = audio.map(\.start)
        return entries.filter { entry in
            guard let origin = entry.toc.first, entry.toc.count == starts.count + 1 else {
                return false
            }
            let own = starts.map { $0 - (starts.first ?? 0) }
            guard entry.toc.dropLast().map({ $0 - origin }) == own else { return false }
            // What data follow is not known of all entries; the sums are over the audio.
            let end = (entry.toc.last ?? 0) - origin
            let sound = (audio.last?.end ?? 0) - (starts.first ?? 0)
            let all = toc.leadOut - (starts.first ?? 0)
            return end == sound || end == all
        }
    }
}

extension CTDBAnswer.Entry {
    /// Takes an entry's attributes.
    fileprivate init(_ attributes: [String: String]) throws(AnswerProblem) {
        guard let crc32 = attributes["crc32"].flatMap({ Hexadecimal.word($0) }) else {
            throw .malformed("an entry has no CRC-32")
        }
        guard let confidence = attributes["confidence"].flatMap({ Int($0) }), confidence >= 0,
            confidence <= Int(Int32.max)
        else { throw .malformed("an entry has no confidence") }
        guard let toc = Self.toc(attributes["toc"] ?? "") else {
            throw .malformed("an entry has no table of contents")
        }
        self.crc32 = crc32
        self.confidence = confidence
        self.toc = toc
        id = attributes["id"] ?? ""
        let isUsual = (attributes["stride"].flatMap { Int($0) } ?? 5880) == 5880
        let syndrome = attributes["syndrome"].flatMap { Base64.decode($0) }
        self.syndrome = !isUsual ? nil : syndrome.flatMap { Self.words($0.prefix(64)) }
        let rows = attributes["npar"].flatMap { Int($0) } ?? 0
        parityRows = isUsual ? max(0, min(rows, 64)) : 0
        let location = attributes["hasparity"] ?? ""
        parityLocation = location.isEmpty || parityRows == 0 ? nil : location
        let sums = (attributes["trackcrcs"] ?? "").split(separator: " ").prefix(100).map {
            Hexadecimal.word($0)
        }
        trackCRCs = sums.isEmpty || sums.contains(nil) ? nil : sums.compactMap(\.self)
    }

    private static func words(_ bytes: some Collection<UInt8>) -> [UInt16]? {
        let bytes = Array(bytes)
        guard bytes.count >= 2, bytes.count % 2 == 0 else { return nil }
        return stride(from: 0, to: bytes.count, by: 2).map {
            UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
        }
    }

    /// The starts of the audio tracks, and the lead-out.
    private static func toc(_ text: String) -> [Int]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...100).contains(parts.count) else { return nil }
        var numbers: [Int] = []
        for (index, part) in parts.enumerated() {
            let isData = part.hasPrefix("-")
            guard let number = Int(isData ? part.dropFirst() : part),
                (0...(1 << 20)).contains(number)
            else { return nil }
            if !isData || index == parts.count - 1 { numbers.append(number) }
        }
        return numbers.count >= 2 ? numbers : nil
    }
}
