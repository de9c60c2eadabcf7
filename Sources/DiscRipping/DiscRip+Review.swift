import DiscConversion
import DiscDrives
import DiscImages
import DiscModel
import LinuxCalls
import Reports
import Transfer

/// How often audio is read.
extension DiscRip {
    /// How audio is looked at with what others have, when it was read.
    struct Look {
        /// Whether it is.
        var isPlanned = false
        /// Whether it is read once for the sake of that, where the drive would have it read twice.
        var isReadOnce = false
        /// Where an image that is packed as it comes is kept until then.
        var spool: NamelessFile?
    }

    /// Whether some of the audio should be looked at.
    private func wantsLook(_ disc: DriveDisc) -> Bool {
        options.review != nil && options.retries != 0 && disc.abilities.hasAccurateStream
    }

    /// Finds out whether audio can be read from the disc twice, where it should be: the plan says so, and the
    /// result counts it.
    func measureCache(_ disc: DriveDisc) throws(Failure) {
        guard disc.layout.tracks.contains(where: { $0.mode == .audio }),
            disc.wantedSoundPasses > 1 || wantsLook(disc)
        else { return }
        try disc.measureSoundCache()
    }

    /// Whether audio is looked at.
    ///
    /// A drive that does not begin where it is told to would put what it gives again elsewhere, and of one that gives
    /// it from its buffer there is nothing to see.
    func look(_ disc: DriveDisc) throws(Failure) -> Look {
        var look = Look()
        let tracks = disc.layout.tracks
        guard let review = options.review, wantsLook(disc), disc.givesSoundAgain,
            tracks.contains(where: { $0.mode == .audio })
        else { return look }
        if options.packs(into: try ConversionJob.format(options.conversion)) {
            let most = RawSector.size + SubchannelQ.interleavedSize
            look.spool = RipRun.spool(of: tracks.reduce(0) { $0 + $1.extent.count } * most)
            guard look.spool != nil else { return look }
        }
        look.isPlanned = true
        look.isReadOnce =
            review.knowsDisc && options.passes == nil && !disc.abilities.givesErrorFlags
        return look
    }

    /// How often audio is read, and why.
    func passNote(_ disc: DriveDisc, _ look: Look) -> String {
        let hasC2 = disc.abilities.givesErrorFlags
        let again = options.retries != 0
        if disc.soundPasses > 1 {
            return
                (!hasC2
                ? "Audio is read twice, for the drive does not tell which samples it could not correct"
                : disc.abilities.hasAccurateStream
                    ? "Audio is read twice"
                    : "Audio is read twice, for the drive does not begin where it is told to")
                + (again ? ", and again where the two differ." : ".")
        }
        guard disc.givesSoundAgain else {
            return
                "Audio is read once\(hasC2 ? "" : ", and the drive does not tell which samples it could not correct"): a second read would come out of the drive's buffer, which nothing on the disc empties."
        }
        if look.isPlanned {
            return hasC2
                ? "Audio is read once, and again where C2 tells that the drive could not correct every sample, or databases have other samples."
                : look.isReadOnce
                    ? "Audio is read once, and again where no database has the same samples: the drive does not tell which it could not correct."
                    : "Audio is read once, and again where databases have other samples."
        }
        guard hasC2 else {
            return
                "Audio is read once, and the drive does not tell which samples it could not correct."
        }
        return again
            ? "Audio is read once, and again where C2 tells that the drive could not correct every sample."
            : "Audio is read once; C2 tells which samples the drive could not correct."
    }
}
