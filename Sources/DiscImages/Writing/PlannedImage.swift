import DiscModel
import LinuxCalls
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
    public let paths: [FilePath]
    private let placements: [Placement]
    private let texts: [Text]
    private let files: [File]
    /// What packs the bytes of files that are packed, which come in order.
    private var packers: [Int: any PackedWriter] = [:]
    private var isOpen = true

    /// Makes the files.
    ///
    /// - Parameters:
    ///   - paths: The image's files.
    ///   - placements: Where the sectors go, in any order.
    ///   - texts: What else goes into the files.
    ///   - options: Whether files that are there may be replaced.
    /// - Throws: `SystemError` where a file can't be made, or is there already.
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

    /// Makes the files, some of which are packed while they are written.
    ///
    /// - Parameters:
    ///   - paths: The image's files.
    ///   - placements: Where the sectors go; those of packed files are in order, and their places
    ///     count for nothing.
    ///   - texts: What else goes into the files.
    ///   - options: Whether files that are there may be replaced.
    ///   - packed: What makes the packers of packed files.
    /// - Throws: `SystemError` where a file can't be made, or is there already.
    init(
        paths: [FilePath],
        placements: [Placement],
        texts: [Text],
        options: ImageOptions,
        packed: [Int: (File) throws -> any PackedWriter]
    ) throws {
        self.paths = paths
        self.placements = placements.filter { !$0.sectors.isEmpty }
        self.texts = texts
        requests = self.placements.map {
            SectorRequest($0.sectors, $0.form, wantsSubchannel: $0.subchannel != nil)
        }
        if !options.replaces {
            for path in paths where FileSystem.exists(path) {
                // 17 is EEXIST.
                throw SystemError(errno: 17, call: "open", path: path.string)
            }
        }
        var files: [File] = []
        do {
            for path in paths { files.append(try File(Self.unfinished(path), .replace)) }
            for (file, make) in packed where files.indices.contains(file) {
                packers[file] = try make(files[file])
            }
        } catch {
            for path in paths.prefix(files.count) { try? FileSystem.remove(Self.unfinished(path)) }
            throw error
        }
        self.files = files
    }

    private static func unfinished(_ path: FilePath) -> FilePath { FilePath("\(path).part") }

    /// Puts sectors into their places.
    public func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        guard let place = placements.first(where: { $0.sectors.contains(address) }) else { return }
        let count = sectors.count / place.form.size
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
        for i in 0..<count {
            let piece = subchannel.extracting((i * 96)..<(i * 96 + 96))
            let sector = (0..<96).map { piece[$0] }
            bytes = Self.kept(sector, side.form)
            try files[side.file].write(bytes.span, at: side.offset + (index + i) * side.stride)
        }
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
        if place.stride == size {
            try files[place.file].write(bytes, at: offset)
            return
        }
        for i in 0..<(bytes.count / size) {
            try files[place.file].write(
                bytes.extracting((i * size)..<((i + 1) * size)),
                at: offset + i * place.stride
            )
        }
    }

    /// Writes the descriptors and gives the files their names.
    public func finish() throws {
        for packer in packers.values { try packer.finish() }
        for text in texts { try files[text.file].write(text.bytes.span, at: text.offset) }
        for path in paths { try FileSystem.rename(Self.unfinished(path), to: path) }
        isOpen = false
    }

    /// Takes the files away.
    public func abandon() {
        guard isOpen else { return }
        isOpen = false
        for path in paths { try? FileSystem.remove(Self.unfinished(path)) }
    }

    deinit {
        abandon()
    }
}
