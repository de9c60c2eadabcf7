import DiscAuthoring
import Reports
import Testing

@Suite struct NameTests {
    @Test(arguments: [
        ("plain.txt", true), ("größe–日本🙂", true), ("a:b", false), ("a;1", false), ("a*", false),
        ("a?b", false), ("back\\slash", false), ("tab\t", false), ("dot.", false), (".dot", true),
        (String(repeating: "x", count: 64), true), (String(repeating: "x", count: 65), false),
        // Two units each.
        (String(repeating: "🙂", count: 32), true), (String(repeating: "🙂", count: 33), false),
    ])
    func `Joliet keeps names that its specification has`(name: String, isKept: Bool) {
        #expect(JolietName.keeps(Array(name.utf8), limit: 64) == isKept)
    }

    @Test func `Joliet has no names that are no text`() {
        #expect(!JolietName.keeps([0x61, 0xFF], limit: 64))
    }

    @Test(arguments: [
        ("photos-2024", "photos-2024"), ("Über uns", "_ber_uns"), ("日本", "DISC"), ("...", "DISC"),
        ("a_name_that_is_longer_than_the_descriptor", "a_name_that_is_longer_than_the_d"),
    ])
    func `A volume gets a name after a directory`(directory: String, volume: String) {
        #expect(VolumeName.after(Array(directory.utf8)) == volume)
    }

    @Test func `A volume's name that was asked for is kept or refused, and never changed`() throws {
        #expect(try VolumeName.checked("My disc 1") == "My disc 1")
        for name in ["", "größe", String(repeating: "v", count: 33), "line\nfeed"] {
            #expect(throws: Failure.self, "\(name)") { try VolumeName.checked(name) }
        }
    }
}
