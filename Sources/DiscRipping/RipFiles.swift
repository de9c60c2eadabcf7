import LinuxCalls
import SystemPackage
import Transfer

/// The files of a rip: the image on its way to its name, and the map of what was read of it.
///
/// The image is claimed for as long as it has no name. The map is written anew each time, and gets
/// its name when it is complete; one that somebody else put there meanwhile is not replaced.
final class RipFiles {
    /// The image.
    let image: File
    private let options: RipOptions
    private let unfinished: UnfinishedFiles
    /// Which file the map is that this rip wrote last.
    private var ownMap: FileIdentity?

    /// Makes the image's file, empty.
    ///
    /// - Throws: `SystemError` if it can't be made, or another process is writing it.
    init(_ options: RipOptions) throws(SystemError) {
        self.options = options
        unfinished = try UnfinishedFiles(
            [options.output],
            replaces: options.replaces,
            survives: true
        )
        do throws(SystemError) {
            image = try unfinished.begin()[0]
        } catch {
            unfinished.abandon()
            throw error
        }
    }

    /// Writes the map.
    func write(_ map: SalvageMap, position: Int, _ activity: SalvageMapFile.Activity)
        throws(SystemError)
    {
        ownMap = try UnfinishedFiles.write(
            Array(
                SalvageMapFile(map, position: position, activity).text(bytesPerSector: 2048).utf8
            ),
            to: options.map,
            replaces: options.replaces || isMapOwn
        )
    }

    private var isMapOwn: Bool {
        ownMap != nil && FileSystem.identity(options.map, followsLinks: false) == ownMap
    }

    /// Waits until the image is on the storage; it has no name yet.
    func complete() throws(SystemError) { try unfinished.complete() }

    /// Gives the image its name.
    ///
    /// - Parameter keepsMap: Whether the map belongs to it; else one of an earlier rip, or of this one
    ///   on its way, is taken away.
    /// - Throws: `SystemError` if something else has that name meanwhile, or what was written is lost.
    func finish(keepsMap: Bool) throws(SystemError) {
        if !keepsMap, options.replaces || isMapOwn { unfinished.retire(options.map) }
        try unfinished.finish()
    }

    /// Leaves the image under the name that it has on its way.
    func keep() throws(SystemError) { try unfinished.keep() }

    /// Takes away what this rip made.
    func abandon() {
        removeMap()
        unfinished.abandon()
    }

    /// Takes the map away if it is this rip's.
    func removeMap() {
        if isMapOwn { try? FileSystem.remove(options.map) }
    }
}
