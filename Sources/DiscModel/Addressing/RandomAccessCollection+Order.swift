extension RandomAccessCollection {
    /// Where those elements begin for which something holds, if all of them are behind all others.
    ///
    /// - Parameter holds: Asked of a few elements, in halves.
    /// - Returns: The first one's index; the end if it holds for none.
    @inlinable
    package func firstIndexInOrder(where holds: (Element) -> Bool) -> Index {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = index(low, offsetBy: distance(from: low, to: high) / 2)
            if holds(self[middle]) { high = middle } else { low = index(after: middle) }
        }
        return low
    }
}
