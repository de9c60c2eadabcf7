import Foundation
import TestSupport
import Testing

/// Where data are kept that are needed only for a while.
@Suite struct TemporaryFileTests {
    private static let image = "/usr/lib/ipxe/ipxe.iso"

    private func run(_ script: String) async throws -> Outcome {
        var result: Outcome?
        try await Scratch.use { scratch in
            result = try await scratch.run([
                "/bin/sh", "-ec", "gzip -c \(Self.image) >x.iso.gz; here=$PWD\n\(script)",
            ])
        }
        return try #require(result)
    }

    @Test(arguments: ["info", "sum", "list"])
    func `A folder that can't be written to is named, and what helps`(verb: String) async throws {
        let outcome = try await run("TMPDIR=$here/missing exec \"$SPINDLE\" \(verb) x.iso.gz")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(
            outcome.errors.contains("x.iso.gz can't be unpacked into a temporary file in "),
            "\(outcome)"
        )
        #expect(outcome.errors.contains("/missing: No such file or directory"), "\(outcome)")
        #expect(outcome.errors.contains("can be written to in TMPDIR"), "\(outcome)")
    }

    @Test func `An empty TMPDIR is none`() async throws {
        // The folder that the command works in is gone, and takes no file.
        let outcome = try await run(
            """
            mkdir gone; cd gone; rmdir "$here/gone"
            TMPDIR= exec "$SPINDLE" info "$here/x.iso.gz"
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `A folder that is full is named, and what helps`() async throws {
        let place = "unshare \(getuid() == 0 ? "-m" : "-rm")"
        let outcome = try await run(
            """
            mkdir small
            \(place) true || exit 77
            \(place) sh -ec '
                mount -t tmpfs -o size=64k none small || exit 77
                code=0
                TMPDIR=small "$SPINDLE" convert --json x.iso.gz o.nrg >out || code=$?
                [ $code = 1 ] && grep -q "\\"reason\\":\\"no-space\\"" out
                grep -q "temporary file in small: No space left on device" out
                grep -q "more room in TMPDIR" out
                [ -z "$(ls small)" ]
                ! [ -e o.nrg ]
            ' || { code=$?; [ $code = 77 ] || cat out >&2; exit $code; }
            """
        )
        // A machine may give nobody a place of its own to mount in.
        #expect(outcome.status == 0 || outcome.status == 77, "\(outcome)")
    }
}
