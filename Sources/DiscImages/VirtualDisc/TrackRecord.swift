import DiscModel

/// A track of a virtual disc.
public struct TrackRecord: Codable, Hashable, Sendable {
    /// What is kept of a sector.
    public enum Form: String, Codable, Sendable {
        /// 2048 bytes of user data; everything else follows from them and from the address.
        case cooked
        /// 2352 bytes.
        case raw
        /// 2352 bytes and 96 of subchannel.
        case rawWithSubchannel
    }

    /// The track's number, from 1.
    public var number: Int
    /// The first sector at index 1.
    public var start: Int
    /// The recorded sectors before it that belong to the track: its index 0.
    public var pregap: Int
    /// The control nibble of its Q: bit 2 set for data.
    public var control: Int
    /// The data mode: 0 audio, 1, 2.
    public var dataMode: Int
    /// What is kept of its sectors.
    public var form: Form
    /// The sectors set aside for it, where so.
    public var reserved: Int?
    /// The sectors recorded from ``start`` on, run-out included.
    public var written: Int
    /// The sectors at its end that only link it to what follows and can't be read as data.
    public var runOut: Int
    /// Whether nothing can be added.
    public var isClosed: Bool
    /// Whether its recording was interrupted.
    public var isDamaged: Bool
    /// Whether it was written in packets.
    public var isPacket: Bool
    /// The sectors of a packet, where all are of one size: then the links between them have no
    /// addresses (method 2, MMC-6 §4.2.5.5).
    public var packetSize: Int?
    /// Where the links between packets of any size begin, ``link`` sectors each.
    public var links: [Int]?
    /// Where index 2 and those after it begin.
    public var indices: [Int]
    /// The international standard recording code, 12 characters.
    public var isrc: String?

    /// Creates an open track without a recorded sector.
    public init(
        number: Int,
        start: Int,
        pregap: Int = 0,
        control: Int = 4,
        dataMode: Int = 1,
        form: Form = .cooked,
        reserved: Int? = nil,
        isPacket: Bool = false
    ) {
        self.number = number
        self.start = start
        self.pregap = pregap
        self.control = control
        self.dataMode = dataMode
        self.form = form
        self.reserved = reserved
        written = 0
        runOut = 0
        isClosed = false
        isDamaged = false
        self.isPacket = isPacket
        indices = []
    }

    /// Whether it holds data, not audio.
    public var isData: Bool { control & 4 != 0 }

    /// The sectors that link one packet to the next: two of run-out, one to link, four of run-in
    /// (MMC-6 §4.2.5.4).
    public static let link = 7

    /// The sectors that the track takes on the disc now: what is recorded or set aside, and the links
    /// that have no addresses.
    public var extent: Int { max(written + hiddenLinks, reserved ?? 0) }

    /// The sectors of links that have no addresses; a closed track ends with its last packet.
    private var hiddenLinks: Int {
        guard let packetSize, packetSize > 0 else { return 0 }
        let packets = max(0, written - runOut) / packetSize
        return Self.link * max(0, isClosed ? packets - 1 : packets)
    }

    /// The sector after its last.
    public var end: Int { start + extent }

    /// Whether the sector written last is in a packet that has not been ended.
    public var isInPacket: Bool {
        written > 0 && links?.last.map { $0 + Self.link == start + written } != true
    }

    /// The link that a sector belongs to.
    public func link(at lba: Int) -> Range<Int>? {
        guard let index = links?.lastIndex(where: { $0 <= lba }), let first = links?[index],
            lba < first + Self.link
        else { return nil }
        return first..<first + Self.link
    }

    /// The parts that can be read, from index 1 on: all between the links.
    public var readableParts: [Range<Int>] {
        var parts: [Range<Int>] = []
        var from = readable.lowerBound
        for first in links ?? [] where first >= from && first < readable.upperBound {
            if first > from { parts.append(from..<first) }
            from = first + Self.link
        }
        if from < readable.upperBound { parts.append(from..<readable.upperBound) }
        return parts
    }

    /// The sectors that can be read, from index 1 on.
    public var readable: Range<Int> { start..<max(start, start + written - runOut) }

    /// Where the next write must go, while it is open and sound.
    public var nextWritable: Int? { isClosed || isDamaged ? nil : start + written }

    /// The track as a table of contents and the Q of its sectors show it.
    func track(session: Int) -> Track {
        var mode: TrackMode = isData ? .mode1 : .audio
        if isData, dataMode == 2 { mode = form == .cooked ? .mode2Form1 : .mode2Mixed }
        var track = Track(
            number: number,
            session: session,
            mode: mode,
            start: LBA(start),
            // Links that have no addresses are no part of what can be read.
            length: packetSize == nil ? extent : written,
            pregap: pregap
        )
        track.flags = TrackFlags(rawValue: control).intersection(.all)
        // Of data the bit says that they are in packets (ECMA-130 §22.3.1, Orange Book part II).
        if isData { track.flags.remove(.preEmphasis) }
        track.laterIndexes = indices.map { LBA($0) }
        track.isrc = isrc
        return track
    }
}
