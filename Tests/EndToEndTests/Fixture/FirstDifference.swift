import Foundation

/// The sector in which some bytes first differ from others, or in which the shorter of them ends;
/// nothing where they are the same.
///
/// Compared with `==` within an expectation, images that differ would be listed element by element,
/// which takes minutes.
func firstDifference(of bytes: Data, from others: Data) -> Int? {
    if bytes == others { return nil }
    let common = min(bytes.count, others.count)
    let sector = stride(from: 0, to: common, by: 2048).first {
        bytes.dropFirst($0).prefix(2048) != others.dropFirst($0).prefix(2048)
    }
    return (sector ?? common) / 2048
}
