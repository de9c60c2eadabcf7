package import Reports

/// The name of a volume.
package enum VolumeName {
    /// The characters that a primary descriptor has room for (ECMA-119 §8.4.7).
    private static let longest = 32

    /// Takes a name that was asked for.
    ///
    /// - Returns: The name.
    /// - Throws: ``Reports/Failure`` if the descriptor can't hold it as it is.
    package static func checked(_ name: String) throws(Failure) -> String {
        guard (1...longest).contains(name.utf8.count), name.utf8.allSatisfy({ 0x20..<0x7F ~= $0 })
        else {
            throw Failure(
                .usage,
                "“\(name)” can't be a volume's name, which has 1 to \(longest) characters of ASCII.",
                meaning: "Nothing was written.",
                advice: "Choose a shorter or simpler name with --volume."
            )
        }
        return name
    }

    /// A name after a file or a directory: other characters than letters, digits, dots and lines become
    /// underscores.
    package static func after(_ name: [UInt8]) -> String {
        let text = SourceNode.text(name).prefix(longest).map { character -> Character in
            character.isASCII
                && (character.isLetter || character.isNumber || "._-".contains(character))
                ? character : "_"
        }
        let hasWord = text.contains { $0 != "_" && $0 != "." }
        return hasWord ? String(text) : "DISC"
    }
}
