/// Where the chunks of a packed image lie in its data, one behind the other, and of what kind each
/// is.
struct PackedChunks<Kind> {
    private var starts: [Int] = [0]
    private var kinds: [Kind] = []

    /// Begins a list with room for so many.
    init(reserving count: Int) {
        starts.reserveCapacity(count + 1)
        kinds.reserveCapacity(count)
    }

    /// Adds the next chunk, which has so many bytes.
    mutating func append(_ kind: Kind, _ count: Int) {
        starts.append(end + count)
        kinds.append(kind)
    }

    /// How many chunks there are.
    var count: Int { kinds.count }
    /// The byte behind the last one.
    var end: Int { starts[starts.count - 1] }

    /// Where a chunk begins; of the number of chunks, where the last one ends.
    func start(_ index: Int) -> Int { starts[index] }
    /// A chunk's bytes.
    func range(_ index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }
    /// What a chunk is.
    func kind(_ index: Int) -> Kind { kinds[index] }
}
