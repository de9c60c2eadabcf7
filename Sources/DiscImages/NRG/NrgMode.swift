import DiscModel

/// What the code of a mode in an NRG image says of a track's sectors.
struct NrgMode: Hashable {
    let code: Int
    let mode: TrackMode
    let form: SectorForm
    var subchannel: Placement.Subchannel.Form?

    /// Bytes of a sector in the file.
    var stride: Int { form.size + (subchannel?.size ?? 0) }

    /// Where an image keeps sectors of this mode.
    func placement(of sectors: Range<Int>, at offset: Int) -> Placement {
        Placement(sectors, form, offset: offset, with: subchannel)
    }

    /// Every code that is known.
    static let table: [NrgMode] = [
        NrgMode(code: 0x00, mode: .mode1, form: .user),
        NrgMode(code: 0x02, mode: .mode2Form1, form: .user),
        NrgMode(code: 0x03, mode: .mode2Mixed, form: .mode2),
        NrgMode(code: 0x05, mode: .mode1, form: .raw),
        NrgMode(code: 0x06, mode: .mode2Mixed, form: .raw),
        NrgMode(code: 0x07, mode: .audio, form: .raw),
        NrgMode(code: 0x08, mode: .audio, form: .raw),
        NrgMode(code: 0x0F, mode: .mode1, form: .raw, subchannel: .interleaved),
        NrgMode(code: 0x10, mode: .audio, form: .raw, subchannel: .interleaved),
        NrgMode(code: 0x11, mode: .mode2Mixed, form: .raw, subchannel: .interleaved),
    ]

    /// The mode of a code, with the bytes of a sector where the image tells them: MagicISO and
    /// UltraISO write code 0 for raw sectors, too.
    static func named(_ code: Int, stride: Int?) -> NrgMode? {
        guard let known = table.first(where: { $0.code == code }) else { return nil }
        guard let stride, stride != known.stride else { return known }
        switch stride {
        case 2048 where known.mode.isData, 2336 where known.mode.isMode2:
            return NrgMode(
                code: code,
                mode: known.mode == .mode1 || stride == 2336 ? known.mode : .mode2Form1,
                form: stride == 2048 ? .user : .mode2
            )
        case 2352: return NrgMode(code: code, mode: known.mode, form: .raw)
        case 2448:
            return NrgMode(code: code, mode: known.mode, form: .raw, subchannel: .interleaved)
        default: return nil
        }
    }
}
