import ArgumentParser
import LinuxCalls
import SpindleKit
import SystemPackage

/// Where the password of an encrypted image comes from; never the command line itself, which every
/// user of the system can read.
struct PasswordOption: ParsableArguments {
    @Option(
        help: "A file whose first line is an encrypted image's password; “-” is the standard input."
    )
    var passwordFile: String?

    /// The longest password that is read, in bytes.
    private static let longest = 4096

    /// What gives the password; the file is read when an image needs it.
    var secrets: ImageSecrets? {
        passwordFile.map { path in
            ImageSecrets { try Self.firstLine(of: path) }
        }
    }

    private static func firstLine(of path: String) throws(Failure) -> [UInt8] {
        var line: [UInt8] = []
        do {
            let file =
                path == "-"
                ? File(borrowing: 0, name: "the standard input") : try File(FilePath(path), .read)
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
