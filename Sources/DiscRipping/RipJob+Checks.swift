import DiscConversion
import DiscDrives
import DiscImages
import DiscModel
import LinuxCalls
import MMC
public import Reports
import SystemPackage
import Transfer

extension RipJob {
    /// Refuses names that are taken, and formats that are not written.
    ///
    /// To be called before the drive is looked at: a wrong name needs no disc to be found.
    public static func checkOutput(_ options: RipOptions) throws(Failure) {
        let format = try ConversionJob.format(options.conversion)
        if options.keepsWholeSectors, !format.holds.contains(.irregularSectors) {
            let others = ImageFormat.writable.filter { $0.holds.contains(.irregularSectors) }
            let names = others.map { "\($0.displayName) (.\($0.endings[0]))" }
            throw Failure(
                .usage,
                "\(format.displayName) holds user data only, not whole sectors.",
                meaning: "Nothing was read.",
                advice: "Leave --raw out, or choose one of \(names.joined(separator: ", "))."
            )
        }
        // What there is to go on with is looked at once the disc is known.
        guard !options.resumes else { return try checkResuming(options, format) }
        let sums = options.makesSumFiles ? options.digests : []
        let sumFiles = sums.map { SumFile.path(of: options.output, $0) }
        let own = [options.output, options.partial, options.map, options.evidence]
        for path in own + sumFiles {
            // A link that leads nowhere is someone's, too.
            guard FileSystem.exists(path) || FileSystem.linkTarget(path) != nil else { continue }
            guard options.replaces else {
                let isOther = path == options.output || sumFiles.contains(path)
                let resuming = isOther ? "" : "go on with it with \(options.resumption), "
                throw Failure(
                    .trouble,
                    .outputExists,
                    "\(path) exists already.",
                    meaning: "Nothing was read or replaced.",
                    advice: "Choose another name, \(resuming)or replace it with --force."
                )
            }
            let kind = (try? FileSystem.status(path))?.kind
            guard kind != .directory, kind != .pipe else {
                throw Failure(
                    .trouble,
                    .outputExists,
                    "\(path) is a \(kind == .pipe ? "pipe" : "directory"), which a rip does not replace.",
                    meaning: "Nothing was read or replaced.",
                    advice: "Choose another name."
                )
            }
        }
    }

    /// Refuses to go on with an image that is packed as it comes.
    private static func checkResuming(_ options: RipOptions, _ format: ImageFormat)
        throws(Failure)
    {
        guard options.packs(into: format) else { return }
        let isFLAC = options.image.audioFile == .flac
        let others = ImageFormat.writable.filter { $0.order == .any }
        let names = others.map { "\($0.displayName) (.\($0.endings[0]))" }
        throw Failure(
            .usage,
            "\(isFLAC ? "FLAC" : format.displayName) is packed while the disc is read, so that no rip goes on with it.",
            meaning: "Nothing was read.",
            advice:
                "Leave --resume out, or rip to one of \(names.joined(separator: ", ")), and convert the image."
        )
    }

    /// Refuses discs that there is nothing to rip from.
    static func checkDisc(_ report: DiscReport, _ drive: Drive) throws(Failure) {
        if report.state == .none {
            throw Failure(
                .unsuitable,
                .noDisc,
                report.isTrayOpen
                    ? "The tray of the drive \(drive.path) is open."
                    : "There is no disc in the drive \(drive.path).",
                meaning: "Nothing was read.",
                advice: report.isTrayOpen
                    ? "Close the tray with a disc in it, and try again."
                    : "Put a disc in, and try again."
            )
        }
        if let failure = report.unusable(
            in: drive.path.string,
            meaning: "Nothing was read.",
            advice: "Clean the disc, or try another drive."
        ) {
            throw failure
        }
        if report.state == .blank {
            throw Failure(
                .unsuitable,
                .blankDisc,
                "The disc is blank.",
                meaning: "There is nothing to read.",
                advice: "Insert a disc that contains something."
            )
        }
    }

    /// Refuses where the file system that the image goes to has too little room.
    func checkSpace(_ extent: ImageExtent, _ run: RipRun) throws(Failure) {
        let directory = options.output.removingLastComponent()
        let place = directory.isEmpty ? FilePath(".") : directory
        let free: Int
        do {
            free = try FileSystem.freeSpace(at: place)
        } catch {
            throw Failure(writing: place, error)
        }
        let needed = (extent.sectors - run.keptSectors) * RipOptions.bytesPerSector
        guard free >= needed else {
            throw Failure(
                .trouble,
                .noSpace,
                "\(place) has room for \(free) bytes, and the image needs \(needed).",
                meaning: "Nothing was read.",
                advice: "Make room, or choose another place."
            )
        }
    }
}

extension Failure {
    /// Another disc is in the drive than when the rip began.
    static func otherDisc(_ drive: FilePath) -> Failure {
        Failure(
            .trouble,
            .otherDisc,
            "The disc in \(drive) is not the one that it was when the rip began.",
            meaning: "The sectors that were read may be of two discs.",
            advice: "Rip the disc again, with --force, and leave it in the drive until it is done."
        )
    }

    /// An output can't be written.
    init(writing path: FilePath, _ error: any Error) {
        guard let error = error as? SystemError else {
            self.init(writing: path, "\(error)")
            return
        }
        let name = error.path ?? path.string
        if error.isBusy {
            self.init(
                .trouble,
                .outputExists,
                "Another process is writing \(name).",
                meaning: "",
                advice: "Wait until it is done, or choose another name."
            )
        } else if error.isFileExists {
            self.init(
                .trouble,
                .outputExists,
                "\(name) exists already.",
                meaning: "",
                advice: "Choose another name, or replace it with --force."
            )
        } else {
            self.init(
                writing: FilePath(name),
                "\(error.reason).",
                advice: error.isNoSpace ? "Make room, or choose another place." : nil,
                Reason(ofOutput: error)
            )
        }
    }

    /// An output can't be written for some reason.
    init(
        writing path: FilePath,
        _ reason: String,
        advice: String? = nil,
        _ word: Reason = .outputError
    ) {
        self.init(
            .trouble,
            word,
            "\(path) can't be written: \(reason)",
            meaning: "",
            advice: advice ?? "Choose another place, or see its permissions."
        )
    }
}
