import DiscModel
import MMC
import Testing

/// A kind of reply, with its parser, and its encoder where there is one: what all replies are put to
/// the same proofs by.
struct ReplyKind: Sendable {
    let name: String
    /// A reply as a drive would send it.
    let sample: [UInt8]
    /// Reads a reply and encodes it anew.
    let reencode: @Sendable ([UInt8]) throws -> [UInt8]

    /// All kinds of reply that the module reads.
    static let all: [ReplyKind] = [
        ReplyKind(
            name: "ATIP",
            sample: ATIP(
                power: 5,
                referenceSpeed: 1,
                isUnrestricted: true,
                isErasable: true,
                subtype: 2,
                leadIn: MSF(minute: 97, second: 26, frame: 66),
                lastLeadOut: MSF(minute: 79, second: 59, frame: 74),
                additional: [[1, 2, 3], nil, [0x04, 0xC4, 0xA0]]
            ).encoded,
            reencode: { try ATIP(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "BufferCapacity",
            sample: BufferCapacity(size: 4_161_536, free: 1_000_000).encoded,
            reencode: { try BufferCapacity(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "Capacity",
            sample: Capacity(lastSector: LBA(41_288_703)).encoded,
            reencode: { try Capacity(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "Configuration",
            sample: Configuration(
                currentProfile: Profile(rawValue: 0x43),
                features: [
                    Feature(
                        code: 0,
                        version: 0,
                        isPersistent: true,
                        data: [0, 0x43, 1, 0, 0, 8, 0, 0]
                    ),
                    Feature(code: 0x21, version: 2, isCurrent: false, data: [0, 1, 1, 7]),
                    Feature(code: 0x1D, version: 15),
                ]
            ).encoded,
            reencode: { try Configuration(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "CueSheet",
            sample: CueSheet(entries: [
                CueSheet.Entry(
                    control: 4,
                    track: 0,
                    index: 0,
                    form: 0x14,
                    time: MSF(minute: 0, second: 0, frame: 0)
                ),
                CueSheet.Entry(
                    control: 4,
                    track: 0xAA,
                    index: 1,
                    form: 0x14,
                    time: MSF(minute: 79, second: 59, frame: 74)
                ),
            ]).encoded,
            reencode: { CueSheet(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "DiscInformation",
            sample: DiscInformation(
                status: .appendable,
                lastSession: .incomplete,
                isErasable: true,
                sessions: 0x203,
                firstTrackInLastSession: 0x104,
                lastTrackInLastSession: 0x304,
                backgroundFormat: .running,
                discType: 0x20,
                lastSessionLeadInStart: 0x0012_3456,
                lastPossibleLeadOut: 0x004F_3B4A
            ).encoded,
            reencode: { try DiscInformation(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "DriveEvent",
            sample: DriveEvent(code: 2, isMediumPresent: true, isTrayOpen: false).encoded,
            reencode: { try DriveEvent(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "FormatCapacities",
            // m-018: a blank BD-R.
            sample: FormatCapacities(
                kind: .unformatted,
                sectors: 12_219_392,
                descriptors: [
                    .init(type: 0x00, sectors: 11_826_176, parameter: 12_288),
                    .init(type: 0x32, sectors: 11_826_176, parameter: 0),
                    .init(type: 0x32, sectors: 5_796_864, parameter: 0),
                    .init(type: 0x32, sectors: 12_088_320, parameter: 0),
                ]
            ).encoded,
            reencode: { try FormatCapacities(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "FormatParameters",
            sample: FormatParameters(
                type: 0x30,
                subtype: 3,
                sectors: 11_826_176,
                parameter: 0x123456
            )
            .encoded,
            reencode: { try FormatParameters(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "FullTOC",
            sample: FullTOC(
                firstSession: 1,
                lastSession: 2,
                entries: [
                    .init(
                        session: 1,
                        control: 4,
                        point: 0xA0,
                        pointTime: MSF(minute: 1, second: 0x20, frame: 0)
                    ),
                    .init(
                        session: 2,
                        address: 5,
                        control: 0xF,
                        track: 3,
                        point: 0xB0,
                        time: MSF(minute: 255, second: 254, frame: 253),
                        zero: 0x22,
                        pointTime: MSF(minute: 79, second: 59, frame: 74)
                    ),
                ]
            ).encoded,
            reencode: { try FullTOC(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "Inquiry",
            sample: Inquiry(vendor: "_NEC", product: "DVD_RW ND-3500AG", revision: "2.19").encoded,
            reencode: { try Inquiry(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "MechanismStatus",
            sample: MechanismStatus(isDoorOpen: true, state: 7).encoded,
            reencode: { try MechanismStatus(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "ModePages of 10",
            sample: samplePages.encoded10,
            reencode: { try ModePages(parsing10: $0).encoded10 }
        ),
        ReplyKind(
            name: "ModePages of 6",
            sample: samplePages.encoded6,
            reencode: { try ModePages(parsing6: $0).encoded6 }
        ),
        ReplyKind(
            name: "Performance",
            sample: Performance(
                isWriting: true,
                descriptors: [
                    .init(start: LBA(0), startSpeed: 3324, end: LBA(393_215), endSpeed: 5540)
                ]
            ).encoded,
            reencode: { try Performance(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "PhysicalFormat",
            sample: PhysicalFormat(
                book: 0xE,
                version: 1,
                layers: 2,
                isOppositeTrackPath: true,
                layerType: 2,
                lastSector: 0xFC_FFFF,
                lastSectorOfFirstLayer: 0x22_D7FF,
                manufacturer: "MKM",
                type: "003",
                revision: 255
            ).encoded,
            reencode: { try PhysicalFormat(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "SessionTable",
            sample: SessionTable(
                firstSession: 1,
                lastSession: 2,
                firstTrack: .init(number: 3, control: 4, start: LBA(27_271))
            ).encoded(msf: false),
            reencode: { try SessionTable(parsing: $0).encoded(msf: false) }
        ),
        ReplyKind(
            name: "TableOfContents in LBAs",
            sample: sampleTable.encoded(msf: false),
            reencode: { try TableOfContents(parsing: $0).encoded(msf: false) }
        ),
        ReplyKind(
            name: "TableOfContents in times",
            sample: sampleTable.encoded(msf: true),
            reencode: { try TableOfContents(parsing: $0, msf: true).encoded(msf: true) }
        ),
        ReplyKind(
            name: "TrackInformation",
            sample: TrackInformation(
                number: 0x102,
                session: 0x203,
                isDamaged: true,
                isCopy: true,
                trackMode: 7,
                isReserved: true,
                isBlank: true,
                isPacket: true,
                isFixedPacket: true,
                dataMode: 2,
                start: LBA(-150),
                nextWritable: LBA(161_488),
                freeBlocks: 2_136_400,
                packetSize: 32,
                size: 2_136_400,
                lastRecorded: LBA(161_487)
            ).encoded,
            reencode: { try TrackInformation(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "WriteParameters",
            sample: WriteParameters().encoded,
            reencode: { WriteParameters(parsing: $0).encoded }
        ),
        ReplyKind(
            name: "WriteSpeeds",
            sample: WriteSpeeds(descriptors: [
                .init(end: LBA(4_173_824), readSpeed: 8310, writeSpeed: 8310),
                .init(end: LBA(0xFFFF_FFFF), readSpeed: 8310, writeSpeed: 3324),
            ]).encoded,
            reencode: { try WriteSpeeds(parsing: $0).encoded }
        ),
    ]

    private static let samplePages = ModePages(pages: [
        .init(code: 0x05, isSavable: true, data: WriteParameters().encoded),
        .init(code: 0x2A, data: Array(repeating: 7, count: 66)),
        .init(code: 0x3F, data: []),
    ])

    private static let sampleTable = TableOfContents(
        firstTrack: 1,
        lastTrack: 2,
        entries: [
            .init(number: 1, control: 0, start: LBA(-150)),
            .init(number: 2, address: 5, control: 15, start: LBA(235_719)),
            .init(number: 0xAA, control: 4, start: LBA(303_091)),
        ]
    )
}

extension ReplyKind: CustomTestStringConvertible {
    var testDescription: String { name }
}
