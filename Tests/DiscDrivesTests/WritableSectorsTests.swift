import DiscDrives
import DiscModel
import MMC
import TestSupport
import Testing

@Suite struct WritableSectorsTests {
    /// What a drive says about a BD-R: READ TRACK INFORMATION's free blocks and size, READ FORMAT
    /// CAPACITIES' number, and the room that follows.
    struct Example: CustomStringConvertible, Sendable {
        var description: String
        var status = DiscInformation.Status.blank
        var free: Int
        var size: Int
        var capacity: Int?
        var kind = FormatCapacities.Kind.unformatted
        var isTrackBlank = false
        var room: Int?
    }

    static let examples = [
        Example(
            description: "free blocks go before all",
            free: 11_826_176,
            size: 12_088_320,
            capacity: 12_219_392,
            room: 11_826_176
        ),
        Example(
            description: "0 free blocks of a blank disc: the track's size",
            free: 0,
            size: 12_088_320,
            capacity: 12_219_392,
            room: 12_088_320
        ),
        Example(
            description: "0 free blocks and no size: the disc's capacity",
            free: 0,
            size: 0,
            capacity: 12_219_392,
            room: 12_219_392
        ),
        Example(
            description: "a capacity that is no blank disc's tells nothing",
            free: 0,
            size: 0,
            capacity: 12_219_392,
            kind: .noMedium,
            room: nil
        ),
        Example(description: "nothing but zeros", free: 0, size: 0, room: nil),
        Example(
            description: "an appendable disc may be full",
            status: .appendable,
            free: 0,
            size: 32,
            capacity: 12_219_392,
            room: 0
        ),
        Example(
            description: "a blank track behind others has the room of its size",
            status: .appendable,
            free: 0,
            size: 12_087_840,
            capacity: 12_219_392,
            isTrackBlank: true,
            room: 12_087_840
        ),
        Example(
            description:
                "the disc's capacity says nothing of what is left: a disc with data is full",
            status: .appendable,
            free: 0,
            size: 0,
            capacity: 12_219_392,
            isTrackBlank: true,
            room: 0
        ),
    ]

    @Test(arguments: examples)
    func `the room on a disc that is written in order`(_ example: Example) {
        var report = DiscReport.sequential(
            profile: 0x41,
            status: example.status,
            free: example.free,
            size: example.size
        )
        report.trackStates[0].isBlank = example.isTrackBlank
        report.formats = example.capacity.map {
            FormatCapacities(kind: example.kind, sectors: $0)
        }
        #expect(report.writableSectors == example.room)
    }
}
