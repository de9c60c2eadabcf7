import Reports
import Testing

/// Parts of sentences.
@Suite struct WordingTests {
    @Test(arguments: [
        ([], ""), ([4], "4"), ([1, 2], "1 and 2"), ([1, 2, 3], "1 to 3"),
        ([1, 3, 4], "1, 3 and 4"), ([1, 2, 3, 4, 7, 9, 10, 11], "1 to 4, 7 and 9 to 11"),
    ])
    func `Numbers that follow one another stand together`(numbers: [Int], words: String) {
        #expect(Wording.ranges(numbers) == words)
    }
}
