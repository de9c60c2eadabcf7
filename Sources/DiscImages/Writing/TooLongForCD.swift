import DiscModel
import Transfer

/// A disc that is longer than any CD, for a format that gives places as times on a CD.
///
/// The times end at 99:59:74, and begin again from there: an image would say that the disc ends long
/// before it does.
struct TooLongForCD: Error, CustomStringConvertible {
    /// The last address that has a time.
    private static let last = LBA(100 * 60 * MSF.framesPerSecond - 1 - MSF.offset)

    private let sectors: Int
    private let format: String

    /// Fails if a disc can't be told of in such times.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - format: The format as people call it, with its article.
    /// - Throws: The error, if it is too long.
    static func check(_ disc: any DiscSource, _ format: String) throws(TooLongForCD) {
        guard let leadOut = disc.layout.leadOut, leadOut > last else { return }
        throw TooLongForCD(sectors: leadOut.rawValue, format: format)
    }

    /// One sentence.
    var description: String {
        "\(format) can't describe a disc of \(sectors) sectors: a CD ends at 99:59:74, which is sector \(Self.last.rawValue)."
    }
}
