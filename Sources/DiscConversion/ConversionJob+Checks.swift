public import DiscImages
import LinuxCalls
public import Reports
import SystemPackage
import Transfer

extension ConversionJob {
    // MARK: The format

    /// Checks what can be checked before the source is looked at.
    ///
    /// - Throws: ``Reports/Failure`` where no format is written by the name or the extension, or it
    ///   leaves no such choice.
    public static func check(_ options: ConversionOptions) throws(Failure) {
        _ = try format(options)
    }

    /// What of the source a conversion needs: its data tracks, if audio can't be held and need not be.
    ///
    /// - Throws: As ``check(_:)``.
    public static func need(_ options: ConversionOptions) throws(Failure) -> DiscImage.Need {
        let format = try format(options)
        return options.allowsLoss && !format.holds.contains(.audio) ? .data : .everything
    }

    /// The format that is asked for, or that the output's extension names.
    ///
    /// - Throws: As ``check(_:)``.
    public static func format(_ options: ConversionOptions) throws(Failure) -> ImageFormat {
        let format: ImageFormat
        if let name = options.format {
            guard let named = ImageFormat.named(name) else {
                let names = ImageFormat.writable.map(\.name).joined(separator: ", ")
                throw Failure(
                    .usage,
                    "“\(name)” is not an image format.",
                    meaning: "Nothing was written.",
                    advice: "These are written: \(names)."
                )
            }
            guard named.writer != nil else { throw notWritten(named.displayName) }
            format = named
            try checkEnding(options.output, format)
        } else if let named = ImageFormat.forWriting(options.output) {
            format = named
        } else {
            throw Self.noFormat(options.output)
        }
        for choice in ImageChoice.allCases
        where options.choices.contains(choice) && !format.choices.contains(choice) {
            let others = ImageFormat.writable.filter { $0.choices.contains(choice) }
            let names = others.map { "\($0.displayName) (.\($0.endings[0]))" }
            throw Failure(
                .usage,
                "\(format.displayName) has no choice of \(choice.displayName).",
                meaning: "Nothing was written.",
                advice: "Formats that have: \(names.joined(separator: ", "))."
            )
        }
        return format
    }

    /// Refuses a name that promises another format, or that a file beside the one that is opened gets.
    private static func checkEnding(_ path: FilePath, _ format: ImageFormat) throws(Failure) {
        let ending = path.extension?.lowercased() ?? ""
        guard !format.endings.contains(ending) else { return }
        let other = ImageFormat.all.first { $0.endings.contains(ending) }
        guard other != nil || format.endingsBeside.contains(ending) else { return }
        throw Failure(
            .usage,
            other.map {
                "“\(path)” has the file extension of \($0.displayName), not of \(format.displayName)."
            }
                ?? "“\(path)” has the file extension of a companion file of \(format.displayName).",
            meaning: "Nothing was written.",
            advice:
                "Name it \(path.stemText ?? "disc").\(format.endings[0]), or leave --format out."
        )
    }

    static func notWritten(_ name: String) -> Failure {
        let names = ImageFormat.writable.map(\.name).joined(separator: ", ")
        return Failure(
            .usage,
            "\(name) is only read.",
            meaning: "Nothing was written.",
            advice: "These are written: \(names)."
        )
    }

    // MARK: Losses

    /// No format is written under a name.
    private static func noFormat(_ path: FilePath) -> Failure {
        let ending = path.extension?.lowercased() ?? ""
        let endings = ImageFormat.writable.compactMap(\.endings.first).map { ".\($0)" }
        let sheet = ImageFormat.writable.first { $0.endingsBeside.contains(ending) }
        return Failure(
            .usage,
            "“\(path)” has no file extension of a format that Spindle writes.",
            meaning: "Nothing was written.",
            advice: sheet.map {
                "Name what goes with it, such as \(path.stemText ?? "disc").\($0.endings[0]) (\($0.displayName)); the .\(ending) file is made beside it."
            } ?? "Use one of \(endings.joined(separator: ", ")), or name the format with --format."
        )
    }

    /// Why a conversion that would lose something is not begun.
    func refusal(_ losses: [DiscLoss], _ inventory: DiscInventory) -> Failure {
        if losses.map(\.feature) == [.pregapContent], format.holds.contains(.pregapContent) {
            return refusal(ofGaps: losses[0])
        }
        let lost = losses.map(\.description).joined(separator: "; ")
        // What was not looked for may be there.
        let found = Set(inventory.features.keys)
        let possible = Set(DiscFeature.allCases).subtracting(inventory.wanted).intersection(
            format.holds
        )
        .intersection(DiscFeature.ofSectors)
        let others = ImageFormat.writable.filter {
            $0.holds.isSuperset(of: found) && $0.holds.isSuperset(of: possible)
        }
        let names = others.map { "\($0.displayName) (.\($0.endings[0]))" }
        let advice =
            names.isEmpty
            ? "No format holds all of it: add --allow-loss to do without that."
            : "Choose a format that holds all of it, such as \(Self.list(names)), or add --allow-loss to do without that."
        return Failure(
            source.isSlow ? .unsuitable : .source,
            .loss,
            "\(options.output) (\(format.displayName)) can't hold all of \(source.phrase): \(lost).",
            meaning: "Nothing was written.",
            advice: advice
        )
    }

    /// Why pauses that are not silent are not left out.
    private func refusal(ofGaps loss: DiscLoss) -> Failure {
        Failure(
            source.isSlow ? .unsuitable : .source,
            .loss,
            "\(options.output) would leave pauses out that are not silent, or can't be read: \(loss).",
            meaning: "Nothing was written.",
            advice:
                "Keep them in the files with --gaps appended or --gaps prepended, or add --allow-loss to do without what is in them."
        )
    }

    private static func list(_ names: [String]) -> String {
        guard names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or \(names[names.count - 1])"
    }

    // MARK: Files

    /// Refuses to write a file that is a part of the source, is there already, or can't be a file.
    func check(_ path: FilePath) throws(Failure) {
        let identity = FileSystem.identity(path)
        if let identity, source.files.contains(where: { FileSystem.identity($0) == identity }) {
            throw Failure(
                .source,
                "\(path) is a file of the source itself.",
                meaning: "Nothing was written.",
                advice: "Choose another name."
            )
        }
        // A link that leads nowhere is someone's, too.
        guard identity != nil || FileSystem.linkTarget(path) != nil else {
            return try checkDirectory(path)
        }
        let kind = (try? FileSystem.status(path))?.kind
        guard kind == nil || kind == .regular else {
            throw Failure(
                .source,
                .outputExists,
                "\(path) already exists, and is not a regular file.",
                meaning: "Nothing was written.",
                advice: "Choose another name."
            )
        }
        guard options.image.replaces else { throw Self.isThere(path) }
        try checkUnclaimed(path)
    }

    /// Refuses to replace a virtual disc while a drive holds it.
    private func checkUnclaimed(_ path: FilePath) throws(Failure) {
        guard UnfinishedFiles.isClaimed(path) else { return }
        throw Failure(isInUse: path, meaning: "Nothing was written or replaced.")
    }

    /// A file has a name that is wanted, or the one that a file has on its way to its name.
    static func isThere(_ path: FilePath) -> Failure {
        if let target = UnfinishedFiles.target(of: path), UnfinishedFiles.isRipped(target) {
            return Failure(
                .source,
                .outputExists,
                "\(path) is what a rip has read of a disc, with its map \(UnfinishedFiles.map(of: target)).",
                meaning: "Nothing was written or replaced.",
                advice: "Choose another name, or move both files away."
            )
        }
        return Failure(
            .source,
            .outputExists,
            "\(path) is there already.",
            meaning: "Nothing was written or replaced.",
            advice: "Choose another name, or replace it with --force."
        )
    }

    /// The files that would say something about another image of this name: its map and the report of
    /// what it lost.
    var company: [FilePath] { [UnfinishedFiles.map(of: options.output), options.lossReport] }

    /// Refuses where a file would be taken for one about the new image.
    func checkCompany(_ report: FilePath?) throws(Failure) {
        for path in company where path != report { try check(path) }
    }

    // MARK: The source

    /// The source is a disc, and nothing was ever written to it.
    var isBlank: Failure {
        Failure(
            .source,
            .blankDisc,
            "\(source.phrase) is blank: nothing was ever written to it.",
            meaning: "There is nothing to convert; nothing was written.",
            advice: "Name a disc that holds something."
        )
    }

    /// Fails if the source was changed or replaced while it was read.
    func checkSource() throws(Failure) {
        guard let changed = source.watch.changedFile else { return }
        throw Failure(
            .trouble,
            .sourceChanged,
            "\(changed) changed while it was read.",
            meaning: "What was read may be of two states of it, so nothing was kept.",
            advice: "Convert it again once nothing writes to it any more."
        )
    }

    private func checkDirectory(_ path: FilePath) throws(Failure) {
        let directory = Self.directory(of: path)
        let kind = (try? FileSystem.status(directory))?.kind
        guard kind == .directory else {
            throw Failure(
                .source,
                .outputError,
                "There is no directory \(directory) for \(path).",
                meaning: "Nothing was written.",
                advice: "Make it first, or choose another name."
            )
        }
    }

    private static func directory(of path: FilePath) -> FilePath {
        let directory = path.removingLastComponent()
        return directory.string.isEmpty ? "." : directory
    }

    /// Refuses what certainly does not fit.
    ///
    /// Zeros take no room, and how many there are in a source that is packed or has holes is not
    /// known beforehand: such a one is begun. What a drive gives costs time, and is begun only if all of it fits.
    func checkSpace(_ sink: any DiscSink) throws(Failure) {
        // What an earlier rip wrote has its room.
        let parts = resumes ? sink.files.map(UnfinishedFiles.unfinished) : []
        let written = parts.reduce(0) { $0 + (FileSystem.allocatedSize($1) ?? 0) }
        guard let all = sink.byteCount,
            let free = try? FileSystem.freeSpace(at: Self.directory(of: options.output))
        else { return }
        let needed = all - written
        guard needed > free else { return }
        let taken = source.files.reduce(0) { $0 + (FileSystem.allocatedSize($1) ?? 0) }
        // Raw sectors with subchannel are a fifth longer than their data.
        guard source.isSlow || taken + taken / 4 >= needed else { return }
        throw Failure(
            .trouble,
            .noSpace,
            "\(options.output) needs \(needed) bytes, and there is room for \(free).",
            meaning: "Nothing was written.",
            advice: "Make room, or choose another place."
        )
    }
}
