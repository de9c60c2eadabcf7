import DiscFiles
public import DiscImages
import DiscModel
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// The source of a burn: a disc image of any format or a pipe, looked at as far as it can be.
public struct ImageToBurn {
    /// Its name, for a person.
    public let name: String
    /// Where its data sectors come from.
    public let source: any SectorSource
    /// The size of its data in bytes; absent for a pipe.
    public let byteCount: Int?
    /// What a person should know about it, a sentence each.
    public internal(set) var notes: [String]
    /// The audio files that it is made of, and what is done to them; empty of other images.
    public let sounds: [PlannedSound]
    /// The sector of a disc that its file system was made to begin at; `nil` if it has none, or if it
    /// comes through a pipe.
    let madeFor: Int?
    /// The disc in it; absent for a pipe.
    var disc: (any DiscSource)?
    /// By how many samples the drive writes audio too late, which is made up for; `nil` if nothing is.
    var writeOffset: Int?
    /// A watch of the files that it is made of.
    let watch: FileWatch
    /// Whether it is there when the burn has ended, so that another burn can go on with it.
    public var isLasting = true

    /// Whether one of its files was changed or replaced since it was opened.
    var hasChanged: Bool { watch.changedFile != nil }

    /// The sectors that its data take.
    public var sectors: Int? { byteCount.map { ($0 + 2047) / 2048 } }

    /// Whether it is one track of data from sector 0 on, or a pipe: what fits on any medium.
    public var isPlainData: Bool {
        guard let disc else { return true }
        let tracks = disc.layout.tracks
        return tracks.count == 1 && disc.layout.sessions.count == 1
            && tracks.allSatisfy { $0.mode.isData && $0.start == .zero }
    }

    /// Opens an image, or the standard input for “-”.
    ///
    /// - Parameters:
    ///   - path: The file, or “-”.
    ///   - allowsTruncated: Whether an image is taken that is shorter than its own file system.
    ///   - secrets: What gives its password, where it needs one.
    ///   - size: Of the standard input, the bytes that will come; `nil` if that is not known.
    ///   - cancellation: A wish to stop while it is opened.
    /// - Throws: ``Reports/Failure`` where it can't be opened, is empty, is no disc, or is shorter
    ///   than it should be.
    public init(
        _ path: FilePath,
        allowsTruncated: Bool,
        secrets: ImageSecrets? = nil,
        size: Int? = nil,
        cancellation: Cancellation? = nil
    ) throws(Failure) {
        if path == "-" {
            name = "the standard input"
            source = try Self.standardInput()
            byteCount = size
            notes = size == nil ? ["The input's size isn't known in advance."] : []
            madeFor = nil
            disc = nil
            sounds = []
            watch = FileWatch([])
            return
        }
        name = path.string
        try Self.check(path)
        let image = try DiscImage(path, secrets: secrets, cancellation: cancellation)
        watch = image.watch
        try image.checkContainers()
        source = image.source
        byteCount = image.byteCount
        disc = image.disc
        sounds = image.sounds
        do {
            var notes = try Self.examineDisc(image)
            var content: DiscContent?
            if image.layout.tracks.first?.mode.isData == true {
                let found = try DiscContent.examine(image.source)
                notes += try Self.examineData(image, found, allowsTruncated: allowsTruncated)
                content = found
            }
            self.notes = notes
            madeFor = image.layout.tracks.count == 1 ? content?.firstSector : nil
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(unreadable: path, error)
        }
    }

    /// Takes the disc in a drive, which is read while another drive writes.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - name: Its name, for a person.
    ///   - notes: What a person should know about it, a sentence each.
    public init(_ disc: any DiscSource, name: String, notes: [String]) {
        self.name = name
        self.notes = notes
        self.disc = disc
        let data = DiscDataSource(disc)
        source = data
        byteCount = (data.sectorCount ?? 0) * data.sectorSize
        madeFor = 0
        sounds = []
        watch = FileWatch([])
    }

    /// Takes audio files as the tracks of a disc.
    ///
    /// - Parameter image: What was made of them.
    public init(sounds image: DiscImage) {
        name = image.name
        notes = image.warnings
        sounds = image.sounds
        source = image.source
        byteCount = image.byteCount
        madeFor = nil
        disc = image.disc
        watch = image.watch
    }

    /// The same with its audio earlier, for a drive that writes it too late.
    ///
    /// - Parameter samples: By how many samples it does; negative if it writes too early.
    /// - Returns: The image; with no more than a note if it has no audio.
    public func correcting(writeOffset samples: Int) -> ImageToBurn {
        guard let disc, disc.layout.tracks.contains(where: { $0.mode == .audio }) else {
            return noting(["There is no audio in it, so that --offset changes nothing."])
        }
        var image = self
        image.disc = ShiftedDisc(disc, by: samples)
        image.writeOffset = samples
        let end = samples > 0 ? "first" : "last"
        return samples == 0
            ? image
            : image.noting([
                "The audio is sent \(abs(samples)) samples \(samples > 0 ? "earlier" : "later"), to make up for the drive's write offset; the \(end) \(abs(samples)) of the disc are left out for that."
            ])
    }

    /// The same with more that a person should know.
    public func noting(_ notes: [String]) -> ImageToBurn {
        var image = self
        image.notes += notes
        return image
    }

    /// The standard input, if something can come from it.
    private static func standardInput() throws(Failure) -> PipeSource {
        let input = File(borrowing: 0, name: "the standard input")
        let problem: String
        do {
            let status = try input.status()
            switch status.kind {
            case .directory: problem = "is a directory"
            case .blockDevice: problem = "is a device"
            case .regular where status.size == 0: problem = "is an empty file"
            case .characterDevice where Terminal.isTerminal(.input): problem = "is a terminal"
            default: return try PipeSource(input)
            }
        } catch {
            problem = "can't be read: \(error.reason)"
        }
        throw Failure(
            notBurned: "The standard input \(problem).",
            "Pipe an image in, or name its file."
        )
    }

    /// Fails where a path names something else than a file that holds something.
    private static func check(_ path: FilePath) throws(Failure) {
        let kind: File.Kind
        let size: Int
        do {
            (kind, size) = try FileSystem.status(path)
        } catch {
            throw Failure(unreadable: path, error)
        }
        switch kind {
        // Some images are folders.
        case .regular, .directory:
            break
        case .pipe, .characterDevice, .blockDevice, .other:
            throw Failure(
                notBurned: "\(path) is not a plain file.",
                "Name an image file, or pipe it in with “-”."
            )
        }
        guard size > 0 else {
            throw Failure(notBurned: "\(path) is empty.", "Download or recreate the image.")
        }
    }

    /// What there is to say of an image that is more than a row of data sectors.
    private static func examineDisc(_ image: DiscImage) throws -> [String] {
        let stretches = image.disc.stretches()
        let isPlain = stretches.allSatisfy {
            $0.storage.form == .user || $0.storage.form == .absent
        }
        if image.format?.name == ImageFormat.iso.name, isPlain { return [] }
        for (sectors, storage, _) in stretches where storage.form != .absent {
            var bytes = [UInt8](repeating: 0, count: storage.form.size)
            var span = bytes.mutableSpan
            do {
                _ = try image.disc.readStored(at: sectors.upperBound - 1, into: &span)
            } catch let error as UnreadableSectors {
                throw Failure(
                    notBurned:
                        "\(image.path) is truncated: sector \(sectors.upperBound - 1) can't be read (\(error.reason)).",
                    "Download the image again.",
                    .truncated
                )
            }
        }
        let format = image.format?.displayName ?? "virtual disc"
        return ["The image's format: \(format)."] + image.warnings
    }

    private static func examineData(
        _ image: DiscImage,
        _ content: DiscContent,
        allowsTruncated: Bool
    ) throws -> [String] {
        var notes: [String] = []
        // A volume's own size counts here; partitions that end behind the image are common in
        // images made for several kinds of media.
        let needed = content.volumeEnd ?? 0
        let hasLater = image.layout.tracks.count > 1
        if needed > UInt64(image.byteCount), !hasLater {
            let missing = needed - UInt64(image.byteCount)
            guard allowsTruncated else {
                throw Failure(
                    notBurned:
                        "\(image.path) is truncated: its file system has \(needed) bytes, and \(missing) of them are missing.",
                    "Download the image again, or burn it as it is with --allow-truncated.",
                    .truncated
                )
            }
            notes.append("The image is truncated: \(missing) bytes of its file system are missing.")
        }
        if content.claims.isEmpty {
            notes.append("No file system was found in the image; it is burned as it is.")
        }
        if image.byteCount % image.source.sectorSize != 0 {
            notes.append(
                "The image is not a multiple of 2048 bytes; its last sector is filled up with zeros."
            )
        }
        return notes
    }
}

extension Failure {
    /// The source of a burn is to blame, and nothing was begun.
    init(notBurned what: String, _ advice: String, _ reason: Reason = .badSource) {
        self.init(.source, reason, what, meaning: "The disc was not touched.", advice: advice)
    }

    fileprivate init(unreadable path: FilePath, _ error: any Error) {
        let reason = (error as? SystemError)?.reason ?? "\(error)"
        self.init(
            notBurned: "\(path) can't be read: \(reason).",
            "Check that the file exists and that you may read it.",
            Reason(ofSource: error)
        )
    }
}
