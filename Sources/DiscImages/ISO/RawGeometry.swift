import DiscModel

/// A way in which an image without a descriptor can keep its sectors.
struct RawGeometry {
    /// Bytes from one sector to the next.
    let stride: Int
    /// How much of a sector is kept.
    let form: SectorForm
    /// The bytes behind it that are subchannel.
    let subchannel: Int
    /// Where user data lie in a sector of each mode.
    let user: [(mode: TrackMode, offset: Int)]

    /// Every way that is known, those that a sync pattern shows first.
    static let table: [RawGeometry] = [
        RawGeometry(stride: 2352, form: .raw, subchannel: 0, user: rawUser),
        RawGeometry(stride: 2448, form: .raw, subchannel: 96, user: rawUser),
        RawGeometry(stride: 2368, form: .raw, subchannel: 16, user: rawUser),
        RawGeometry(stride: 2048, form: .user, subchannel: 0, user: [(.mode1, 0)]),
        RawGeometry(stride: 2336, form: .mode2, subchannel: 0, user: [(.mode2Mixed, 8)]),
        RawGeometry(stride: 2332, form: .form2, subchannel: 0, user: [(.mode2Mixed, 8)]),
        RawGeometry(stride: 2056, form: .form1, subchannel: 0, user: [(.mode2Form1, 8)]),
    ]

    private static let rawUser: [(mode: TrackMode, offset: Int)] = [
        (.mode1, 16), (.mode2Mixed, 24),
    ]
}
