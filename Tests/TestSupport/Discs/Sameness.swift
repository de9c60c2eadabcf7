import DiscImages
import DiscModel
package import Testing
package import Transfer

/// What of a disc an image of some format lacks, so that it isn't compared.
package struct Lacks: OptionSet {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Sectors are made anew: errors of their own and subheaders are not there.
    package static let rawSectors = Lacks(rawValue: 1)
    package static let codes = Lacks(rawValue: 2)
    package static let indexes = Lacks(rawValue: 4)
    package static let titles = Lacks(rawValue: 8)
    package static let sessionKind = Lacks(rawValue: 16)
    package static let flags = Lacks(rawValue: 32)
}

/// Compares a disc in an image with the disc that it was made from, sector by sector.
package func expectSame(
    _ image: any DiscSource,
    _ sample: SampleDisc,
    lacks: Lacks = [],
    at location: SourceLocation = #_sourceLocation
) throws {
    let layout = image.layout
    try #require(layout.sessions.count == sample.sessions.count, sourceLocation: location)
    for (session, wanted) in zip(layout.sessions, sample.sessions) {
        try #require(session.tracks.count == wanted.tracks.count, sourceLocation: location)
        #expect(session.leadOut.rawValue == wanted.leadOut, sourceLocation: location)
        if !lacks.contains(.sessionKind) {
            #expect(session.kind == wanted.kind, sourceLocation: location)
        }
        for (index, (track, wanted)) in zip(session.tracks, wanted.tracks).enumerated() {
            #expect(track.number == wanted.number, sourceLocation: location)
            #expect(track.mode.isData == wanted.mode.isData, sourceLocation: location)
            #expect(track.mode.isMode2 == wanted.mode.isMode2, sourceLocation: location)
            #expect(track.start.rawValue == wanted.start, sourceLocation: location)
            #expect(track.end.rawValue == wanted.end, sourceLocation: location)
            #expect(
                track.pregap == wanted.pregap + (index == 0 ? 150 : 0),
                sourceLocation: location
            )
            if !lacks.contains(.codes) {
                #expect(track.isrc == wanted.isrc, sourceLocation: location)
            }
            if !lacks.contains(.flags) {
                #expect(track.flags == wanted.flags, sourceLocation: location)
            }
            if !lacks.contains(.indexes) {
                #expect(
                    track.laterIndexes.map(\.rawValue) == wanted.indexes,
                    sourceLocation: location
                )
            }
            for (i, sector) in wanted.sectors.enumerated() {
                if lacks.contains(.rawSectors), wanted.mode.isData {
                    let user = try image.user(wanted.first + i)
                    let from = wanted.mode.isMode2 ? 24 : 16
                    #expect(
                        user == Array(sector[from..<(from + 2048)]),
                        "sector \(wanted.first + i)",
                        sourceLocation: location
                    )
                } else {
                    let raw = try image.raw(wanted.first + i)
                    #expect(
                        raw == sector,
                        "sector \(wanted.first + i)",
                        sourceLocation: location
                    )
                }
            }
        }
    }
    if !lacks.contains(.codes) {
        #expect(layout.catalog == sample.catalog, sourceLocation: location)
    }
    if !lacks.contains(.titles), sample.title != nil {
        let text = CDText(packs: layout.cdText)
        #expect(text.blocks.first?.text(.title, track: 0) == sample.title, sourceLocation: location)
        for track in sample.tracks {
            #expect(
                text.blocks.first?.text(.title, track: track.number) == track.title,
                sourceLocation: location
            )
        }
    }
}

extension DiscSource {
    package func raw(_ address: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: 2352)
        var span = bytes.mutableSpan
        let count = try readRaw(at: address, into: &span)
        #expect(count == 1)
        return bytes
    }

    package func user(_ address: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: 2048)
        var span = bytes.mutableSpan
        let count = try readUserData(at: address, into: &span)
        #expect(count == 1)
        return bytes
    }

    package func subchannel(_ address: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: 96)
        var span = bytes.mutableSpan
        let count = try readSubchannel(at: address, into: &span)
        #expect(count == 1)
        return bytes
    }
}
