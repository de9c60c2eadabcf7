import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// An image that is packed while it is written: its sectors become one run of bytes.
///
/// The file gets its name when all is written; until then it ends in “.part”.
final class PackedImage: DiscSink {
    let requests: [SectorRequest]
    private let placements: [Placement]
    private let written: UnfinishedFiles
    private let make: (File, Int) throws -> any PackedWriter
    private var writer: (any PackedWriter)?
    private var offset = 0

    /// The file, on its way to its name.
    var unfinished: UnfinishedFiles? { written }

    /// Plans an image; ``begin()`` makes its file.
    ///
    /// - Parameters:
    ///   - path: The image's file.
    ///   - placements: Where in the run of bytes which sectors go, in order; what lies between is
    ///     zeros.
    ///   - options: Whether a file that is there may be replaced.
    ///   - make: Makes what packs the bytes, of the file and the number of bytes that will come.
    /// - Throws: The system's error where the file is there already.
    init(
        _ path: FilePath,
        _ placements: [Placement],
        _ options: ImageOptions,
        make: @escaping (File, Int) throws -> any PackedWriter
    ) throws {
        self.placements = placements.filter { !$0.sectors.isEmpty }
        requests = self.placements.map { SectorRequest($0.sectors, $0.form) }
        written = try UnfinishedFiles([path], replaces: options.replaces)
        self.make = make
    }

    func begin() throws {
        for file in try written.begin() {
            writer = try make(file, placements.last?.end ?? 0)
        }
    }

    /// The data tracks of a disc as a run of 2048-byte sectors, as a plain image has them.
    static func userData(of disc: any DiscSource, _ path: FilePath, _ format: String) throws
        -> [Placement]
    {
        let data = disc.layout.tracks.filter { $0.mode.isData && $0.length > 0 }
        guard let first = data.first else {
            throw ImageFormatError(
                path.lastComponent?.string ?? path.string,
                format,
                "the disc",
                "has no data track, and there is no place for audio"
            )
        }
        return data.map { track in
            Placement(
                track.start.rawValue..<track.end.rawValue,
                .user,
                offset: (track.start - first.start) * SectorForm.user.size
            )
        }
    }

    func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        guard let writer, let place = placements.first(where: { $0.sectors.contains(address) })
        else { return }
        let begin = place.offset + (address - place.sectors.lowerBound) * place.form.size
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        while offset < begin {
            let count = min(zeros.count, begin - offset)
            try writer.append(zeros.span.extracting(0..<count))
            offset += count
        }
        try writer.append(sectors)
        offset += sectors.count
    }

    func complete() throws {
        try writer?.finish()
        writer = nil
        try written.complete()
    }

    func abandon() {
        writer = nil
        written.abandon()
    }

    deinit {
        abandon()
    }
}
