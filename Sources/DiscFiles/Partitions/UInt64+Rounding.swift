extension UInt64 {
    /// The next multiple of a size, or the largest number where there is none.
    func roundedUp(to size: UInt64) -> UInt64 {
        let (sum, isTooLarge) = addingReportingOverflow(size - 1)
        return isTooLarge ? .max : sum / size * size
    }
}
