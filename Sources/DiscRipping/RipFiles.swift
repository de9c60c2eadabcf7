import LinuxCalls
import SystemPackage
import Transfer

/// The files of a rip: the image on its way to its name, and the map of what was read of it.
///
/// The image is claimed for as long as it has no name. The map is there before the first sector: by it
/// everybody knows the image for a rip's, whatever becomes of this process.
final class RipFiles {
    /// The image.
    let image: File
    /// The map.
    let map: RipMap
    /// Whether they were made by this rip.
    let isNew: Bool
    private let unfinished: UnfinishedFiles
    private let evidence: FilePath
    /// Whether a file of that name is this image's, or may be replaced.
    private let isReplacingEvidence: Bool

    /// Makes the files of a new rip.
    ///
    /// - Throws: `SystemError` if one can't be made, or another process is writing it.
    init(_ options: RipOptions, new map: SalvageMapFile) throws(SystemError) {
        isNew = true
        evidence = options.evidence
        isReplacingEvidence = options.replaces
        unfinished = try UnfinishedFiles(
            [options.output],
            replaces: options.replaces,
            survives: true
        )
        self.map = RipMap(
            options.map,
            replaces: options.replaces,
            isOwn: false,
            bytesPerSector: 2048
        )
        do throws(SystemError) {
            image = try unfinished.begin()[0]
            try self.map.write(map)
        } catch {
            unfinished.abandon()
            throw error
        }
    }

    /// Takes the files of a rip that was not finished, or is finished and lacks sectors.
    ///
    /// - Throws: `SystemError` if one can't be opened, or another process is writing it.
    init(_ options: RipOptions, goingOnFrom kind: RipRemains.Kind) throws(SystemError) {
        // While sectors are added, nothing has the name of something finished.
        if kind == .finished { try UnfinishedFiles.unfinish(options.output) }
        isNew = false
        evidence = options.evidence
        isReplacingEvidence = true
        unfinished = try UnfinishedFiles(
            [options.output],
            replaces: false,
            survives: true,
            adopts: true
        )
        map = RipMap(options.map, replaces: false, isOwn: true, bytesPerSector: 2048)
        image = try unfinished.adopt()[0]
    }

    /// Writes what is known of the sectors besides that they were read, if there is anything.
    func write(_ known: SalvageEvidence) throws(SystemError) {
        guard !known.isEmpty else { return }
        try UnfinishedFiles.write(
            Array(known.text(bytesPerSector: RipOptions.bytesPerSector).utf8),
            to: evidence,
            replaces: isReplacingEvidence
        )
    }

    /// Waits until the image is on the storage; it has no name yet.
    func complete() throws(SystemError) { try unfinished.complete() }

    /// Gives the image its name.
    ///
    /// - Parameter keepsMap: Whether the map belongs to it; else one of an earlier rip, or of this one
    ///   on its way, is taken away.
    /// - Throws: `SystemError` if something else has that name meanwhile, or what was written is lost.
    func finish(keepsMap: Bool) throws(SystemError) {
        if !keepsMap {
            if map.isReplaceable { unfinished.retire(map.path) }
            if isReplacingEvidence { unfinished.retire(evidence) }
        }
        try unfinished.finish()
    }

    /// Leaves the image under the name that it has on its way.
    func keep() throws(SystemError) { try unfinished.keep() }

    /// Takes away what this rip made.
    func abandon() {
        map.remove()
        unfinished.abandon()
    }
}
