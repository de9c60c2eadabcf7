// A program that asks libcdio about a drive as tests want it, since libcdio finds a drive in
// software only in a program that the interposer was loaded into. It prints a line for each answer.
import LibCdio
import LinuxCalls

/// Prints bytes as they are.
func put(_ bytes: [UInt8]) throws {
    try File(borrowing: 1, name: "standard output").writeOn(bytes.span)
}

/// A value, or a dash in place of `nil`.
func shown(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "-" }

/// What a drive says of itself.
func show(_ device: CdioDevice) {
    print(
        device.path,
        shown(device.vendor),
        shown(device.model),
        shown(device.revision),
        separator: "|"
    )
    let reading: [(CdioDevice.Reading, String)] = [
        (.audioTracks, "audio"), (.cdR, "cd-r"), (.dvdROM, "dvd-rom"), (.mode2Form1, "mode2"),
        (.catalogNumber, "mcn"), (.recordingCode, "isrc"),
    ]
    let writing: [(CdioDevice.Writing, String)] = [
        (.cdR, "cd-r"), (.cdRW, "cd-rw"), (.dvdR, "dvd-r"), (.dvdRAM, "dvd-ram"),
    ]
    let handling: [(CdioDevice.Handling, String)] = [
        (.closesTray, "closes"), (.ejects, "ejects"), (.locks, "locks"),
        (.multisession, "multisession"),
    ]
    print(
        "reads",
        shown(device.reading.map { all in reading.filter { all.contains($0.0) }.map(\.1) })
    )
    print(
        "writes",
        shown(device.writing.map { all in writing.filter { all.contains($0.0) }.map(\.1) })
    )
    print(
        "does",
        shown(device.handling.map { all in handling.filter { all.contains($0.0) }.map(\.1) })
    )
}

func show(_ table: CdioTableOfContents) {
    for track in table.tracks {
        print(
            track.number,
            track.start,
            shown(track.pregapStart),
            track.last,
            track.format,
            shown(track.copyPermitted),
            shown(track.preEmphasis),
            shown(track.channels)
        )
    }
    print("lead-out", table.leadOut)
}

/// Reads sectors of a kind; the bytes go to the output.
func read(_ drive: borrowing CdioDrive, _ kind: String, _ start: Int, _ count: Int, room: Int)
    throws
{
    var bytes = [UInt8](repeating: 0xA5, count: room)
    var span = bytes.mutableSpan
    do {
        switch kind {
        case "audio": try drive.readAudio(at: start, count: count, into: &span)
        case "mode1": try drive.readMode1(at: start, count: count, into: &span)
        case "mode2": try drive.readMode2(at: start, count: count, isWhole: false, into: &span)
        case "mode2-whole": try drive.readMode2(at: start, count: count, isWhole: true, into: &span)
        default: try drive.readData(at: start, count: count, into: &span)
        }
    } catch {
        let isUntouched = bytes.allSatisfy { $0 == 0xA5 }
        print(
            error.code == .outOfBounds ? "out of bounds" : "failed",
            isUntouched ? "untouched" : "used"
        )
        print(error)
        return
    }
    try put(bytes)
}

func run(_ arguments: [String]) throws {
    let path = Environment.value("SPINDLE_DRIVE") ?? "/dev/sr0"
    switch arguments.first {
    case "devices":
        print("default", shown(CdioDevices.defaultPath()))
        for device in CdioDevices.all() { show(device) }
        return
    case "close":
        try CdioDrive.closeTray(path: path)
        return
    case "open":
        _ = try CdioDrive(path: arguments[1])
        return
    default: break
    }
    let drive = try CdioDrive(path: path)
    let numbers = arguments.dropFirst(2).compactMap { Int($0) }
    switch arguments.first {
    case "table": show(try drive.tableOfContents())
    case "disc":
        print("mode", drive.discMode().rawValue)
        print("session", try drive.lastSessionStart())
        print("mcn", shown(drive.catalogNumber()))
        for track in try drive.tableOfContents().tracks {
            print("isrc", track.number, shown(try drive.recordingCode(track: track.number)))
        }
    case "packs": try put(drive.textPacks() ?? [])
    case "text":
        for block in drive.text()?.blocks ?? [] {
            print("language", shown(block.language))
            for entry in block.entries { print(entry.track, entry.field.rawValue, entry.text) }
        }
    case "read": try read(drive, arguments[1], numbers[0], numbers[1], room: numbers[2])
    case "changed": print(try drive.isDiscChanged(), try drive.isDiscChanged())
    case "speed": try drive.setSpeed(numbers.first ?? 8)
    case "eject": try drive.eject()
    default: print("usage")
    }
}

do {
    try run(Array(CommandLine.arguments.dropFirst()))
} catch {
    print("error", error)
}
