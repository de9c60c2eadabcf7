import DiscModel
import LinuxCalls
import Transfer

/// A disc as far as a rip has read it, out of the image that is being made.
final class KeptDisc: DiscSource {
    let medium: MediumKind
    let layout: DiscLayout
    var linked: Set<Int> { disc.linked }
    private let disc: any DiscSource
    private let sink: any DiscSink
    private let map: SalvageMap

    /// Takes what there is.
    ///
    /// - Parameters:
    ///   - disc: The disc that is read.
    ///   - sink: The image, which gives back what it has.
    ///   - map: What was read.
    init(_ disc: any DiscSource, in sink: any DiscSink, _ map: SalvageMap) {
        self.disc = disc
        self.sink = sink
        self.map = map
        medium = disc.medium
        layout = disc.layout
    }

    private func request(of sector: Int) -> SectorRequest? {
        sink.requests.first { $0.sectors.contains(sector) }
    }

    /// What the image keeps of a sector.
    func storage(at address: Int) -> SectorStorage {
        var storage = disc.storage(at: address)
        storage.subchannel = .absent
        guard let request = request(of: address) else {
            let next = sink.requests.map(\.sectors.lowerBound).filter { $0 > address }.min()
            storage.form = .absent
            storage.count = max(1, min(storage.count, next.map { $0 - address } ?? storage.count))
            return storage
        }
        storage.form = request.form
        storage.count = min(storage.count, request.sectors.upperBound - address)
        return storage
    }

    /// Reads sectors that the image has.
    func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let storage = storage(at: address)
        guard let request = request(of: address), request.form.size > 0 else {
            throw UnreadableSectors(start: address, count: 1, reason: "the image does not keep it")
        }
        var count = min(storage.count, buffer.count / request.form.size)
        let missing = map.first([.untried, .untrimmed, .unscraped, .bad], from: address)
        if let missing { count = min(count, missing.sectors.lowerBound - address) }
        guard count > 0 else {
            throw UnreadableSectors(start: address, count: 1, reason: "it could not be read")
        }
        let isRead = try Bytes.withPart(of: &buffer, 0..<count * request.form.size) {
            part throws(any Error) in
            try sink.read(into: &part, at: address, for: request)
        }
        guard isRead else {
            throw UnreadableSectors(start: address, count: 1, reason: "the image is packed")
        }
        return count
    }

    /// Nothing: no image is to have it.
    func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int
    {
        throw UnreadableSectors(start: address, count: 1, reason: "no subchannel is kept")
    }
}
