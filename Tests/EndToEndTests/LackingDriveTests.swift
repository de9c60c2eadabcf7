import TestSupport
import Testing

/// Drives that lack a command which others have.
@Suite struct LackingDriveTests {
    /// A medium, and an optional command by its code.
    struct Lack: Sendable, CustomTestStringConvertible {
        let medium: Medium
        let command: String

        var testDescription: String { "\(command) on \(medium.rawValue)" }
    }

    /// SET STREAMING, GET PERFORMANCE, GET EVENT STATUS NOTIFICATION, READ BUFFER CAPACITY, SET CD
    /// SPEED, READ CD and READ DISC STRUCTURE.
    static let lacks =
        ["B6", "AC", "4A", "5C", "BB", "AD"].map { Lack(medium: .dvdPlusRW, command: $0) }
        + ["AC", "4A", "BB", "BE"].map { Lack(medium: .cdR, command: $0) }
        + [Lack(medium: .dvdPlusR, command: "B6")]

    @Test(arguments: lacks)
    func `An optional command is not missed`(lack: Lack) async throws {
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(lack.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["refuse command=\(lack.command) sense=5/20/00"],
                run: """
                    "$SPINDLE" burn \(Image.ipxe.rawValue) --quiet && exec "$SPINDLE" rip rip.iso --quiet
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: source) == nil)
        }
    }
}
