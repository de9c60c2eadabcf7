import Foundation
import SpindleKit
import Testing

/// Jobs as a Swift program sees them, on images alone.
@Suite struct JobTests {
    private static let image: FilePath = "/usr/lib/ipxe/ipxe.iso"

    /// Gives a test a folder of its own.
    private func withFolder(_ body: (FilePath) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "spindle-kit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(FilePath(folder.path))
    }

    @Test func `a job tells a plan first and its result last`() async throws {
        try await withFolder { folder in
            let output = folder.appending("made.nrg")
            var names: [String] = []
            for try await event in Convert(Self.image, to: output).events {
                switch event {
                case .plan: names.append("plan")
                case .progress, .message: break
                case .result(let result):
                    names.append("result")
                    #expect(result.status == .done && result.output == output.string)
                }
            }
            #expect(names == ["plan", "result"])
            let verified = try await Verify(Self.image, against: output).run()
            #expect(verified.status == .verified)
            let disc = try await Disc(output)
            #expect(disc.state == .complete && disc.tracks.count == 1 && !disc.tracks[0].isAudio)
        }
    }

    @Test func `a refused job throws its reason, and does nothing`() async throws {
        try await withFolder { folder in
            let output = folder.appending("there.nrg")
            _ = try await Convert(Self.image, to: output).run()
            let error = await #expect(throws: SpindleError.self) {
                try await Convert(Self.image, to: output).run()
            }
            #expect(error?.reason == .outputExists, "\(String(describing: error))")
            #expect(error?.what.isEmpty == false)
            var again = Convert(Self.image, to: output)
            again.replaces = true
            #expect(try await again.run().status == .done)
        }
    }

    @Test func `a job that is done twice is done anew`() async throws {
        let verification = Verify(Self.image, against: Self.image)
        for _ in 0..<2 { #expect(try await verification.run().status == .verified) }
    }

    @Test func `cancelling the task stops the job, and waits for that`() async throws {
        try await withFolder { folder in
            // Big enough to be met in the middle of its work.
            let big = folder.appending("big.iso")
            try Data().write(to: URL(filePath: big.string))
            let file = try FileHandle(forWritingTo: URL(filePath: big.string))
            let head = try Data(contentsOf: URL(filePath: Self.image.string))
            try file.write(contentsOf: head)
            try file.truncate(atOffset: 8 << 30)
            try file.close()
            let output = folder.appending("big.nrg")
            let task = Task {
                do {
                    for try await event in Convert(big, to: output).events {
                        if case .result(let result) = event { return result.status.rawValue }
                    }
                    return "no result"
                } catch let error as SpindleError {
                    return error.reason.rawValue
                } catch {
                    return "\(error)"
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            task.cancel()
            let end = await task.value
            #expect(end == "stopped" || end == "interrupted")
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(left == ["big.iso"])
        }
    }

    @Test func `leaving the loop stops the job`() async throws {
        try await withFolder { folder in
            let output = folder.appending("left.nrg")
            for try await _ in Convert(Self.image, to: output).events { break }
            // It stops by itself, or was done before it heard of it; nothing half-made is left.
            for _ in 0..<100 {
                let left = try FileManager.default.contentsOfDirectory(atPath: folder.string)
                if left.isEmpty || left == ["left.nrg"] { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("The job has left something half-made.")
        }
    }

    @Test func `files are taken out, and what is missing is an error`() async throws {
        try await withFolder { folder in
            let files = folder.appending("files")
            let result = try await Extract(Self.image, to: files).run()
            #expect(result.status == .done && (result.entries ?? 0) > 0)
            let error = await #expect(throws: SpindleError.self) {
                try await Disc(folder.appending("missing.iso"))
            }
            #expect(error?.reason == .noSource)
        }
    }

    @Test func `a virtual disc is made once`() async throws {
        try await withFolder { folder in
            let path = folder.appending("my.disc")
            try SoftwareDrive.makeDisc(path, .dvdPlusR)
            let disc = try await Disc(path)
            #expect(disc.medium == .dvdPlusR && disc.state == .blank && disc.tracks.isEmpty)
            #expect(throws: SpindleError.self) { try SoftwareDrive.makeDisc(path, .dvdPlusR) }
        }
    }
}
