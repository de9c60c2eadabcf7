import TestSupport
import Testing

/// The drive's process is killed in mid-burn: its disc holds what a flush has acknowledged.
///
/// `Scripts/soak` has it killed more often.
@Suite struct RunKillTests {
    private static let rounds = Soak.count(1, long: 17)

    @Test(arguments: ["dvd+r", "dvd-r", "dvd-ram"])
    func `what a flush acknowledged outlives the drive`(_ medium: String) throws {
        let place = try RunPlace()
        for _ in 0..<Self.rounds {
            // Thousandths of a second from the first acknowledgement on.
            let delay = String(1000 + Int.random(in: 0..<400)).dropFirst()
            let (code, output) = try place.run(
                """
                rm -f disc acknowledged
                $SPINDLE virtual create disc --medium \(medium) > log || exit 1
                $SPINDLE virtual run --disc disc -- $PEER burn /dev/sr0 > acknowledged 2>&1 &
                run=$!
                for i in $(seq 1000); do test -s acknowledged && break; sleep 0.01; done
                sleep 0.\(delay)
                kill -KILL $run; wait $run
                count=$(tail -n 1 acknowledged)
                echo "after 0.\(delay) s, $count sectors were acknowledged"
                test "$count" -gt 0 || exit 2
                $SPINDLE info disc > log 2>&1 || { cat log; exit 3; }
                exec $SPINDLE virtual run --disc disc -- $PEER burned /dev/sr0 $count
                """
            )
            #expect(code == 0, "\(output)")
        }
    }
}
