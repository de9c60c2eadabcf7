import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// Whether files become the tracks of an audio CD, and how.
struct SoundOperands: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help:
            "Burn audio files as the tracks of an audio CD, or with --no-audio as files. Without either, files that are all audio or playlists become tracks, and folders are written as files."
    )
    var audio: Bool?

    @Option(
        help: "Seconds of silence between the tracks of such a CD: 0 or 2. Default: 0.",
        completion: .list(["0", "2"])
    )
    var gap: Int?

    @Option(
        name: .customLong("offset"),
        parsing: .unconditional,
        help:
            "The drive's write offset: the number of samples by which it writes audio too late, negative if too early."
    )
    var writeOffset: Int?

    /// The same for another process.
    var arguments: [String] {
        var arguments: [String] = []
        if let audio { arguments.append(audio ? "--audio" : "--no-audio") }
        if let gap { arguments += ["--gap", String(gap)] }
        if let writeOffset { arguments += ["--offset", String(writeOffset)] }
        return arguments
    }

    func validate() throws {
        guard ReadOffsetChoice.range.contains(writeOffset ?? 0) else {
            throw ValidationError("--offset takes a number of samples from -5880 to 5880.")
        }
        guard gap == nil || gap == 0 || gap == 2 else {
            throw ValidationError("--gap takes 0 or 2 seconds.")
        }
        guard gap == nil || audio != false else {
            throw ValidationError("--gap is for the tracks of an audio CD, and not for files.")
        }
    }

    /// What operands become.
    enum Choice {
        /// Tracks of audio, and what there is to say of that.
        case tracks([FilePath], named: FilePath, notes: [String])
        /// What they become without audio, and what there is to say of that.
        case other(notes: [String])
    }

    /// Looks at what operands name.
    ///
    /// - Throws: ``Reports/Failure`` if they are to be audio and are not.
    func choice(_ operands: [FilePath]) throws(Failure) -> Choice {
        guard audio != false else { return .other(notes: []) }
        // A file with a cue sheet in it is the image of a disc, and has the gaps that its sheet says.
        if operands.count == 1, gap == nil, SoundFiles.hasSheet(operands[0]) {
            return .other(notes: [])
        }
        var files: [FilePath] = []
        var notes: [String] = []
        for operand in operands {
            switch try part(operand) {
            case .files(let more, let more2):
                files += more
                notes += more2
            case .data(let note):
                return .other(notes: note.map { [$0] } ?? [])
            }
        }
        guard !files.isEmpty, let first = operands.first else { return .other(notes: []) }
        if audio == nil, !operands.allSatisfy({ isPlaylist($0) }) {
            notes.append(
                files.count == 1
                    ? "The file becomes the track of an audio CD; --no-audio writes it as a file."
                    : "The files become the tracks of an audio CD; --no-audio writes them as files."
            )
        }
        return .tracks(files, named: first, notes: notes)
    }

    private enum Part {
        case files([FilePath], [String])
        case data(String?)
    }

    private func part(_ path: FilePath) throws(Failure) -> Part {
        guard (try? FileSystem.status(path))?.kind == .directory else {
            if SoundFiles.isSound(path) { return .files([path], []) }
            if let list = try SoundFiles.playlist(path) { return .files(list, []) }
            guard audio == true else { return .data(nil) }
            // What it is, the album's reader says.
            return .files([path], [])
        }
        let folder: SoundFiles.Folder
        do {
            folder = try SoundFiles.Folder(path)
        } catch {
            // Whoever reads it says why it can't be.
            return .data(nil)
        }
        guard audio == true else {
            let isAll = !folder.files.isEmpty && folder.others.isEmpty
            return .data(
                isAll
                    ? "\(path) has nothing but audio; its files are written as files. --audio burns them as the tracks of an audio CD."
                    : nil
            )
        }
        guard !folder.files.isEmpty else {
            throw Failure(
                .source,
                .badSource,
                "There are no audio files in \(path).",
                meaning: "The disc was not touched.",
                advice: "Name the folder that they are in; folders in it are not looked into."
            )
        }
        var notes: [String] = []
        if !folder.others.isEmpty {
            notes.append("Left out of \(path): \(Self.names(folder.others)).")
        }
        if let sheet = folder.sheets.first {
            notes.append(
                "\(path.appending(sheet)) may say more of the disc, such as its gaps: “spindle burn \(path.appending(sheet))” burns it as it says."
            )
        }
        return .files(folder.files, notes)
    }

    private func isPlaylist(_ path: FilePath) -> Bool {
        ((try? SoundFiles.playlist(path)) ?? nil) != nil
    }

    /// Some names, and how many more there are.
    private static func names(_ all: [String]) -> String {
        let shown = all.prefix(5).joined(separator: ", ")
        return all.count > 5 ? "\(shown) and \(all.count - 5) more" : shown
    }

    /// An image with its audio where the drive's write offset puts it right.
    func corrected(_ image: ImageToBurn) -> ImageToBurn {
        writeOffset.map { image.correcting(writeOffset: $0) } ?? image
    }

    /// How they become a disc.
    var options: SoundOptions { SoundOptions(gap: gap ?? 0) }
}
