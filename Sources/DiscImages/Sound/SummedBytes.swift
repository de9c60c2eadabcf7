import Transfer

/// Bytes out of a file that keeps sums of them, which reading from any place does not check.
protocol SummedBytes: AnyObject {
    /// Reads all of them, and holds them against the sums; once, for they don't change.
    ///
    /// - Parameter cancellation: A wish to stop; the rest is then not looked at.
    /// - Throws: `FLACError` if they are others; errors of the file.
    func checkSums(_ cancellation: Cancellation?) throws

    /// Has sums made of what is read from now on: if all is read in order, ``checkSums(_:)`` need not read it
    /// once more.
    func sumAsRead()
}

extension WindowBytes: SummedBytes {
    /// Checks those that it is a part of.
    func checkSums(_ cancellation: Cancellation?) throws {
        try (base as? any SummedBytes)?.checkSums(cancellation)
    }

    /// Does so with those that it is a part of.
    func sumAsRead() { (base as? any SummedBytes)?.sumAsRead() }
}

extension JoinedBytes: SummedBytes {
    /// Checks each of the files.
    func checkSums(_ cancellation: Cancellation?) throws {
        for part in parts { try (part.bytes as? any SummedBytes)?.checkSums(cancellation) }
    }

    /// Does so with each of the files.
    func sumAsRead() {
        for part in parts { (part.bytes as? any SummedBytes)?.sumAsRead() }
    }
}
