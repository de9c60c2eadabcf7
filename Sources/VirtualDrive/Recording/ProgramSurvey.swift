import DiscModel

/// What the Q of a program area tells of its tracks: their pregaps, indexes and codes.
struct ProgramSurvey {
    /// What is known of a track.
    struct Found {
        /// The first sector at index 0.
        var pregap: Int?
        /// The first sector at index 1.
        var start: Int?
        /// Where index 2 and those after it begin.
        var indices: [Int] = []
        var isrc: String?
    }

    /// The tracks by their numbers.
    private(set) var found: [Int: Found] = [:]
    private(set) var catalog: String?
    /// The track that went by last, and its control nibble.
    private(set) var track = 0
    private(set) var control = 0

    /// Takes the Q of a sector; what has a wrong CRC or another sector's time tells nothing.
    mutating func take(_ q: [UInt8], at lba: Int) {
        switch RecordedQ(q) {
        case .position(let position)
        where position.track != 0xAA && position.absolute == MSF(LBA(lba)):
            track = position.track
            control = position.control
            note(index: position.index, at: lba, sinceStart: position.relative.frames)
        case .catalog(let digits):
            catalog = catalog ?? digits
        case .recordingCode(let code) where track > 0:
            if found[track]?.isrc == nil { found[track, default: Found()].isrc = code }
        default:
            break
        }
    }

    private mutating func note(index: Int, at lba: Int, sinceStart relative: Int) {
        var known = found[track] ?? Found()
        switch index {
        case 0 where known.pregap == nil && known.start == nil: known.pregap = lba
        // The first sector's own Q may be one with a code.
        case 1 where known.start == nil: known.start = lba - relative
        case 2...99 where known.start != nil && index == known.indices.count + 2:
            known.indices.append(lba)
        default: return
        }
        found[track] = known
    }
}
