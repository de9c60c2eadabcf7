import DiscChecksums
import DiscFiles
public import DiscImages
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Puts an MD5 into an ISO 9660 image as `implantisomd5` does, and checks one as `checkisomd5` does.
public struct ImplantedCheck {
    private let path: FilePath
    private let secrets: ImageSecrets?

    /// Prepares it.
    ///
    /// - Parameters:
    ///   - path: A drive's device node or an image; to put a checksum in, a plain image.
    ///   - secrets: What gives the password of an image, if it needs one.
    public init(_ path: FilePath, secrets: ImageSecrets? = nil) {
        self.path = path
        self.secrets = secrets
    }

    /// Makes the checksum of an image and writes it into the image's primary volume descriptor.
    ///
    /// - Parameters:
    ///   - replaces: Whether what stands there already is lost.
    ///   - cancellation: Heeded until the checksum is written.
    ///   - tell: Told the progress.
    /// - Returns: The result, which is done.
    /// - Throws: ``Reports/Failure`` if it is no plain image with an ISO 9660 volume, or can't be written;
    ///   it is as it was then.
    public func implant(
        replaces: Bool,
        _ cancellation: Cancellation,
        tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        if (try? FileDetails(path, followsLinks: false))?.kind == .link {
            throw Failure(
                .source,
                "\(path) is a link.",
                meaning: "It is as it was.",
                advice: "Name the image that it leads to."
            )
        }
        let opened = try DiscImage(path, secrets: secrets, cancellation: cancellation)
        guard opened.format?.name == ImageFormat.iso.name,
            opened.paths == [path], opened.source.sectorSize == 2048
        else {
            throw Failure(
                .source,
                "\(path) is no plain image.",
                meaning: "It is as it was.",
                advice: "Make one of it with “spindle convert”."
            )
        }
        do {
            let file = try File(path, .update, nonBlocking: true)
            guard try file.tryLock() else {
                throw Failure(
                    .unsuitable,
                    "\(path) is in use.",
                    meaning: "It is as it was.",
                    advice: "Wait until it is free."
                )
            }
            let size = try file.status().size
            var meter = RateMeter(phase: .hash, total: size)
            let sum = try ImplantedSum.implant(into: file, replaces: replaces, cancellation) {
                done,
                _ in
                if meter.isDue { tell(.progress(meter.progress(bytes: done))) }
            }
            try file.synchronize()
            var result = JobResult(.done, verb: "sum", bytes: size)
            result.output = path.string
            result.sums = ["implanted-md5": sum.md5]
            result.sentences = ["\(path) holds its own MD5 now."]
            return result
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(implanted: path, error)
        }
    }

    /// Makes the checksum of a disc or an image and compares it with the one that is in it.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the progress.
    /// - Returns: The result, which is verified or differs.
    /// - Throws: ``Reports/Failure`` if there is no such checksum, or not all can be read.
    public func check(_ cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        let disc = try ReadableDisc(path, secrets: secrets, cancellation: cancellation)
        do {
            let content = try DiscContent.examine(disc.source)
            guard let wanted = content.implantedChecksum else {
                throw Failure(
                    .source,
                    .badSource,
                    "There is no MD5 in \(path).",
                    meaning: "Nothing was checked.",
                    advice: "“spindle sum --implant” puts one into an image."
                )
            }
            var meter = RateMeter(
                phase: .verify,
                total: content.volumeEnd.map { Int(clamping: $0) }
            )
            let count = wanted.fragmentCount ?? ImplantedSum.fragmentCount
            var bytes = 0
            let found = try ImplantedSum(
                of: disc.source,
                skipping: wanted.skippedSectors,
                fragments: count,
                cancellation
            ) { done, total in
                bytes = total
                if meter.isDue { tell(.progress(meter.progress(bytes: done))) }
            }
            let isSame = found.md5 == wanted.md5
            var result = JobResult(isSame ? .verified : .differs, verb: "sum", bytes: bytes)
            result.sums = ["implanted-md5": found.md5]
            result.sentences =
                isSame
                ? Self.reach(of: bytes, in: disc, skipping: wanted.skippedSectors)
                : ["\(path) is not what it was when the MD5 was put into it."]
            if !isSame { result.sentences += Self.place(found, wanted, count, bytes) }
            return result
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(implanted: path, error)
        }
    }

    /// What of a disc is as its MD5 says, and what that says nothing of.
    private static func reach(of bytes: Int, in disc: ReadableDisc, skipping skipped: Int)
        -> [String]
    {
        // More lies behind the volume where a session was added, or something else.
        let rest = max(skipped, (disc.source.sectorCount ?? 0) - bytes / 2048)
        let part = rest > 0 ? "; its last \(Wording.sectors(rest)) are not part of that" : ""
        var sentences = ["\(disc.path) has the MD5 that is in it\(part)."]
        let later = disc.sessions.dropFirst().map { String($0.number) }
        if !later.isEmpty {
            let numbers = later.count == 1 ? "session" : "sessions"
            sentences.append("Of \(numbers) \(later.joined(separator: ", ")) nothing was checked.")
        }
        return sentences
    }

    /// Where the sums on the way begin to differ.
    private static func place(
        _ found: ImplantedSum,
        _ wanted: ImplantedChecksum,
        _ count: Int,
        _ bytes: Int
    ) -> [String] {
        guard let fragments = wanted.fragmentSums, count > 0, found.fragments != fragments else {
            return []
        }
        let same = zip(found.fragments, fragments).prefix { $0 == $1 }.count
        let digits = max(1, fragments.count / count)
        let part = same / digits
        let before = Int(Double(bytes) * Double(part) / Double(count + 1))
        return ["The first difference lies after byte \(before), or a little before."]
    }
}

extension Failure {
    fileprivate init(implanted path: FilePath, _ error: any Error) {
        switch error {
        case ImplantedSum.Trouble.noVolume:
            self.init(
                .source,
                "\(path) has no ISO 9660 volume, in which such an MD5 is kept.",
                meaning: "It is as it was.",
                advice: "Make checksums beside it with “spindle sum”."
            )
        case ImplantedSum.Trouble.empty:
            self.init(
                .source,
                .badSource,
                "An MD5 in \(path) is of none of its sectors.",
                meaning: "It is as it was.",
                advice: "Make checksums beside it with “spindle sum”."
            )
        case ImplantedSum.Trouble.truncated(let sector):
            self.init(
                .source,
                .truncated,
                "\(path) is truncated: its volume goes on, and there is no sector \(sector).",
                meaning: "It is as it was.",
                advice: "Get it again from where it came."
            )
        case ImplantedSum.Trouble.fieldInUse:
            self.init(
                .source,
                "The place for the MD5 in \(path) holds something already.",
                meaning: "It is as it was.",
                advice: "Replace that with --force."
            )
        case ImplantedSum.Trouble.stopped:
            self.init(
                .interruption,
                "The reading of \(path) was stopped.",
                meaning: "It is as it was.",
                advice: ""
            )
        case let error as SystemError:
            self.init(
                .trouble,
                Reason(ofOutput: error),
                "\(path) can't be read or written: \(error.reason).",
                meaning: "It is as it was.",
                advice: "See that you may write to it."
            )
        default:
            self.init(
                .trouble,
                .readError,
                "\(path) can't be read: \(error)",
                meaning: "Nothing was found out.",
                advice: "Try again, or rip the disc and check the image."
            )
        }
    }
}
