import DiscModel
import MMC

/// A way to read sectors: how many bytes of each come, and the commands that may bring them.
struct SectorWay: Sendable {
    /// Bytes in a sector.
    var sectorSize: Int
    /// The commands that may serve, the best first; the others are tried where a drive refuses it.
    var commands: [@Sendable (LBA, Int) -> Command]
    /// Whether a drive that calls a sector one of another kind is to be believed (sense 5/64/00).
    var mindsKind = false

    /// 2048 bytes of user data.
    ///
    /// READ(10) on DVD and BD, READ CD on CD, for there READ(10) follows the drive's mode instead of
    /// the track's (MMC-6 §6.17, §6.19); it serves all the same where a drive has no READ CD, or does
    /// not take it for this disc.
    static func user(_ report: DiscReport) -> SectorWay {
        report.medium?.facts.family == .cd ? userOfCD(isMode2: hasMode2(report)) : userOfDVD
    }

    /// Whether the drive says that the disc has a track of mode 2.
    static func hasMode2(_ report: DiscReport) -> Bool {
        report.trackStates.contains { $0.isData && $0.dataMode == 2 }
    }

    /// 2048 bytes of user data of a DVD or BD.
    static let userOfDVD = SectorWay(
        sectorSize: 2048,
        commands: [{ .read(at: $0, sectors: $1) }]
    )

    /// 2048 bytes of user data of a CD.
    static func userOfCD(isMode2: Bool) -> SectorWay {
        SectorWay(
            sectorSize: 2048,
            commands: [
                { .readCD(at: $0, sectors: $1, expecting: isMode2 ? .mode2Form1 : .mode1) },
                { .read(at: $0, sectors: $1) },
            ]
        )
    }

    /// The whole sectors of a CD: of audio its samples, with audio expected, so that data are never
    /// taken for audio, unless the drive refuses that from the beginning (MMC-6 §6.19).
    static func whole(
        isAudio: Bool,
        errorFlags: Command.SectorParts.ErrorFlags = .none,
        subchannel: Command.SectorParts.Subchannel = .none
    ) -> SectorWay {
        let main: Command.SectorParts.Main = isAudio ? .user : .whole
        let parts = Command.SectorParts(main, errorFlags: errorFlags, subchannel: subchannel)
        let expected: [Command.ExpectedSector] = isAudio ? [.audio, .any] : [.any]
        return SectorWay(
            sectorSize: parts.size(of: .any),
            commands: expected.map { expected in
                { .readCD(at: $0, sectors: $1, expecting: expected, parts: parts) }
            },
            mindsKind: isAudio
        )
    }

    /// Subchannel alone, or behind sectors of which it is all that is wanted.
    static func subchannel(
        _ kind: Command.SectorParts.Subchannel,
        behind main: Command.SectorParts.Main
    )
        -> SectorWay
    {
        let parts = Command.SectorParts(main, subchannel: kind)
        return SectorWay(
            sectorSize: parts.size(of: .any),
            commands: [{ .readCD(at: $0, sectors: $1, expecting: .any, parts: parts) }]
        )
    }
}
