/// How far Linux reads ahead of a program (mm/readahead.c), in pages.
struct ReadAhead {
    /// The largest window: `read_ahead_kb` is 128.
    static let limit = 32

    /// The page that the last read ended in.
    private var previous = -1
    /// The last window.
    private var window = 0

    /// The number of pages to fetch for a page that is not there.
    ///
    /// - Parameters:
    ///   - page: The page.
    ///   - wanted: How many pages the program asks for from there on.
    /// - Returns: How many pages to fetch, itself included.
    mutating func pages(at page: Int, wanted: Int) -> Int {
        let wanted = max(1, wanted)
        if page == 0 || wanted > Self.limit {
            window = Self.first(wanted)
        } else if page == previous || page == previous + 1 {
            window =
                window == 0 ? Self.first(wanted) : max(Self.next(window), min(wanted, Self.limit))
        } else {
            // A read somewhere else gets what it asked for.
            window = 0
            previous = page + wanted - 1
            return min(wanted, Self.limit)
        }
        previous = page + window - 1
        return window
    }

    /// The first window of a sequence (`get_init_ra_size`).
    private static func first(_ wanted: Int) -> Int {
        var size = 1
        while size < wanted && size < limit { size *= 2 }
        if size <= limit / 32 { return size * 4 }
        if size <= limit / 4 { return size * 2 }
        return limit
    }

    /// The window after another (`get_next_ra_size`).
    private static func next(_ current: Int) -> Int {
        if current < limit / 16 { return current * 4 }
        if current <= limit / 2 { return current * 2 }
        return limit
    }
}
