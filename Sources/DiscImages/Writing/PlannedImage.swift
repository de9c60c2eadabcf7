import DiscModel
public import LinuxCalls
public import SystemPackage
public import Transfer

/// An image that is written by a plan: where which sectors go, and what the descriptors say.
///
/// The files get their names when all is written; until then they end in “.part”.
public final class PlannedImage: DiscSink {
    /// A file of bytes that are known beforehand: a sheet, or a header within another file.
    public struct Text: Sendable {
        /// The number of the file.
        public var file: Int
        /// Where the bytes go.
        public var offset: Int
        /// The bytes.
        public var bytes: [UInt8]

        /// Creates a piece of a file.
        public init(file: Int, offset: Int = 0, bytes: [UInt8]) {
            self.file = file
            self.offset = offset
            self.bytes = bytes
        }
    }

    /// What the image wants of the disc.
    public let requests: [SectorRequest]
    /// The files, in the order in which the plan counts them.
    public var paths: [FilePath] { written.paths }
    private let placements: [Placement]
    private let texts: [Text]
    /// What makes the packers of packed files.
    private let packed: [Int: (File) throws -> any PackedWriter]
    /// What packs the bytes of files that are packed, which come in order.
    private var packers: [Int: any PackedWriter] = [:]
    /// What measures the files as they are packed; `nil` if nothing does.
    private let gain: AlbumGain?
    /// How loud the files are, when they are complete; `nil` if that is not measured.
    public var loudness: AlbumLoudness? { gain?.loudness }
    private let written: UnfinishedFiles
    private var open: [File] = []
    /// Whether the files are those that an earlier process left.
    private var isTakenUp = false
    /// Whether there may be something where sectors are written.
    private var isRewriting = false
    /// How far each file was written.
    private var reached: [Int]
    /// How far each file is on its way to the storage.
    private var early: [EarlyWriting]

    /// Any, unless some files are packed.
    public var order: SinkOrder { packed.isEmpty ? .any : .asAsked }

    /// The files, on their way to their names.
    public var unfinished: UnfinishedFiles? { written }

    /// The bytes that the files will have, but for holes; not known where some are packed.
    public var byteCount: Int? { packed.isEmpty ? ends.reduce(0, +) : nil }

    /// The size of each file.
    private var ends: [Int] {
        var ends = [Int](repeating: 0, count: paths.count)
        for text in texts { ends[text.file] = max(ends[text.file], text.offset + text.bytes.count) }
        for place in placements {
            ends[place.file] = max(ends[place.file], place.end ?? 0)
            guard let side = place.subchannel else { continue }
            let end = side.offset + (place.sectors.count - 1) * side.stride + side.form.size
            ends[side.file] = max(ends[side.file], end)
        }
        return ends
    }

    /// Plans an image; ``begin()`` makes its files.
    ///
    /// - Parameters:
    ///   - paths: The image's files.
    ///   - placements: Where the sectors go, in any order.
    ///   - texts: What else goes into the files.
    ///   - options: Whether files that are there may be replaced.
    /// - Throws: `SystemError` where a file is there already.
    public convenience init(
        paths: [FilePath],
        placements: [Placement],
        texts: [Text],
        options: ImageOptions
    ) throws {
        try self.init(
            paths: paths,
            placements: placements,
            texts: texts,
            options: options,
            packed: [:]
        )
    }

    /// Plans an image some of whose files are packed while they are written.
    ///
    /// - Parameters:
    ///   - paths: The image's files.
    ///   - placements: Where the sectors go; those of packed files are in order, and their places
    ///     count for nothing.
    ///   - texts: What else goes into the files.
    ///   - options: Whether files that are there may be replaced.
    ///   - packed: What makes the packers of packed files.
    ///   - gain: What measures them; `nil` if nothing does.
    /// - Throws: `SystemError` where a file is there already.
    init(
        paths: [FilePath],
        placements: [Placement],
        texts: [Text],
        options: ImageOptions,
        packed: [Int: (File) throws -> any PackedWriter],
        gain: AlbumGain? = nil
    ) throws {
        self.gain = gain
        self.placements = placements.filter { !$0.sectors.isEmpty }
        self.texts = texts
        requests = self.placements.map {
            SectorRequest($0.sectors, $0.form, wantsSubchannel: $0.subchannel != nil)
        }
        written = try UnfinishedFiles(
            paths,
            replaces: options.replaces,
            survives: options.survives && packed.isEmpty,
            adopts: options.resumes && packed.isEmpty
        )
        self.packed = packed
        reached = [Int](repeating: 0, count: paths.count)
        early = [EarlyWriting](repeating: EarlyWriting(), count: paths.count)
    }

    // MARK: Going on

    /// Takes up files that an earlier process left.
    public func takeUp(_ files: [File]) -> RangeSet<Int> {
        guard order == .any, files.count == paths.count else { return RangeSet() }
        isTakenUp = true
        open = files
        let sizes = files.map { (try? $0.status().size) ?? 0 }
        var held = RangeSet<Int>()
        for place in placements {
            var count =
                (sizes[place.file] - place.offset + place.stride - place.form.size)
                / place.stride
            if let side = place.subchannel {
                let space = side.stride - side.form.size
                count = min(count, (sizes[side.file] - side.offset + space) / side.stride)
            }
            let start = place.sectors.lowerBound
            held.insert(contentsOf: start..<start + max(0, min(place.sectors.count, count)))
        }
        return held
    }

    /// Reads sectors from where they were written.
    public func read(
        into buffer: inout MutableSpan<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws -> Bool {
        guard order == .any, let place = place(of: address), open.indices.contains(place.file)
        else { return false }
        let size = place.form.size
        let file = open[place.file]
        let offset = place.offset + (address - place.sectors.lowerBound) * place.stride
        let count = buffer.count / size
        var got = 0
        if place.stride == size {
            got = try file.read(at: offset, into: &buffer)
        } else {
            for i in 0..<count {
                var sector = buffer._mutatingExtracting(i * size..<(i + 1) * size)
                got = i * size + (try file.read(at: offset + i * place.stride, into: &sector))
            }
        }
        Bytes.fill(&buffer, got..<buffer.count, with: 0)
        if place.isBigEndian { Samples.swap(&buffer) }
        return true
    }

    /// Learns that zeros which come now are not there already.
    public func beginRewriting() { isRewriting = true }

    /// Makes each file as long as what was written reaches.
    public func settle() throws {
        for (file, end) in zip(open, reached) where try file.status().size < end {
            try file.setSize(end)
        }
    }

    /// Makes the files.
    ///
    /// - Throws: `SystemError` where one can't be made.
    public func begin() throws {
        open = try isTakenUp ? written.adopt() : written.begin()
        for (file, make) in packed where open.indices.contains(file) {
            packers[file] = try make(open[file])
        }
    }

    /// Puts sectors into their places.
    public func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        guard let place = place(of: address) else { return }
        let index = address - place.sectors.lowerBound
        let offset = place.offset + index * place.stride
        if place.isBigEndian {
            var swapped = [UInt8](repeating: 0, count: sectors.count)
            var span = swapped.mutableSpan
            Bytes.copy(sectors, to: &span)
            Samples.swap(&span)
            try write(swapped.span, place, offset)
        } else {
            try write(sectors, place, offset)
        }
        guard let side = place.subchannel else { return }
        var bytes: [UInt8] = []
        for i in 0..<(subchannel.count / 96) {
            let piece = subchannel.extracting((i * 96)..<(i * 96 + 96))
            let sector = (0..<96).map { piece[$0] }
            bytes = Self.kept(sector, side.form)
            let at = side.offset + (index + i) * side.stride
            try open[side.file].write(bytes.span, at: at)
            reached[side.file] = max(reached[side.file], at + bytes.count)
        }
    }

    private func place(of address: Int) -> Placement? {
        placements.first { $0.sectors.contains(address) }
    }

    /// Takes sectors out of another file, where they lie one behind the other in this image, too.
    public func copy(_ bytes: FileRange, at address: Int, for request: SectorRequest) throws
        -> FileRange?
    {
        guard let place = place(of: address), place.form == request.form,
            place.stride == place.form.size, !place.isBigEndian, packed[place.file] == nil
        else { return nil }
        let rest = place.sectors.upperBound - address
        let offset = place.offset + (address - place.sectors.lowerBound) * place.stride
        let copied = try open[place.file].copySparsely(
            bytes.prefix(rest * place.stride),
            to: offset
        )
        guard copied >= place.stride else { return nil }
        let whole = copied / place.stride * place.stride
        early[place.file].reach(offset + whole, in: open[place.file])
        return FileRange(open[place.file], offset: offset, count: whole)
    }

    private static func kept(_ sector: [UInt8], _ form: Placement.Subchannel.Form) -> [UInt8] {
        switch form {
        case .interleaved: sector
        case .linear: SubchannelOrder.linear(sector)
        case .q: Array(SubchannelOrder.linear(sector)[12..<24]) + [0, 0, 0, 0]
        }
    }

    private func write(_ bytes: Span<UInt8>, _ place: Placement, _ offset: Int) throws {
        if let packer = packers[place.file] { return try packer.append(bytes) }
        let size = place.form.size
        let count = bytes.count / size
        if place.stride != size {
            for i in 0..<count {
                try open[place.file].write(
                    bytes.extracting((i * size)..<((i + 1) * size)),
                    at: offset + i * place.stride
                )
            }
        } else if isTakenUp || isRewriting {
            // What an earlier process left, or came before, need not be zeros.
            try open[place.file].write(bytes, at: offset)
        } else {
            try open[place.file].writeSparsely(bytes, at: offset)
        }
        let end = offset + (count - 1) * place.stride + size
        reached[place.file] = max(reached[place.file], end)
        early[place.file].reach(end, in: open[place.file])
    }

    /// Writes the descriptors, and has all of it on the storage.
    public func complete() throws {
        for packer in packers.values { try packer.finish() }
        try gain?.finish(open)
        for text in texts { try open[text.file].write(text.bytes.span, at: text.offset) }
        // A file that ends with zeros ends with a hole.
        for (number, end) in ends.enumerated() where packers[number] == nil {
            try open[number].setSize(end)
        }
        packers.removeAll()
        try written.complete()
    }

    /// Takes the files away.
    public func abandon() {
        packers.removeAll()
        open.removeAll()
        written.abandon()
    }
}
