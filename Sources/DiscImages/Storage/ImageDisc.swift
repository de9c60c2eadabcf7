public import DiscModel
import LibCodecs
public import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// The disc in an image: sessions and tracks, and where the files keep which sectors.
///
/// What it was made from is not trusted: layout and places are checked when it is made.
public final class ImageDisc: DiscSource {
    /// The kind of disc that the image fits on.
    public let medium: MediumKind
    /// Sessions and tracks.
    public let layout: DiscLayout
    /// How the image was known: a sentence each.
    public private(set) var evidence: [String]
    /// What is odd about the image: a sentence each.
    public private(set) var warnings: [String]
    /// The size of the data in bytes, where it is known to end within a sector.
    public let dataByteCount: Int?

    /// Why some of its audio can't be had, where the rest was opened without it; `nil` if nothing is
    /// missing.
    let soundProblem: ImageFormatError?

    /// The audio files that it is made of, and what is done to them; empty of other images.
    public internal(set) var sounds: [PlannedSound] = []

    /// The files that the image is made of, as far as they are known.
    public var paths: [FilePath] { files.flatMap(\.paths) }

    let files: [any ByteSource]
    let placements: [Placement]
    private var containerChecks: [() throws -> Void] = []

    /// Makes a disc of what a descriptor says.
    ///
    /// - Parameters:
    ///   - medium: The kind of disc.
    ///   - layout: Sessions and tracks, as the descriptor has them.
    ///   - files: The image's files, or what a codec makes of them.
    ///   - placements: Where the sectors lie; sectors that have no place are silent, or zeros.
    ///   - evidence: How the image was known.
    ///   - warnings: What is odd about it; a file that ends early is added.
    ///   - dataByteCount: The size of the data, where it ends within a sector.
    ///   - soundProblem: Why some of its audio can't be had.
    /// - Throws: `LayoutProblem` where no disc can be like that.
    public init(
        medium: MediumKind,
        layout: DiscLayout,
        files: [any ByteSource],
        placements: [Placement],
        evidence: [String] = [],
        warnings: [String] = [],
        dataByteCount: Int? = nil,
        soundProblem: ImageFormatError? = nil
    ) throws(LayoutProblem) {
        self.soundProblem = soundProblem
        self.medium = medium
        self.layout = try layout.checked(isCD: medium.facts.family == .cd)
        self.files = files
        self.evidence = evidence
        self.dataByteCount = dataByteCount
        let sorted = placements.filter { !$0.sectors.isEmpty }
            .sorted { $0.sectors.lowerBound < $1.sectors.lowerBound }
        var warnings = warnings
        var end = Int.min
        var missing: [Int: Int] = [:]
        var kept: [Placement] = []
        var sideless: [Int: Int] = [:]
        for place in sorted {
            guard place.sectors.lowerBound >= end else {
                throw LayoutProblem("sector \(place.sectors.lowerBound) is kept twice")
            }
            end = place.sectors.upperBound
            guard files.indices.contains(place.file), let last = place.end,
                place.form != .absent, place.stride >= place.form.size
            else {
                throw LayoutProblem("sector \(place.sectors.lowerBound) is kept nowhere")
            }
            if let side = place.subchannel {
                guard files.indices.contains(side.file), side.offset >= 0,
                    side.stride >= side.form.size,
                    !side.stride.multipliedReportingOverflow(by: place.sectors.count).overflow
                else {
                    throw LayoutProblem(
                        "the subchannel of sector \(place.sectors.lowerBound) is kept nowhere"
                    )
                }
            }
            let lack = last - files[place.file].byteCount
            if lack > 0 { missing[place.file] = max(missing[place.file] ?? 0, lack) }
            let (parts, lacking) = place.splitWhereSubchannelEnds(files)
            kept += parts
            if lacking > 0, let side = place.subchannel {
                sideless[side.file, default: 0] += lacking
            }
        }
        if dataByteCount == nil {
            for (file, lack) in missing.sorted(by: { $0.key < $1.key }) {
                warnings.append(
                    "\(files[file].name) is truncated: \(lack == 1 ? "1 byte is" : "\(lack) bytes are") missing at its end."
                )
            }
        }
        for (file, lack) in sideless.sorted(by: { $0.key < $1.key }) {
            warnings.append(
                "\(files[file].name) ends early: the subchannel of \(Wording.sectors(lack)) is missing, and P and Q are made for them."
            )
        }
        if medium.facts.family == .cd {
            warnings += Self.oddities(of: self.layout, told: layout)
        }
        self.placements = kept
        self.warnings = warnings
    }

    /// Says how the image was known in which this one lies, and what is odd about that.
    func describe(before evidence: [String], warnings: [String]) {
        self.evidence = evidence + self.evidence
        self.warnings = warnings + self.warnings
    }

    /// Adds a check of checksums that a container keeps beside its content's.
    func addContainerCheck(_ check: @escaping () throws -> Void) { containerChecks.append(check) }

    /// Checks what the containers in which the image lies keep of checksums over themselves, and its files
    /// of audio over theirs; may read all of the file.
    ///
    /// - Parameter cancellation: A wish to stop: what was not looked at then is not known.
    /// - Throws: ``ImageFormatError`` if one is wrong, and errors of the file.
    func checkContainers(_ cancellation: Cancellation?) throws {
        for check in containerChecks { try check() }
        try checkSounds(cancellation)
    }

    /// Checks the containers alone, and has the audio files' checksums made as they are read.
    ///
    /// - Throws: As ``checkContainers(_:)``.
    func beginChecks() throws {
        for check in containerChecks { try check() }
        for file in files { (file as? any SummedBytes)?.sumAsRead() }
    }

    /// Checks the audio files, of which those need not be read again that were read in order.
    ///
    /// - Parameter cancellation: As above.
    /// - Throws: As ``checkContainers(_:)``.
    func checkSounds(_ cancellation: Cancellation?) throws {
        for file in files where cancellation?.isRequested != true {
            do {
                try (file as? any SummedBytes)?.checkSums(cancellation)
            } catch let error as FLACError {
                // Who reads what is damaged is told of its place, and has the rest.
                guard !error.isFoundByReading else { continue }
                throw ImageFormatError(file.name, "an image with FLAC in it", file.name, "\(error)")
            }
        }
    }

    /// The bytes of the files that no sector has: how many lie behind the last one that counts.
    public var trailingByteCount: Int {
        files.indices.map { index in
            let used = placements.filter { $0.file == index }.compactMap(\.end).max() ?? 0
            let side = placements.compactMap(\.subchannel).filter { $0.file == index }
                .isEmpty
            return side && used > 0 ? max(0, files[index].byteCount - used) : 0
        }.reduce(0, +)
    }

    /// The place that keeps a sector, or else the first one behind it.
    func place(atOrBehind address: Int) -> Placement? {
        let index = placements.firstIndexInOrder { $0.sectors.upperBound > address }
        return index < placements.count ? placements[index] : nil
    }

    /// What is kept of a sector.
    public func storage(at address: Int) -> SectorStorage {
        var end = Int.max
        var mode = TrackMode.audio
        if let track = layout.track(holding: address) {
            mode = track.mode
            end = track.extent.upperBound
        } else if let next = layout.tracks.first(where: { $0.extent.lowerBound > address }) {
            end = next.extent.lowerBound
        }
        guard let place = place(atOrBehind: address) else {
            return SectorStorage(mode: mode, form: .absent, count: Self.distance(address, end))
        }
        guard place.sectors.contains(address) else {
            let next = min(end, place.sectors.lowerBound)
            return SectorStorage(mode: mode, form: .absent, count: Self.distance(address, next))
        }
        let subchannel: SectorStorage.Subchannel =
            switch place.subchannel?.form {
            case nil: .absent
            case .q: .q
            case .interleaved, .linear: .full
            }
        return SectorStorage(
            mode: mode,
            form: place.form,
            subchannel: subchannel,
            count: Self.distance(address, min(end, place.sectors.upperBound))
        )
    }

    private static func distance(_ from: Int, _ to: Int) -> Int {
        let (distance, overflow) = to.subtractingReportingOverflow(from)
        return overflow ? Int.max : distance
    }

    /// The file in which sectors stand as they are kept, one behind the other.
    public func storedBytes(at address: Int) -> FileRange? {
        guard let place = place(atOrBehind: address), place.sectors.contains(address),
            place.stride == place.form.size, !place.isBigEndian
        else { return nil }
        let offset = place.offset + (address - place.sectors.lowerBound) * place.stride
        let count = place.sectors.upperBound - address
        return files[place.file].fileRange(at: offset)?.prefix(count * place.stride)
    }

    /// Reads sectors in the form in which they are kept.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard let place = place(atOrBehind: address), place.sectors.contains(address) else {
            throw UnreadableSectors(start: address, count: 1, reason: "the image does not have it")
        }
        let size = place.form.size
        let wanted = min(buffer.count / size, place.sectors.upperBound - address)
        guard wanted > 0 else { return 0 }
        let count = try gather(
            place.file,
            offset: place.offset + (address - place.sectors.lowerBound) * place.stride,
            stride: place.stride,
            size: size,
            count: wanted,
            at: address,
            into: &buffer
        )
        if place.isBigEndian {
            Bytes.withPart(of: &buffer, 0..<(count * size)) { Samples.swap(&$0) }
        }
        return count
    }

    /// Reads the subchannel of sectors that have one.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        guard let place = place(atOrBehind: address), place.sectors.contains(address),
            let side = place.subchannel
        else {
            throw UnreadableSectors(
                start: address,
                count: 1,
                reason: "the image does not have its subchannel"
            )
        }
        let full = SubchannelQ.interleavedSize
        let wanted = min(buffer.count / full, place.sectors.upperBound - address, 256)
        guard wanted > 0 else { return 0 }
        var kept = [UInt8](repeating: 0, count: wanted * side.form.size)
        var span = kept.mutableSpan
        let count = try gather(
            side.file,
            offset: side.offset + (address - place.sectors.lowerBound) * side.stride,
            stride: side.stride,
            size: side.form.size,
            count: wanted,
            at: address,
            into: &span
        )
        for i in 0..<count {
            let from = i * side.form.size
            switch side.form {
            case .interleaved:
                Bytes.copy(kept.span.extracting(from..<(from + full)), to: &buffer, at: i * full)
            case .q:
                let bytes = SubchannelQ.interleaved(Array(kept[from..<(from + 12)]), isPause: false)
                Bytes.copy(bytes.span, to: &buffer, at: i * full)
            case .linear:
                let bytes = SubchannelOrder.interleaved(Array(kept[from..<(from + full)]))
                Bytes.copy(bytes.span, to: &buffer, at: i * full)
            }
        }
        return count
    }

    /// Reads pieces that lie a stride apart, as many as the file has whole, or those before one that
    /// can't be read.
    private func gather(
        _ file: Int,
        offset: Int,
        stride: Int,
        size: Int,
        count: Int,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        var count = count
        while true {
            do {
                return try gatherWhole(
                    file,
                    offset: offset,
                    stride: stride,
                    size: size,
                    count: count,
                    at: address,
                    into: &buffer
                )
            } catch let error as UnreadableBytes {
                // Where the damage begins is found by reading less and less.
                guard count > 1 else {
                    var reason = error.reason
                    if reason.hasSuffix(".") { reason.removeLast() }
                    throw UnreadableSectors(start: address, count: 1, reason: reason)
                }
                count /= 2
            }
        }
    }

    /// Reads pieces that lie a stride apart, as many as the file has whole.
    private func gatherWhole(
        _ file: Int,
        offset: Int,
        stride: Int,
        size: Int,
        count: Int,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        let source = files[file]
        // The check at the beginning has shown that this can be counted.
        let available = max(0, source.byteCount - offset)
        var whole = available < size ? 0 : min(count, (available - size) / stride + 1)
        let isCutShort = whole == 0 && available > 0 && dataByteCount != nil
        if isCutShort { whole = 1 }
        guard whole > 0 else {
            throw UnreadableSectors(
                start: address,
                count: 1,
                reason: "\(source.name) ends before it"
            )
        }
        let got: Int
        if stride == size {
            got = try Bytes.withPart(of: &buffer, 0..<(whole * size)) { part in
                try source.read(at: offset, into: &part)
            }
        } else {
            // The last piece needs no more than its own bytes.
            var bytes = [UInt8](repeating: 0, count: (whole - 1) * stride + size)
            var span = bytes.mutableSpan
            let read = try source.read(at: offset, into: &span)
            got = read == bytes.count ? whole * size : read / stride * size
            for i in 0..<whole {
                Bytes.copy(
                    bytes.span.extracting((i * stride)..<(i * stride + size)),
                    to: &buffer,
                    at: i * size
                )
            }
        }
        if isCutShort {
            for i in max(0, got)..<size { buffer[i] = 0 }
            return 1
        }
        guard got >= size else {
            throw UnreadableSectors(
                start: address,
                count: 1,
                reason: "\(source.name) ends before it"
            )
        }
        return got / size
    }
}
