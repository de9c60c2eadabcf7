import DiscConversion
import DiscDrives
import DiscImages
import DiscModel
import DiscRipping
import DiscVerification
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer
import VirtualDrive

/// Discs of every kind, ripped into images of every format.
@Suite struct DiscRipTests {
    /// A pressed disc in a drive, and the image that it was pressed from.
    private final class Bench {
        let folder: Folder
        let image: DiscImage
        let recorder: VirtualRecorder
        let drive: Drive

        init(_ disc: SampleDisc, faults: [Fault] = []) throws {
            folder = try Folder()
            try folder.write("image.bin", disc.bytes)
            let sheet = try folder.write("image.cue", disc.cueSheet())
            image = try DiscImage(sheet)
            recorder = VirtualRecorder(
                disc: try VirtualDisc(opening: sheet, for: .drive),
                faults: faults
            )
            drive = try Drive("/dev/sr0", over: recorder)
        }

        deinit { recorder.removeDisc() }

        func rip(
            _ name: String,
            _ format: ImageFormat? = nil,
            allowsLoss: Bool = false,
            _ change: (inout RipOptions) -> Void = { _ in }
        ) throws(Failure) -> JobResult {
            var options = RipOptions(output: folder.path(name))
            options.format = format?.name
            options.allowsLoss = allowsLoss
            change(&options)
            return try RipJob(drive: drive, options: options)
                .run(cancellation: Cancellation()) { _ in }
        }

        func convert(_ name: String, _ format: ImageFormat) throws -> JobResult {
            var options = ConversionOptions(output: folder.path(name))
            options.format = format.name
            options.allowsLoss = true
            return try ConversionJob(image, options: options)
                .run(cancellation: Cancellation()) { _ in }
        }

        /// The bytes of the files whose names begin like that, by the rest of their names.
        func files(_ stem: String) throws -> [String: [UInt8]] {
            let names = try folder.names().filter {
                $0.hasPrefix(stem) && !$0.hasSuffix(".loss.txt")
            }
            return Dictionary(
                uniqueKeysWithValues: try names.map {
                    (String($0.dropFirst(stem.count)), try folder.read($0))
                }
            )
        }
    }

    private static let album: SampleDisc = {
        var disc = SampleDisc.mixed
        disc.title = "Album"
        disc.sessions[0].tracks[1].title = "First"
        disc.sessions[0].tracks[2].title = "Second"
        return disc
    }()

    private static let discs = SampleDisc.all + [("album", album)]

    private static func keepsWholeSectors(_ format: ImageFormat) -> Bool {
        format.holds.contains(.irregularSectors)
    }

    /// A conversion of the image that the disc was pressed from is a witness that reads no drive.
    @Test(arguments: discs.indices)
    func `a rip holds what a conversion of the pressed image holds`(_ index: Int) throws {
        let (name, disc) = Self.discs[index]
        let bench = try Bench(disc)
        for format in ImageFormat.writable {
            let ending = format.endings[0]
            do {
                _ = try bench.convert("image-\(format.name).\(ending)", format)
            } catch let failure as Failure {
                #expect(failure.status == .refused)
                #expect(throws: Failure.self) {
                    try bench.rip("rip-\(format.name).\(ending)", format, allowsLoss: true)
                }
                continue
            }
            let result = try bench.rip("disc-\(format.name).\(ending)", format, allowsLoss: true)
            // What is wrong on the disc in each read is kept, and named.
            let isWrong = name == "errors" && (result.damagedSectors ?? 0) > 0
            #expect(
                result.status == (isWrong ? .incomplete : .done),
                "\(name), \(format.name): \(result.sentences)"
            )
            #expect(isWrong == (name == "errors" && Self.keepsWholeSectors(format)))
            #expect(try bench.folder.names().allSatisfy { !$0.hasSuffix(".part") })
            let ripped = try DiscImage(bench.folder.path("disc-\(format.name).\(ending)"))
            let made = try DiscImage(bench.folder.path("image-\(format.name).\(ending)"))
            let comparison = try DiscComparison(made.disc, ripped.disc)
                .run(cancellation: Cancellation()) { _ in }
            #expect(
                comparison.isSame && comparison.sectors > 0,
                "\(name), \(format.name): \(comparison.differences)"
            )
        }
    }
}
