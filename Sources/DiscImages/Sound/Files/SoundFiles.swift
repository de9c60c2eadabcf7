public import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Which audio files paths name.
public enum SoundFiles {
    /// The audio files in a folder, and what else is there.
    public struct Folder {
        /// The audio files by their names, where numbers count as numbers.
        public let files: [FilePath]
        /// The names of all else, in the same order, as `PathText`.
        public let others: [String]
        /// The names of the cue sheets among these.
        public let sheets: [String]

        /// Looks at a folder; its folders are not looked into.
        ///
        /// - Throws: The system's error.
        public init(_ path: FilePath) throws(SystemError) {
            var files: [FilePath] = []
            var others: [String] = []
            for name in try FileSystem.names(in: path).sorted(by: NaturalOrder.areInOrder) {
                let file = path.appending(text: name)
                if name.first != ".", SoundFiles.isSound(file) {
                    files.append(file)
                } else {
                    others.append(name)
                }
            }
            self.files = files
            self.others = others
            sheets = others.filter { FilePath($0).extension?.lowercased() == "cue" }
        }
    }

    /// Whether a path names an audio file, by its content.
    public static func isSound(_ path: FilePath) -> Bool {
        guard let bytes = regularFile(path) else { return false }
        return (try? TrackSound.isSound(bytes, ending: ending(path))) ?? false
    }

    /// Whether a path names an audio file that is a disc of its own: one with a cue sheet in it that can be used.
    ///
    /// A file of WavPack or Monkey's Audio is decoded for that.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - cancellation: A wish to stop.
    /// - Returns: Whether it does; false if it was stopped.
    public static func isDisc(_ path: FilePath, _ cancellation: Cancellation? = nil) -> Bool {
        guard let bytes = regularFile(path) else { return false }
        let file = ImageFile(path, bytes: bytes, cancellation: cancellation)
        return (try? EmbeddedSheet.disc(of: file).disc) != nil
    }

    /// Whether a path names an audio file with a cue sheet in it, which makes it a disc of more tracks.
    public static func hasSheet(_ path: FilePath) -> Bool {
        guard let bytes = regularFile(path) else { return false }
        return (try? EmbeddedSheet.isIn(ImageFile(path, bytes: bytes))) ?? false
    }

    /// The files of a playlist; `nil` if a path names none.
    ///
    /// - Throws: ``Reports/Failure`` if the playlist can't be used.
    public static func playlist(_ path: FilePath) throws(Failure) -> [FilePath]? {
        guard let bytes = regularFile(path) else { return nil }
        do {
            return try Playlist(ImageFile(path, bytes: bytes))?.files
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .source,
                .badSource,
                "The playlist \(path) can't be read: \(error).",
                meaning: "Nothing was written.",
                advice: "Name the files instead."
            )
        }
    }

    private static func regularFile(_ path: FilePath) -> FileBytes? {
        guard (try? FileSystem.status(path))?.kind == .regular,
            let file = try? File(path, .read, nonBlocking: true)
        else { return nil }
        return try? FileBytes(file, path: path)
    }

    private static func ending(_ path: FilePath) -> String { path.extension?.lowercased() ?? "" }
}

/// Names in the order in which people count: “2” before “10”.
package enum NaturalOrder {
    /// Whether a name comes before another one.
    package static func areInOrder(_ left: String, _ right: String) -> Bool {
        var (a, b) = (left[...], right[...])
        while let x = a.first, let y = b.first {
            if isDigit(x), isDigit(y) {
                let (m, n) = (a.prefix(while: isDigit), b.prefix(while: isDigit))
                a.removeFirst(m.count)
                b.removeFirst(n.count)
                let (p, q) = (m.drop { $0 == "0" }, n.drop { $0 == "0" })
                if p.count != q.count { return p.count < q.count }
                if p != q { return p < q }
                continue
            }
            let (p, q) = (x.lowercased(), y.lowercased())
            if p != q { return p < q }
            a.removeFirst()
            b.removeFirst()
        }
        return a.isEmpty == b.isEmpty ? left < right : a.isEmpty
    }

    private static func isDigit(_ character: Character) -> Bool {
        character.isASCII && character.isNumber
    }
}
