import DiscModel
import LinuxCalls
import SystemPackage

/// A name that a cue sheet can't spell: the sheet would name a file that is not there.
///
/// Names stand between quotation marks, and nothing says that one of those belongs to the name; a line
/// ends where the name has its end, and most other control characters make a file no text.
public struct UnspellableName: Error, CustomStringConvertible {
    /// One sentence.
    public let description: String

    private init(_ description: String) { self.description = description }

    private init(having what: String) {
        self.init("A cue sheet can't name files with \(what) in their names.")
    }

    /// Fails if the files that a sheet names can't be called after it.
    static func check(_ sheet: FilePath) throws(UnspellableName) {
        let name = sheet.stemText ?? ""
        for scalar in name.unicodeScalars {
            if scalar == "\"" { throw UnspellableName(having: "a quotation mark") }
            if scalar.value < 0x20, scalar != "\t" {
                throw UnspellableName(having: "a control character")
            }
        }
        // Those that bytes of unknown encodings are kept as.
        guard PathText.hasBytes(name) || KeptBytes.bytes(of: name) == Array(name.utf8) else {
            throw UnspellableName(having: "characters of private use")
        }
    }

    /// Fails if a sheet would be of two encodings: what reads it takes all of it for one.
    static func check(_ sheet: CueLines) throws(UnspellableName) {
        guard sheet.mixesEncodings else { return }
        throw UnspellableName(
            "A cue sheet with texts of more than ASCII can't name files whose names are not UTF-8."
        )
    }
}
