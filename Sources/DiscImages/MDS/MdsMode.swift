import DiscModel

/// What the code of a mode in an MDS image says, by its low three bits.
enum MdsMode {
    /// Every code that is known.
    static let table: [(code: Int, mode: TrackMode)] = [
        (1, .audio), (2, .mode1), (3, .mode2), (4, .mode2Form1), (5, .mode2Form2),
    ]

    /// The mode of a code; some programs set high bits.
    static func mode(_ code: Int) -> TrackMode? {
        // ECh is mode 2 of any form.
        code == 0xEC ? .mode2Mixed : table.first { $0.code == code & 7 }?.mode
    }

    /// The code of a mode, as Alcohol writes it.
    static func code(_ mode: TrackMode) -> Int {
        switch mode {
        case .audio: 0xA9
        case .mode1: 0xAA
        case .mode2: 0xAB
        case .mode2Form1, .mode2Mixed: 0xAC
        case .mode2Form2: 0xAD
        }
    }
}
