import DiscModel

/// How a DiscJuggler image keeps a track's sectors: a code for what they are, and one for how much
/// of each was read.
struct CdiMode: Hashable {
    /// 0 audio, 1 mode 1, 2 mode 2.
    let code: Int
    /// 0 user data, 1 mode 2 without its header, 2 raw, 3 raw with Q, 4 raw with P to W.
    let reading: Int
    let mode: TrackMode
    let form: SectorForm
    var subchannel: Placement.Subchannel.Form?

    /// Bytes of a sector in the file.
    var stride: Int { form.size + (subchannel?.size ?? 0) }

    /// Every pair that is known.
    static let table: [CdiMode] = [
        CdiMode(code: 0, reading: 2, mode: .audio, form: .raw),
        CdiMode(code: 0, reading: 3, mode: .audio, form: .raw, subchannel: .q),
        CdiMode(code: 0, reading: 4, mode: .audio, form: .raw, subchannel: .interleaved),
        CdiMode(code: 1, reading: 0, mode: .mode1, form: .user),
        CdiMode(code: 1, reading: 2, mode: .mode1, form: .raw),
        CdiMode(code: 1, reading: 3, mode: .mode1, form: .raw, subchannel: .q),
        CdiMode(code: 1, reading: 4, mode: .mode1, form: .raw, subchannel: .interleaved),
        CdiMode(code: 2, reading: 0, mode: .mode2Form1, form: .user),
        CdiMode(code: 2, reading: 1, mode: .mode2Mixed, form: .mode2),
        CdiMode(code: 2, reading: 2, mode: .mode2Mixed, form: .raw),
        CdiMode(code: 2, reading: 3, mode: .mode2Mixed, form: .raw, subchannel: .q),
        CdiMode(code: 2, reading: 4, mode: .mode2Mixed, form: .raw, subchannel: .interleaved),
    ]

    static func named(_ code: Int, reading: Int) -> CdiMode? {
        table.first { $0.code == code && $0.reading == reading }
    }

    /// The pair for sectors that are written.
    static func writing(
        _ mode: TrackMode,
        _ form: SectorForm,
        with subchannel: Placement.Subchannel.Form?
    ) -> CdiMode? {
        let code = mode == .audio ? 0 : mode == .mode1 ? 1 : 2
        return table.first {
            $0.code == code && $0.form == form && $0.subchannel == subchannel
        }
    }
}
