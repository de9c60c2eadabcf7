import DiscModel
import Testing

/// Several reads of one sector of sound.
struct SoundVotesTests {
    private static let right = (0..<RawSector.size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 3) }

    /// A read with wrong bytes, of which C2 flags some, and others that are right.
    private func read(wrong: [Int], flagged: [Int], into votes: inout SoundVotes) {
        var bytes = Self.right
        for place in wrong { bytes[place] ^= 0x5A }
        var flags = [UInt8](repeating: 0, count: 294)
        for place in flagged { flags[place / 8] |= 0x80 >> UInt8(place % 8) }
        votes.add(bytes.span, flags: flags.span)
    }

    @Test func `one read is never sure, and two without flags that are the same are`() throws {
        var votes = SoundVotes()
        #expect(votes.verdict()?.isSure == nil)
        read(wrong: [], flagged: [], into: &votes)
        #expect(votes.verdict()?.isSure == false)
        read(wrong: [], flagged: [], into: &votes)
        let verdict = try #require(votes.verdict())
        #expect(verdict.isSure && verdict.sector == Self.right)
    }

    @Test func `flags in different places leave the right bytes`() throws {
        var votes = SoundVotes()
        read(wrong: [5, 2351], flagged: [5, 2351], into: &votes)
        read(wrong: [900], flagged: [900], into: &votes)
        #expect(votes.verdict()?.isSure == false)
        read(wrong: [70], flagged: [70], into: &votes)
        let verdict = try #require(votes.verdict())
        #expect(verdict.isSure && verdict.sector == Self.right)
    }

    @Test func `the same flags in every read stay a doubt`() {
        var votes = SoundVotes()
        for _ in 0..<8 { read(wrong: [100], flagged: [100], into: &votes) }
        #expect(votes.verdict()?.isSure == false)
    }

    @Test func `a wrong byte that C2 misses has to be outvoted by two reads more`() throws {
        var votes = SoundVotes()
        read(wrong: [100, 200], flagged: [100], into: &votes)
        for count in 2...5 {
            read(wrong: [], flagged: [], into: &votes)
            let verdict = try #require(votes.verdict())
            #expect(verdict.isSure == (count == 5), "\(count)")
            // What most reads say is kept all the same.
            #expect(count < 3 || verdict.sector == Self.right)
        }
        read(wrong: [200], flagged: [], into: &votes)
        #expect(votes.verdict()?.isSure == false)
    }

    @Test func `what is no sector is no read`() {
        var votes = SoundVotes()
        let (none, many) = ([UInt8](), [UInt8](repeating: 0, count: 9000))
        votes.add(none.span, flags: none.span)
        #expect(votes.count == 0)
        let right = Self.right
        votes.add(right.span, flags: many.span)
        #expect(votes.count == 1)
    }
}
