/// The table of a GD-ROM's tracks, as its text has it.
struct GdiSheet {
    static let format = "a GD-ROM's table of tracks"

    /// A line: number, address, control nibble, bytes of a sector, file, place in it.
    struct Track {
        var number: Int
        var address: Int
        var control: Int
        var size: Int
        var file: String
        var place: Int
        /// Where the line begins, for messages.
        var offset: Int
    }

    private(set) var tracks: [Track] = []

    /// Reads a text; `nil` if it is none: it begins with a number alone, and then come lines of
    /// at least five words, of which four are numbers.
    init?(_ text: String, name: String) throws {
        let lines = SheetLine.lines(of: text)
        guard let first = lines.first, first.words.count == 1, let count = Int(first.word(0)),
            (1...99).contains(count), lines.count > 1, Self.track(lines[1])?.number == 1
        else { return nil }
        for (i, line) in lines.dropFirst().enumerated() {
            guard i < count else {
                throw ImageFormatError(
                    name,
                    Self.format,
                    "the number of tracks",
                    at: first.offset,
                    "is \(count), and there are \(lines.count - 1) lines of tracks"
                )
            }
            guard let track = Self.track(line) else {
                throw ImageFormatError(
                    name,
                    Self.format,
                    "the line of track \(i + 1)",
                    at: line.offset,
                    "is not one of four numbers, a file and a number"
                )
            }
            tracks.append(track)
        }
        guard tracks.count == count else {
            throw ImageFormatError(
                name,
                Self.format,
                "the number of tracks",
                at: first.offset,
                "is \(count), and there are \(tracks.count) lines of tracks"
            )
        }
    }

    private static func track(_ line: SheetLine) -> Track? {
        let numbers = line.words.prefix(4).compactMap { Int($0) }
        guard numbers.count == 4, line.words.count >= 5 else { return nil }
        // A name without quotation marks may be of several words.
        let place = line.words.count > 5 ? Int(line.words[line.words.count - 1]) : 0
        let end = line.words.count > 5 ? line.words.count - 1 : 5
        guard let place else { return nil }
        return Track(
            number: numbers[0],
            address: numbers[1],
            control: numbers[2],
            size: numbers[3],
            file: line.words[4..<end].joined(separator: " "),
            place: place,
            offset: line.offset
        )
    }
}
