import SpindleCommands
import SystemPackage
import Testing

/// What is read of the configuration file, and what is refused.
@Suite struct SettingsTests {
    private static let file: FilePath = "/home/x/.config/spindle/config"

    private func read(_ text: String) throws -> Settings {
        var settings = Settings(file: Self.file)
        try settings.read(text, of: Self.file)
        return settings
    }

    @Test func `settings stand in lines, those of a model in its section`() throws {
        let settings = try read(
            """
            # The drive on the left.
            drive = /dev/sr1
            progress=plain   # in a log
              write-speed =  8x\r

            [HL-DT-ST  BD-RE WH16NS60]
            offset = +6
            write-speed = 4x
            [PIONEER BD-RW]
            offset = -667
            """
        )
        #expect(settings.general.map(\.value) == ["/dev/sr1", "plain", "8x"])
        #expect(settings.general.map(\.line) == [2, 3, 4])
        #expect(settings.general.map(\.key) == [.drive, .progress, .writeSpeed])
        #expect(settings.models.map(\.name) == ["HL-DT-ST  BD-RE WH16NS60", "PIONEER BD-RW"])
        #expect(settings.models.map { $0.settings.map(\.value) } == [["+6", "4x"], ["-667"]])
        #expect(settings.general[2].place == "/home/x/.config/spindle/config:4")
    }

    @Test(arguments: ["", "\n\n", "# drive = x", "   # nothing"])
    func `nothing is set by blank lines and comments`(_ text: String) throws {
        let settings = try read(text)
        #expect(settings.general.isEmpty && settings.models.isEmpty)
    }

    @Test(arguments: [
        ("drive /dev/sr0", 1, "sets nothing"),
        ("\nspeeed = 8x", 2, "no setting “speeed”"),
        ("progress = loud", 1, "“loud” is no value of progress"),
        ("verify =", 1, "verify has no value"),
        ("drive = sr0", 1, "no value of drive"),
        ("format = mp3", 1, "no value of format"),
        ("write-speed = fast", 1, "no value of write-speed"),
        ("[A]\noffset = 6.5", 2, "no value of offset"),
        ("[A]\noffset = 99999999999999999999", 2, "no value of offset"),
        ("offset = 6", 1, "belongs to a drive's model"),
        ("[A B]\nprogress = none", 2, "does not belong to a drive's model"),
        ("[A B]\n[a  b]", 2, "two sections"),
        ("[A B", 1, "names no drive"),
        ("[]", 1, "names no drive"),
        ("verify = no\nverify = no", 2, "set already, in line 1"),
        ("yes = yes", 1, "can't be set here"),
        ("lookup = yes", 1, "can't be set here"),
        ("answers = here", 1, "no value of answers"),
        ("ctdb-server = http://server/x", 1, "no value of ctdb-server"),
        ("accuraterip-server = ftp://server/", 1, "no value of accuraterip-server"),
        ("lookup-timeout = 0", 1, "no value of lookup-timeout"),
        ("# x\nforce = yes", 2, "can't be set here"),
        ("allow-loss = yes", 1, "can't be set here"),
    ])
    func `a wrong line is named`(_ text: String, _ line: Int, _ words: String) throws {
        do {
            _ = try read(text)
            Issue.record("“\(text)” is taken")
        } catch {
            let sentence = "\(error)"
            #expect(sentence.hasPrefix("\(Self.file):\(line): "), "\(sentence)")
            #expect(sentence.contains(words), "\(sentence)")
        }
    }

    @Test func `no option that agrees to something can be set`() throws {
        for name in SettingKey.allCases.map(\.rawValue) {
            #expect(!["yes", "force", "allow-loss", "allow-truncated"].contains(name))
        }
    }
}
