import DiscModel
import LinuxCalls
import SystemPackage

/// The files that a cue sheet names, opened.
struct CueFiles {
    /// The bytes, of sound only its samples.
    var bytes: [any ByteSource] = []
    /// Whether samples have their high byte first.
    var isBigEndian: [Bool] = []
    /// What was odd: a sentence each.
    var warnings: [String] = []

    /// Finds and opens the files.
    ///
    /// - Throws: ``ImageFormatError`` where one is not there, or can't be sound of a CD.
    init(_ sheet: CueSheet, of image: ImageFile) throws {
        for entry in sheet.files {
            let isSound = [.wave, .aiff, .mp3, .flac].contains(entry.kind)
            let endings = isSound ? ["wav", "flac", "aiff", "aif"] : ["bin", "img", "iso", "raw"]
            guard
                let found = image.companion(
                    entry.name,
                    endings: sheet.files.count == 1 ? endings : []
                )
            else {
                throw ImageFormatError(
                    image.name,
                    "a cue sheet",
                    "the file “\(entry.name)”",
                    at: entry.offset,
                    "is not there"
                )
            }
            if found.isOther {
                warnings.append(
                    "The sheet names “\(entry.name)”; “\(found.path.lastComponent?.string ?? "")” is taken."
                )
            }
            let file = try image.open(found.path)
            try add(file, entry, image)
        }
    }

    private mutating func add(_ file: FileBytes, _ entry: CueSheet.File, _ image: ImageFile) throws
    {
        switch entry.kind {
        case .binary, .motorola:
            // Sound that was named as plain sectors: its header would be heard as a click.
            if file.name.lowercased().hasSuffix(".wav"), let sound = try SoundFile.open(file) {
                warnings.append("“\(file.name)” is a WAVE file, not \(entry.kind.rawValue).")
                bytes.append(sound.bytes)
                isBigEndian.append(sound.isBigEndian)
                return
            }
            bytes.append(file)
            isBigEndian.append(entry.kind == .motorola)
        case .wave, .aiff, .mp3, .flac:
            if let sound = try SoundFile.open(file) {
                bytes.append(sound.bytes)
                isBigEndian.append(sound.isBigEndian)
                return
            }
            if entry.kind == .mp3 {
                throw ImageFormatError(
                    image.name,
                    "a cue sheet",
                    "the file “\(entry.name)”",
                    at: entry.offset,
                    "is MP3, which has lost what the CD had and is not read"
                )
            }
            warnings.append("“\(file.name)” has no header of sound; it is taken as plain sectors.")
            bytes.append(file)
            isBigEndian.append(false)
        }
    }
}
