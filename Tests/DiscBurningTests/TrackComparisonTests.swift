import DiscBurning
import DiscModel
import LinuxCalls
import Testing
import Transfer

/// Sound that comes back where it should be, shifted, or wrong.
@Suite struct TrackComparisonTests {
    /// A disc of two tracks of noise.
    private final class NoiseDisc: DiscSource {
        let medium = MediumKind.cdROM
        let layout: DiscLayout
        let bytes: [UInt8]

        init() throws {
            let tracks = [(1, 0..<400), (2, 400..<800)].map { number, range in
                Track(
                    number: number,
                    session: 1,
                    content: .audio,
                    start: LBA(range.lowerBound),
                    length: range.count
                )
            }
            layout = try DiscLayout(sessions: [
                DiscLayout.Session(number: 1, tracks: tracks, leadOut: LBA(800))
            ]).checked(isCD: true)
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            bytes = (0..<(800 * 2352)).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return UInt8(truncatingIfNeeded: state >> 32)
            }
        }

        func storage(at address: Int) -> SectorStorage {
            let end = layout.track(holding: address)?.end.rawValue ?? address + 1
            return SectorStorage(
                mode: .audio,
                form: address < 0 ? .absent : .raw,
                count: max(1, address < 0 ? -address : end - address)
            )
        }

        func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
            let count = min(buffer.count / 2352, storage(at: address).count)
            let bytes = bytes
            Bytes.copy(
                bytes.span.extracting((address * 2352)..<((address + count) * 2352)),
                to: &buffer,
                at: 0
            )
            return count
        }

        func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
            -> Int
        {
            throw UnreadableSectors(start: address, count: 1, reason: "none is kept")
        }
    }

    /// What a drive reads.
    private final class Sound: SectorSource {
        let sectorSize = 2352
        let sectorCount: Int? = 800
        var bytes: [UInt8]
        var unreadable: Set<Int> = []

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
            let count = min(26, buffer.count / 2352, 800 - start)
            if let bad = (start..<(start + count)).first(where: unreadable.contains) {
                throw UnreadableSectors(start: bad, count: 1, reason: "a scratch")
            }
            let bytes = bytes
            Bytes.copy(
                bytes.span.extracting((start * 2352)..<((start + count) * 2352)),
                to: &buffer,
                at: 0
            )
            return count
        }
    }

    /// The noise so many samples too early, or too late, with silence where there is no more of it.
    private static func shifted(_ bytes: [UInt8], by samples: Int) -> [UInt8] {
        let silence = [UInt8](repeating: 0, count: abs(samples) * 4)
        return samples >= 0
            ? Array(bytes.dropFirst(samples * 4)) + silence
            : silence + bytes.dropLast(-samples * 4)
    }

    private func compare(_ disc: NoiseDisc, _ sound: Sound) throws -> TrackComparison.Result {
        try TrackComparison(
            disc,
            DiscPlan(disc.layout),
            data: sound,
            sound: sound
        ).run(Cancellation(), progress: { _ in })
    }

    @Test func `What is equal is equal`() throws {
        let disc = try NoiseDisc()
        let found = try compare(disc, Sound(disc.bytes))
        #expect(found.shift == 0)
        #expect(found.tracks.allSatisfy { $0.differing == 0 && $0.unreadable == 0 })
        #expect(found.tracks.compactMap(\.sum).count == 2)
    }

    @Test(arguments: [1, -1, 6, -30, 588, 667, -1164, 1776, -4000])
    func `A shift that is the same everywhere is found`(samples: Int) throws {
        let disc = try NoiseDisc()
        let found = try compare(disc, Sound(Self.shifted(disc.bytes, by: samples)))
        #expect(found.shift == samples)
        #expect(found.tracks.allSatisfy { $0.differing == 0 })
    }

    @Test func `A shift that changes on the way is none`() throws {
        let disc = try NoiseDisc()
        let early = Self.shifted(disc.bytes, by: 12)
        let late = Self.shifted(disc.bytes, by: -12)
        let half = 600 * 2352
        let found = try compare(disc, Sound(Array(early[..<half] + late[half...])))
        #expect(found.shift == 0)
        #expect(found.tracks.allSatisfy { $0.differing == 400 })
    }

    @Test func `One wrong sample is found, shifted or not`() throws {
        let disc = try NoiseDisc()
        let sound = Sound(disc.bytes)
        sound.bytes[500 * 2352 + 17] ^= 1
        let found = try compare(disc, sound)
        #expect(found.tracks.map(\.differing) == [0, 1])
        #expect(found.tracks[1].firstDiffering == 500)
        let both = Sound(Self.shifted(disc.bytes, by: 30))
        both.bytes[500 * 2352 + 17] ^= 1
        #expect(try compare(disc, both).shift == 0)
        #expect(try compare(disc, both).tracks[1].differing > 0)
    }

    @Test func `A sector that can't be read is counted, and no other`() throws {
        let disc = try NoiseDisc()
        let sound = Sound(disc.bytes)
        sound.unreadable = [10, 11, 799]
        let found = try compare(disc, sound)
        #expect(found.tracks.map(\.unreadable) == [2, 1])
        #expect(found.tracks.map(\.firstUnreadable) == [10, 799])
        #expect(found.tracks.allSatisfy { $0.differing == 0 && $0.sum == nil })
    }
}
