import DiscFiles
import Testing

@Suite struct FileTimeTests {
    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00Z"), (951_782_400, 0, "2000-02-29T00:00:00Z"),
        (-1, 0, "1969-12-31T23:59:59Z"), (1_582_979_696, 120, "2020-02-29T14:34:56+02:00"),
        (1_582_979_696, -210, "2020-02-29T09:04:56-03:30"),
        (-2_208_988_800, 0, "1900-01-01T00:00:00Z"), (4_107_542_399, 0, "2100-02-28T23:59:59Z"),
    ])
    func `Times are told as ISO 8601`(seconds: Int, minutes: Int, text: String) {
        #expect(FileTime(seconds: seconds, minutesEast: minutes).description == text)
    }

    @Test func `Without a zone none is told`() {
        #expect(FileTime(seconds: 59, minutesEast: nil).description == "1970-01-01T00:00:59")
    }
}
