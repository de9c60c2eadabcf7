public import DiscModel

/// Makes a salvage's attempts at a disc.
public protocol DiscAttempts: AnyObject {
    /// The most sectors that one command brings.
    var largestRead: Int { get }

    /// Why the last attempt that failed did; `nil` if none has.
    var problem: String? { get }

    /// Makes an attempt.
    ///
    /// - Parameters:
    ///   - form: How much of each sector is wanted.
    ///   - sectors: The sectors, which are kept alike.
    ///   - effort: How hard to try.
    ///   - buffer: As large as the sectors; what is in it counts only if they were read.
    /// - Returns: How it went.
    /// - Throws: What the disc throws besides ``UnreadableSectors``.
    func make(
        _ form: SectorForm,
        at sectors: Range<Int>,
        _ effort: Salvage.Effort,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Salvage.Outcome

    /// Leaves the drive as it was found.
    func finish()
}

/// Attempts at a disc that can't be told how hard to try.
final class PlainAttempts: DiscAttempts {
    private let disc: any DiscSource
    let largestRead = 32
    private(set) var problem: String?

    init(_ disc: any DiscSource) {
        self.disc = disc
    }

    func make(
        _ form: SectorForm,
        at sectors: Range<Int>,
        _ effort: Salvage.Effort,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Salvage.Outcome {
        var next = sectors.lowerBound
        do {
            while next < sectors.upperBound {
                let done = (next - sectors.lowerBound) * form.size
                var part = buffer._mutatingExtracting(done..<sectors.count * form.size)
                next += max(1, try disc.read(form, at: next, into: &part))
            }
            return .read
        } catch let error as UnreadableSectors {
            problem = error.reason
            return .failed(at: next)
        }
    }

    func finish() {}
}
