import DiscModel
import LinuxCalls
import MMC
import Reports

/// Looks on a disc that can be written anywhere for something that is not zero.
///
/// What is there is to be overwritten with consent only, so anything that can't be read counts as data:
/// it can't be shown to be nothing.
package struct DataSearch {
    /// Sectors at the beginning that are all looked at: file systems, partition tables and images have
    /// something there.
    package static let beginning = 4096
    /// Sectors at a place: 32 KiB, which nearly every bridge carries in a command.
    private static let step = 16
    /// Reads of the same sectors that may fail before they count as unreadable.
    private static let tries = 3
    /// Seconds that a drive which is not ready is given.
    private static let patience = 30.0

    let reading: any Transport
    /// The sectors of the disc.
    let sectors: Int
    /// Those of them that are known to be formatted, so that they can be read.
    let formatted: Int

    /// Sectors in a command: fewer where as many could not be read and fewer could.
    private var sectorsPerCommand = step

    init(reading: any Transport, sectors: Int, formatted: Int? = nil) {
        self.reading = reading
        self.sectors = sectors
        self.formatted = formatted ?? sectors
    }

    /// What some sectors hold.
    private enum Finding { case nothing, something }

    /// Whether there is anything but zeros at the beginning, or at places spread over the disc.
    ///
    /// - Throws: ``Reports/Failure`` where the drive can't be reached.
    mutating func findsData() throws(Failure) -> Bool {
        for place in places where place < sectors {
            let end = min(place + Self.step, sectors)
            var next = place
            while next < end {
                let range = next..<min(next + sectorsPerCommand, end)
                if try look(range) == .something { return true }
                next = range.upperBound
            }
        }
        return false
    }

    /// First where most discs have something, then the rest of the beginning, and beyond it at the
    /// eighths of the disc, at its end, and further and further out.
    private var places: [Int] {
        var places = [16, 0, 32, 256, 512]
        places += stride(from: 48, to: Self.beginning, by: Self.step)
        places += (1..<8).flatMap { [sectors / 8 * $0, sectors / 8 * $0 + Self.step] }
        places += [max(0, sectors - 2 * Self.step), max(0, sectors - Self.step)]
        var far = Self.beginning
        while far < sectors {
            places.append(far)
            far *= 2
        }
        return places
    }

    /// Reads sectors and, where that fails, fewer of them.
    private mutating func look(_ range: Range<Int>) throws(Failure) -> Finding {
        var patience = Patience()
        var failures = 0
        while true {
            let completion: Completion
            let bytes: [UInt8]
            do {
                (completion, bytes) = try reading.fetch(
                    .read(at: LBA(range.lowerBound), sectors: range.count)
                )
            } catch {
                // A way that does not carry so much may carry less.
                guard error.code == .failed, range.count > 1 else {
                    throw Failure(error, meaning: "The disc was not touched.")
                }
                return try lookInHalves(range)
            }
            if completion.succeeded {
                return Bytes.areZero(bytes.span) ? .nothing : .something
            }
            if patience.asksAgain(completion.sense, within: Self.patience) { continue }
            switch (completion.sense?.key, completion.sense?.asc) {
            case (.blankCheck, _):
                // Nothing is recorded there (SPC-4 §4.5.6).
                return .nothing
            case (.illegalRequest, 0x21) where range.lowerBound >= min(Self.beginning, formatted):
                // Behind the end of what is formatted.
                return .nothing
            default:
                failures += 1
            }
            guard failures >= Self.tries else { continue }
            return range.count > 1 ? try lookInHalves(range) : .something
        }
    }

    private mutating func lookInHalves(_ range: Range<Int>) throws(Failure) -> Finding {
        let middle = range.lowerBound + range.count / 2
        guard try look(range.lowerBound..<middle) == .nothing else { return .something }
        sectorsPerCommand = min(sectorsPerCommand, middle - range.lowerBound)
        return try look(middle..<range.upperBound)
    }
}
