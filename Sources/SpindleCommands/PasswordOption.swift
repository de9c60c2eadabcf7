import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// What the user knows of an image and the image doesn't say.
///
/// Its password never comes from the command line itself, which every user of the system can read.
struct PasswordOption: ParsableArguments {
    @Option(
        help:
            "A file whose first line is an encrypted image's password; “-” is the standard input.",
        completion: .file()
    )
    var passwordFile: String?

    @Option(
        help: ArgumentHelp(
            "The encoding of the image's sheet if it isn't Unicode, such as CP1251 or SHIFT_JIS.",
            valueName: "name"
        )
    )
    var encoding: String?

    /// The longest password that is read, in bytes.
    private static let longest = 4096

    /// What the user knows; the file of the password is read when an image needs it.
    var secrets: ImageSecrets? {
        guard passwordFile != nil || encoding != nil else { return nil }
        let encoding = encoding.flatMap { TextEncoding($0) }
        guard let path = passwordFile else { return ImageSecrets(encoding: encoding, nil) }
        return ImageSecrets(encoding: encoding) { try Self.firstLine(of: path) }
    }

    /// The same as arguments.
    var arguments: [String] {
        (passwordFile.map { ["--password-file", $0] } ?? [])
            + (encoding.map { ["--encoding", $0] } ?? [])
    }

    func validate() throws {
        guard let encoding, TextEncoding(encoding) == nil else { return }
        throw ValidationError(
            "“\(encoding)” is not an encoding that this system knows; “iconv -l” lists them."
        )
    }

    private static func firstLine(of path: String) throws(Failure) -> [UInt8] {
        var line: [UInt8] = []
        do {
            let file =
                path == "-"
                ? File(borrowing: 0, name: "the standard input")
                : try File(FilePath(text: path), .read)
            // A byte at a time: of the standard input no more is taken than the line.
            var byte: [UInt8] = [0]
            while line.count <= longest {
                var span = byte.mutableSpan
                guard try file.readOn(into: &span) == 1, byte[0] != 10 else { break }
                line.append(byte[0])
            }
        } catch {
            throw Failure(
                .usage,
                "The password can't be read from \(path): \(error.reason).",
                meaning: "",
                advice: "Name a file whose first line is the password."
            )
        }
        if line.last == 13 { line.removeLast() }
        guard line.count <= longest, !line.isEmpty else {
            throw Failure(
                .usage,
                line.isEmpty
                    ? "There is no password in \(path)."
                    : "The first line of \(path) is too long for a password.",
                meaning: "",
                advice: "Name a file whose first line is the password."
            )
        }
        return line
    }
}
