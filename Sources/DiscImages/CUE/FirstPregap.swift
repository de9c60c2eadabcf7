import DiscModel

/// How the PREGAP of a sheet's first track is meant: programs that rip audio count it from address 0,
/// those that burn count it from the beginning of the two seconds before that.
enum FirstPregap: CaseIterable {
    /// From −150 on, as in CDRWIN and libburn: of PREGAP 00:02:00 nothing lies at address 0.
    case fromPause
    /// From 0 on, as in EAC, whipper, cyanrip and CUETools.
    case fromZero

    /// The sectors from address 0 on that the pregap takes.
    func sectors(of pregap: Int) -> Int {
        self == .fromZero ? pregap : max(0, pregap - CDGaps.firstPause)
    }

    /// Programs that count from address 0, as they call themselves in a sheet's remarks.
    private static let rippers = [
        "exactaudiocopy", "exact audio copy", "whipper", "morituri", "cyanrip", "cuetools",
        "cueripper", "xld", "x lossless decoder",
    ]

    /// Whether a sheet says by its remarks that a ripper wrote it.
    static func isRippers(_ sheet: CueSheet) -> Bool {
        sheet.texts[0].remarks.contains { remark in
            let remark = remark.lowercased()
            return remark.hasPrefix("comment") && rippers.contains { remark.contains($0) }
        }
    }

    /// The identifier of a disc that a sheet gives, as freedb made it; `nil` if it gives none.
    static func identifier(in sheet: CueSheet) -> UInt32? {
        sheet.texts[0].remarks.lazy.compactMap { remark in
            let words = remark.split(separator: " ")
            guard words.count == 2, words[0].uppercased() == "DISCID" else { return nil }
            return UInt32(words[1].filter { $0 != "\"" }, radix: 16)
        }.first
    }

    /// The identifier that freedb made of a disc's tracks: the sums of the digits of their times in
    /// seconds, the disc's length in seconds, and the number of tracks.
    static func identifier(of layout: DiscLayout) -> UInt32? {
        let tracks = layout.tracks
        guard let first = tracks.first, let leadOut = layout.leadOut else { return nil }
        func seconds(_ address: LBA) -> Int {
            max(0, address.rawValue + MSF.offset) / MSF.framesPerSecond
        }
        let sum = tracks.reduce(0) { sum, track in
            sum + String(seconds(track.start)).utf8.reduce(0) { $0 + Int($1) - 0x30 }
        }
        let length = max(0, seconds(leadOut) - seconds(first.start))
        return UInt32(truncatingIfNeeded: (sum % 255) << 24 | length << 8 | tracks.count)
    }
}
