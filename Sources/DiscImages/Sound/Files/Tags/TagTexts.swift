/// Texts out of the tags of a file of audio: those that are of use, within bounds that no file reaches which
/// people listen to.
///
/// A tag may claim any number of texts of any length. What is over a bound is not read, and is told of.
struct TagTexts {
    /// Names that are looked for, in capital letters.
    private static let names: Set<String> = [
        "TITLE", "ARTIST", "ALBUM", "ALBUMARTIST", "ALBUM ARTIST", "ISRC", "MCN", "BARCODE",
        "EAN/UPC", "UPC", "EAN", "CUESHEET", "ITUNSMPB",
    ]
    /// Those of them whose texts may be long.
    private static let sheet = "CUESHEET"
    /// Bytes of a text, and of a cue sheet.
    private static let longest = (text: 1 << 14, sheet: SheetText.longest)
    /// Texts that are kept.
    private static let most = 1024
    /// Bytes of all texts together.
    private static let mostBytes = 1 << 22
    /// Comments, items or frames that are looked at in a tag.
    static let mostEntries = 4096
    /// Bytes of the longest name that is looked for.
    static let longestName = 16

    private var texts: [String: [String]] = [:]
    private var count = 0
    private var bytes = 0
    /// Whether there is more than was read.
    private(set) var isCut = false

    /// The texts under a name in capital letters.
    subscript(name: String) -> [String] { texts[name] ?? [] }

    /// Whether a text is to be read.
    ///
    /// - Parameters:
    ///   - name: Its name in capital letters.
    ///   - length: Its bytes, or fewer if they are not known.
    /// - Returns: `false` also if there is no room for it, which is noted.
    mutating func takes(_ name: String, _ length: Int) -> Bool {
        guard Self.names.contains(name) else { return false }
        let longest = name == Self.sheet ? Self.longest.sheet : Self.longest.text
        guard length <= longest, count < Self.most, length <= Self.mostBytes - bytes else {
            isCut = true
            return false
        }
        return true
    }

    /// Adds a text, if it is one that is looked for and within the bounds.
    mutating func add(_ name: String, _ text: String) {
        guard takes(name, text.utf8.count) else { return }
        count += 1
        bytes += text.utf8.count
        texts[name, default: []].append(text)
    }

    /// Adds a text that is UTF-8; others are none.
    mutating func add(_ name: String, utf8: some Collection<UInt8>) {
        guard takes(name, utf8.count), let text = String(validating: utf8, as: UTF8.self) else {
            return
        }
        add(name, text)
    }

    /// Notes that a tag has more entries than are looked at.
    mutating func cut() { isCut = true }
}
