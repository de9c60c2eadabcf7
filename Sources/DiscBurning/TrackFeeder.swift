import DiscModel
import LibBurn
import LibCrypto
import LinuxCalls
import Transfer

/// Reads the tracks of an image into a ring, on a thread of its own, and makes the sum of each.
final class TrackFeeder: Sendable {
    private struct State {
        var sums: [Checksum] = []
        var failure: String?
    }

    private let thread: Thread
    private let state: Monitor<State>

    init(_ disc: any DiscSource, _ tracks: [DiscPlan.PlannedTrack], into ring: ChunkRing)
        throws(SystemError)
    {
        let state = Monitor(State())
        let handover = Handover(disc: disc)
        thread = try Thread(name: "source") {
            let disc = handover.disc
            do {
                for track in tracks {
                    var digest = try Digest(.sha256)
                    guard try Self.feed(disc, track, into: ring, &digest) else { return }
                    let sum = digest.finish()
                    state.update { $0.sums.append(sum) }
                }
                ring.finish()
            } catch {
                state.update { $0.failure = "\(error)" }
                ring.abandon()
            }
        }
        self.state = state
    }

    /// Reads one track.
    ///
    /// - Returns: False where nobody takes it any more.
    private static func feed(
        _ disc: any DiscSource,
        _ track: DiscPlan.PlannedTrack,
        into ring: ChunkRing,
        _ digest: inout Digest
    ) throws -> Bool {
        let form = track.kind.form
        var address = track.payload.lowerBound
        while address < track.payload.upperBound {
            let goesOn = try ring.produce { buffer in
                let fits = buffer.count / form.size
                let count = min(fits, track.payload.upperBound - address)
                var part = buffer._mutatingExtracting(..<(count * form.size))
                let bytes = try disc.read(form, at: address, into: &part) * form.size
                digest.update(part.span.extracting(0..<bytes))
                address += bytes / form.size
                return bytes
            }
            guard goesOn else { return false }
        }
        return true
    }

    /// Why the image could not be read on, where that is so by now.
    var failure: String? { state.read(\.failure) }

    /// Waits for the image's end, where all of it was taken.
    ///
    /// - Returns: The tracks' sums.
    func finish() -> [Checksum] {
        thread.join()
        return state.read(\.sums)
    }

    /// A source on its way to the one thread that will use it from then on.
    private struct Handover: @unchecked Sendable {
        let disc: any DiscSource
    }
}

extension TrackJob.Kind {
    /// The form in which libburn takes a sector.
    var form: SectorForm { self == .audio ? .raw : .user }
}
