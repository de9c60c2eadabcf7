import DiscAudio
import DiscModel
import Testing

/// A session of a table: where its tracks begin, those of data negative, and its lead-out.
struct TableSession {
    var starts: [Int]
    var leadOut: Int

    init(_ starts: [Int], _ leadOut: Int) {
        self.starts = starts
        self.leadOut = leadOut
    }
}

/// The layout of a disc with such sessions; a track of data that begins at 0 is `Int.min`.
func layout(_ sessions: TableSession...) -> DiscLayout {
    var layout = DiscLayout()
    var number = 1
    for (index, session) in sessions.enumerated() {
        let starts = session.starts.map { $0 == Int.min ? 0 : abs($0) }
        var tracks: [Track] = []
        for (place, start) in starts.enumerated() {
            let end = place + 1 < starts.count ? starts[place + 1] : session.leadOut
            tracks.append(
                Track(
                    number: number,
                    session: index + 1,
                    content: session.starts[place] < 0 ? .data : .audio,
                    start: LBA(start),
                    length: end - start
                )
            )
            number += 1
        }
        layout.sessions.append(
            DiscLayout.Session(number: index + 1, tracks: tracks, leadOut: LBA(session.leadOut))
        )
    }
    return layout
}

/// The table of a disc with one session of sound.
func table(_ starts: [Int], _ leadOut: Int) throws -> AudioTOC {
    try #require(AudioTOC(layout(TableSession(starts, leadOut))))
}
