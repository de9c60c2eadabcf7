/// A name or a path, which is another one only by the same bytes.
///
/// Strings are equal where their letters are, however these are composed. On Linux, in Rock Ridge, Joliet and
/// UDF, “é” as one character and as two are two names, which may lie in one directory.
package struct ExactName: Hashable, Comparable, Sendable {
    /// The name.
    package let text: String

    /// Takes a name.
    package init(_ text: String) { self.text = text }

    /// Whether it is a path that lies in a directory.
    ///
    /// - Parameter directory: The directory's path, without a slash at its end.
    /// - Returns: `false` of the directory itself.
    package func lies(in directory: String) -> Bool {
        let rest = text.utf8.dropFirst(directory.utf8.count)
        return rest.first == 0x2F && text.utf8.starts(with: directory.utf8)
    }

    /// The same in another directory.
    ///
    /// - Parameters:
    ///   - directory: The path of the directory that it lies in.
    ///   - other: That of the other one.
    /// - Returns: Its path there.
    package func moved(from directory: String, to other: String) -> ExactName {
        ExactName(
            other + String(decoding: text.utf8.dropFirst(directory.utf8.count), as: UTF8.self)
        )
    }

    package static func == (one: ExactName, other: ExactName) -> Bool {
        // Most names that differ do so in their letters, which is known sooner.
        one.text == other.text && one.text.utf8.elementsEqual(other.text.utf8)
    }

    package static func < (one: ExactName, other: ExactName) -> Bool {
        one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        // The same bytes are the same letters.
        hasher.combine(text)
    }
}
