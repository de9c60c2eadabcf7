import LinuxCalls
import SystemPackage

/// Apple's sparse bundles (UDSB): a folder with a file for each band in which something was written.
enum SparseBundle {
    private static let format = "an Apple sparse bundle"
    /// The longest list that is read; they have some hundred bytes.
    private static let longestList = 1 << 20

    /// Looks at a folder as if it were a file.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - secrets: What gives the password, where the image within needs one.
    /// - Returns: `nil` if the folder is no sparse bundle.
    /// - Throws: ``ImageFormatError`` where it is one, and broken or encrypted.
    static func open(_ path: FilePath, secrets: ImageSecrets?) throws -> ImageDisc? {
        let info = path.appending("Info.plist")
        guard FileSystem.exists(info) else { return nil }
        let file = try FileBytes(info)
        let bytes = try file.bytes(0..<longestList)
        guard let list = PropertyListParser.parse(bytes),
            list["diskimage-bundle-type"]?.string == "com.apple.diskimage.sparsebundle"
        else { return nil }
        let name = path.lastComponent?.string ?? path.string
        func number(_ key: String, _ most: Int) throws -> Int {
            guard let number = list[key]?.number, number > 0, number <= most else {
                throw ImageFormatError(
                    name,
                    format,
                    "“\(key)” in its Info.plist",
                    "is not a number from 1 to \(most)"
                )
            }
            return number
        }
        let band = try number("band-size", 1 << 32)
        let size = try number("size", 1 << 50)
        if let token = try? FileBytes(path.appending("token")), token.byteCount > 0 {
            throw ImageFormatError(
                name,
                format,
                "the token",
                "says that it is encrypted, and encrypted sparse bundles are not read"
            )
        }
        let image = ImageFile(
            path,
            bytes: SparseBundleBytes(path.appending("bands"), name, band: band, byteCount: size),
            depth: 1,
            secrets: secrets
        )
        guard let (_, disc) = try ImageFormat.open(image) else {
            throw ImageFormatError(name, format, "the content", "is not an image")
        }
        disc.describe(
            before: ["It is a folder as Apple's sparse bundles are, with bands of \(band) bytes."],
            warnings: []
        )
        return disc
    }
}
