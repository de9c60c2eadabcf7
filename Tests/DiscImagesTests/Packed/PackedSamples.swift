import DiscImages
import Foundation
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// The images that `make-packed.py` and `make-guarded.py` make, which share no code with the readers.
final class PackedSamples: Sendable {
    static let shared = PackedSamples()

    let folder: FilePath
    let names: [String]

    private init() {
        let made = try? FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "spindle-packed-")
        folder = made ?? "/nowhere"
        let here = FilePath(#filePath).removingLastComponent()
        var isMade = true
        for script in ["make-packed.py", "make-guarded.py"] {
            let path = here.appending(script).string
            let made = try? Programs.run(["python3", path, folder.string], within: 600)
            if made?.status != 0 { Issue.record("No samples were made: \(made?.said ?? "")") }
            isMade = isMade && made?.status == 0
        }
        names = isMade ? ((try? FileSystem.names(in: folder)) ?? []).sorted() : []
        atexit { PackedSamples.shared.remove() }
    }

    private func remove() {
        try? FileManager.default.removeItem(atPath: folder.string)
    }

    /// The password of an encrypted sample.
    static func secrets(for path: FilePath) -> ImageSecrets {
        path.lastComponent?.string.hasSuffix("locked-2.daa") == true
            ? ImageSecrets { [0x99, 0x78, 0, 0xFE, 0x21] }
            : ImageSecrets(password: "correct horse, battery staple")
    }

    func path(_ name: String) -> FilePath { folder.appending(name) }

    func bytes(_ name: String) throws -> [UInt8] {
        try Folder.contents(path(name))
    }

    static func write(_ bytes: [UInt8], to path: FilePath) throws {
        try File(path, .replace).write(bytes.span, at: 0)
    }

    /// All user data of an image, read in pieces of a size.
    static func userData(_ image: DiscImage, pieces: Int = 16) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0xEE, count: pieces * 2048)
        var sector = 0
        while sector < image.source.sectorCount ?? 0 {
            var span = buffer.mutableSpan
            let count = try image.source.read(at: sector, into: &span)
            guard count > 0 else { break }
            bytes += buffer.prefix(count * 2048)
            sector += count
        }
        return bytes
    }
}
