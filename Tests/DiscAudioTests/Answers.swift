import DiscAudio
import LinuxCalls
import SystemPackage
import TestSupport

/// An AccurateRip answer, written from its description: records of tracks, ids and slots.
struct RipRecord {
    var id: AccurateRipID
    var slots: [(confidence: UInt8, sum: UInt32, frame450: UInt32)]

    var bytes: [UInt8] {
        func word(_ value: UInt32) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
        }
        return [UInt8(slots.count)] + word(id.id1) + word(id.id2) + word(id.freedb)
            + slots.flatMap { [$0.confidence] + word($0.sum) + word($0.frame450) }
    }
}

/// An entry of a CTDB answer.
struct DatabaseEntry {
    var id = "113068"
    var confidence = 5
    var crc32: UInt32
    var trackCRCs: [UInt32] = []
    var toc: String
    var parityRows = 8
    var syndrome: String?
    var hasParity = false

    var xml: String {
        var attributes = [
            "confidence=\"\(confidence)\"", "crc32=\"\(Hexadecimal.word(crc32))\"",
            "id=\"\(id)\"", "npar=\"\(parityRows)\"", "stride=\"5880\"", "toc=\"\(toc)\"",
            "trackcrcs=\"\(trackCRCs.map(Hexadecimal.word).joined(separator: " "))\"",
        ]
        if let syndrome { attributes.append("syndrome=\"\(syndrome)\"") }
        if hasParity { attributes.append("hasparity=\"http://p.cuetools.net/\(id)\"") }
        return " <entry \(attributes.joined(separator: " ")) />\n"
    }

    static func answer(_ entries: [DatabaseEntry]) -> [UInt8] {
        let head =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ctdb xmlns=\"http://db.cuetools.net/ns/mmd-1.0#\">\n"
        return Array((head + entries.map(\.xml).joined() + " <metadata />\n</ctdb>\n").utf8)
    }
}
