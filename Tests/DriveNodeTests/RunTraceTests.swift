import Testing

/// Traces of runs, and drives that answer as a trace has it.
@Suite struct RunTraceTests {
    @Test func `a burn that was recorded is burned again by its trace`() throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual create blank --medium cd-r > log
            $SPINDLE virtual run --disc blank --trace trace -- \
                cdrskin dev=/dev/sr0 -tao disc.iso > log 2>&1 || { cat log; exit 1; }
            grep -c '"cdb":"2a' trace
            $SPINDLE virtual run --replay trace -- \
                cdrskin dev=/dev/sr0 -tao disc.iso 2>&1 | tail -1
            head -c 1024000 /dev/zero > other.iso
            $SPINDLE virtual run --replay trace -- \
                cdrskin dev=/dev/sr0 -tao other.iso > log 2>&1
            grep 'came with other data' log | head -1
            $SPINDLE virtual run --replay trace -- cdrskin dev=/dev/sr0 -toc > log 2>&1
            grep -c 'is not in the trace: it was refused' log
            """
        )
        #expect(code == 0, "\(output)")
        let lines = output.split(separator: "\n").map(String.init)
        #expect(lines.count == 4, "\(output)")
        guard lines.count == 4 else { return }
        #expect(Int(lines[0]) ?? 0 >= 16)
        #expect(lines[1].hasSuffix(" commands were answered as recorded; 0 differences."))
        #expect(lines[2].contains("came with other data than the trace's command"))
        #expect(Int(lines[3]) ?? 0 > 0)
    }

    @Test func `sectors are read again from a trace that keeps them`() throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual run --disc disc.iso --trace trace --trace-sectors -- \
                cmp /dev/sr0 disc.iso || exit 1
            exec $SPINDLE virtual run --replay trace -- cmp /dev/sr0 disc.iso
            """
        )
        #expect(code == 0, "\(output)")
    }

    @Test(arguments: ["wodim -toc dev=/dev/sr0", "cdrskin dev=/dev/sr0 -minfo", "cd-info /dev/sr0"])
    func `a program is recorded on its way to a drive, and sees no difference`(
        _ command: String
    ) throws {
        let (code, output) = try RunPlace().run(
            """
            exec $SPINDLE virtual run --disc disc.iso -- sh -c '
                \(command) > plain 2>&1
                $SPINDLE virtual trace trace -- \(command) > traced 2> told
                cat traced told | sort > all; sort plain | diff - all
                grep -c "\\"by\\":\\"program\\".*\\"cdb\\":\\"12" trace
                grep -c "\\"by\\":\\"system\\"" trace'
            """
        )
        // Nothing differs but the last line, which tells of the trace.
        let differences = output.split(separator: "\n").filter { "<>".contains($0.prefix(1)) }
        #expect(differences.count == 1, "\(output)")
        #expect(differences.first?.hasSuffix("commands were recorded.") == true, "\(output)")
        let counts = output.split(separator: "\n").suffix(2).compactMap { Int($0) }
        #expect(counts.count == 2 && counts[0] > 0 && counts[1] == 0, "\(output)")
        #expect(code == 1)
    }

    @Test func `what was seen on the way is answered again`() throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual run --disc disc.iso -- \
                $SPINDLE virtual trace trace --trace-sectors -- $SPINDLE info > recorded || exit 1
            $SPINDLE virtual run --replay trace -- $SPINDLE info > replayed || exit 2
            exec cmp recorded replayed
            """
        )
        #expect(code == 0, "\(output)")
    }

    /// The kernel's own device is behind this one: it takes no commands.
    @Test func `a device that refuses commands is recorded as it is`() throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual trace trace --drive /dev/null -- $PEER refused /dev/null || exit 1
            exec tail -n +2 trace
            """
        )
        #expect(code == 0, "\(output)")
        #expect(output.contains("2 commands were recorded."))
        #expect(output.matches(of: /"error":"failed"/).count == 2, "\(output)")
        #expect(!output.contains("\"status\""), "\(output)")
    }

    @Test(arguments: [
        ("virtual run --replay disc.iso -- true", 4), ("virtual run --replay none -- true", 4),
        ("virtual run --replay t --disc disc.iso -- true", 64),
        ("virtual run --trace no/where -- true", 1),
        ("virtual trace t --drive /dev/sr77 -- true", 4),
    ])
    func `what can't be done is said before the command is run`(
        _ arguments: String,
        _ expected: Int
    ) throws {
        let (code, output) = try RunPlace().run("$SPINDLE \(arguments) && echo ran")
        #expect(Int(code) == expected, "\(output)")
        #expect(!output.contains("ran\n"))
    }
}
