import Foundation
import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// Gives the fuzzer the images to begin with that no program makes: `SPINDLE_SEEDS` names the folder.
@Suite struct FuzzSeedTests {
    private static let folder = ProcessInfo.processInfo.environment["SPINDLE_SEEDS"].map {
        FilePath($0)
    }

    /// The files that are opened come into `images`, those that they name beside them into `folder`.
    @Test(.enabled(if: folder != nil)) func `samples of each format`() throws {
        let folder = try #require(Self.folder)
        for sample in HostileImageTests.samples {
            guard let opened = sample.files.first(where: { !$0.name.hasPrefix("a.") }) else {
                continue
            }
            try Self.write(opened.bytes, to: folder.appending("images").appending(sample.name))
            for file in sample.files where file.name != opened.name {
                let place = folder.appending("folder").appending(file.name)
                // The first disc's are as good as another's.
                if !FileSystem.exists(place) { try Self.write(file.bytes, to: place) }
            }
        }
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws {
        try File(path, .replace).write(bytes.span, at: 0)
    }
}
