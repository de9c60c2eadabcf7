import DiscModel
import Testing

/// Looking for a place in what is in order.
@Suite struct OrderTests {
    @Test func `The first element is found wherever the others end`() {
        for count in 0..<20 {
            let numbers = Array(0..<count)
            for first in 0...count {
                var asked = 0
                let found = numbers.firstIndexInOrder { number in
                    asked += 1
                    return number >= first
                }
                #expect(found == first)
                #expect(asked <= 5)
            }
        }
    }

    @Test func `Indices are those of the collection`() {
        let slice = [9, 9, 1, 3, 5, 7][2...]
        #expect(slice.firstIndexInOrder { $0 > 3 } == 4)
        #expect(slice.firstIndexInOrder { $0 > 7 } == slice.endIndex)
        #expect(slice.firstIndexInOrder { $0 > 0 } == slice.startIndex)
    }
}
