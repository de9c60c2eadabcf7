import SystemPackage

/// A name that a cue sheet can't spell: the sheet would name a file that is not there.
///
/// Names stand between quotation marks, and nothing says that one of those belongs to the name; a line
/// ends where the name has its end, and most other control characters make a file no text.
public struct UnspellableName: Error, CustomStringConvertible {
    /// What is in the name.
    private let what: String

    /// Fails if the files that a sheet names can't be called after it.
    static func check(_ sheet: FilePath) throws(UnspellableName) {
        for scalar in (sheet.stem ?? "").unicodeScalars {
            if scalar == "\"" { throw UnspellableName(what: "a quotation mark") }
            if scalar.value < 0x20, scalar != "\t" {
                throw UnspellableName(what: "a control character")
            }
        }
    }

    /// One sentence.
    public var description: String {
        "A cue sheet can't name files with \(what) in their names."
    }
}
