import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// Another image of the same disc, whose sectors are taken where this rip lacks them.
struct MergedImage {
    let path: FilePath
    let image: File
    /// What it has; all of it if it has no map.
    let map: SalvageMap

    /// Opens an image, finished or not, with the map beside it.
    ///
    /// - Throws: ``Reports/Failure`` if there is no image, or its map is none.
    init(_ path: FilePath) throws(Failure) {
        let completed = UnfinishedFiles.target(of: path)
        let isPartial = completed != nil
        let plain = completed ?? path
        let partial = UnfinishedFiles.unfinished(plain)
        let named = isPartial || !FileSystem.exists(plain) ? partial : plain
        self.path = named
        image = try RipRemains.image(named)
        let sectors: Int
        do {
            sectors = try image.status().size / RipOptions.bytesPerSector
        } catch {
            throw Failure(reading: named, error)
        }
        let mapPath = UnfinishedFiles.map(of: plain)
        var map = SalvageMap(sectors: sectors)
        if FileSystem.exists(mapPath) {
            map = try RipRemains.map(mapPath, RipOptions.bytesPerSector).map
            map.mark(sectors..<max(sectors, map.sectorCount), .untried)
        } else if named == partial {
            throw Failure(
                .source,
                "\(named) has no map \(mapPath).",
                meaning:
                    "Nothing was taken from it, for nobody knows which of its sectors were read.",
                advice: "Put its map beside it."
            )
        } else {
            map.mark(0..<sectors, .finished)
        }
        self.map = map
    }

    /// Reads sectors.
    ///
    /// - Returns: Whether all of them are there.
    func read(_ sectors: Range<Int>, into buffer: inout MutableSpan<UInt8>) throws(SystemError)
        -> Bool
    {
        let size = sectors.count * RipOptions.bytesPerSector
        let count = try image.read(
            at: sectors.lowerBound * RipOptions.bytesPerSector,
            into: &buffer,
            limit: size
        )
        return count == size
    }
}
