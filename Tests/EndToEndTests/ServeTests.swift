import Foundation
import TestSupport
import Testing

/// Virtual drives as iSCSI targets, used by libiscsi and QEMU.
@Suite struct ServeTests {
    /// Serves discs while a script runs, which finds their first target at `$URL`.
    private func serving(
        _ arguments: String,
        in scratch: Scratch,
        within seconds: Double = 120,
        _ script: String
    ) async throws -> Outcome {
        try await scratch.run(
            [
                "bash", "-c",
                """
                "$SPINDLE" virtual serve --listen 127.0.0.1:0 --json \(arguments) >address & server=$!
                trap 'kill $server; wait $server' EXIT
                for i in $(seq 100); do [ -s address ] && break; sleep 0.1; done
                PORTAL=$(grep -o '127.0.0.1:[0-9]*' address | head -1)
                URL=iscsi://$PORTAL/iqn.2026-11.localhost.spindle:drive1/0
                \(script)
                """,
            ],
            within: seconds
        )
    }

    @Test func `libiscsi and QEMU read the disc`() async throws {
        try await Scratch.use { scratch in
            let bytes = try Image.ipxe.place(in: scratch)
            try scratch.write(bytes, to: "data.iso")
            let outcome = try await serving(
                "data.iso",
                in: scratch,
                """
                # A drive that was just switched on says so first.
                for i in 1 2 3 4 5; do iscsi-ls -s iscsi://$PORTAL && break; done
                iscsi-inq $URL || exit 21
                iscsi-readcapacity16 $URL || exit 22
                qemu-img convert -O raw $URL copy.iso || exit 23
                cmp data.iso copy.iso
                """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("iqn.2026-11.localhost.spindle:drive1"))
            #expect(outcome.output.contains("Type:MMC"))
        }
    }

    @Test func `QEMU writes to a disc, and the disc has it`() async throws {
        try await Scratch.use { scratch in
            let made = try await scratch.spindle(
                "virtual",
                "create",
                "disc",
                "--medium",
                "dvd-ram"
            )
            try #require(made.status == 0, "\(made)")
            try scratch.write(Noise.bytes(4 << 20, seed: 3), to: "noise.img")
            let outcome = try await serving(
                "disc",
                in: scratch,
                """
                qemu-img convert -n -O raw noise.img $URL || exit 20
                qemu-io -r -f raw -c 'read -v 0 16' $URL >/dev/null || exit 21
                qemu-img dd -f raw -O raw bs=1M count=4 if=$URL of=back.img || exit 22
                cmp noise.img back.img
                """
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    /// libiscsi counts a test that it skipped as passed, so only those are counted that ran.
    @Test func `libiscsi's tests for drives of discs pass, and do run`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try scratch.write(Image.ipxe.place(in: scratch), to: "data.iso")
            let outcome = try await serving(
                "data.iso",
                in: scratch,
                """
                for family in Inquiry ModeSense6.AllPages ModeSense6.Control-D_SENSE ModeSense6.Residuals \\
                    Read10.Simple Read10.BeyondEol Read10.ZeroBlocks Read12.Simple Read12.BeyondEol \\
                    Read12.ZeroBlocks ReadCapacity10 ReadCapacity16.Simple ReadCapacity16.Alloclen ReadCapacity16.Support \\
                    StartStopUnit.NoLoej StartStopUnit.PwrCnd TestUnitReady iSCSIResiduals iSCSIcmdsn; do
                    iscsi-test-cu -V -t ALL.$family $URL 2>&1
                done
                """
            )
            var (ran, failed): ([String], [String]) = ([], [])
            var test = ""
            var wasSkipped = false
            for line in outcome.lines {
                if let found = line.firstMatch(of: #/Test: (\S+) \.\.\./#) {
                    test = String(found.1)
                    wasSkipped = false
                }
                if line.contains("[SKIPPED]") { wasSkipped = true }
                if line.hasPrefix("passed"), !wasSkipped { ran.append(test) }
                if line.hasPrefix("FAILED") { failed.append(test) }
            }
            #expect(failed.isEmpty, "\(outcome)")
            #expect(ran.count == 26, "\(ran) \(outcome)")
        }
    }

    @Test func `Other machines need a secret, and without it nothing is served`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try scratch.write(Image.ipxe.place(in: scratch), to: "data.iso")
            let open = try await scratch.spindle(
                "virtual",
                "serve",
                "data.iso",
                "--listen",
                "0.0.0.0:0"
            )
            #expect(open.status == 64, "\(open)")
            try scratch.write(Data("a secret of mine\n".utf8), to: "secret")
            let outcome = try await serving(
                "data.iso --chap-user me --chap-secret-file secret",
                in: scratch,
                """
                iscsi-inq $URL && exit 20
                export LIBISCSI_CHAP_USERNAME=me LIBISCSI_CHAP_PASSWORD="not the secret"
                iscsi-inq $URL && exit 21
                export LIBISCSI_CHAP_PASSWORD="a secret of mine"
                iscsi-inq $URL
                """
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
}
