import Foundation

/// A disc image that is more than a row of data sectors, with what the tests know of it.
enum Album {
    /// Sectors of sound in ``sound``.
    static let soundSectors = 1600
    /// The sound of all tracks: noise.
    static let sound = Noise.bytes(soundSectors * 2352, seed: 5)

    /// Three tracks of sound with everything that a cue sheet can say of them.
    static let audio = """
        CATALOG 1234567890123
        TITLE "An Album"
        PERFORMER "Some One"
        FILE "sound.bin" BINARY
          TRACK 01 AUDIO
            TITLE "First"
            PERFORMER "Some One"
            ISRC USABC0512345
            INDEX 01 00:00:00
          TRACK 02 AUDIO
            TITLE "Second"
            PERFORMER "Other"
            FLAGS DCP PRE
            ISRC USABC0512346
            INDEX 00 00:06:50
            INDEX 01 00:08:50
            INDEX 02 00:11:00
          TRACK 03 AUDIO
            TITLE "Third"
            PERFORMER "Some One"
            INDEX 00 00:15:00
            INDEX 01 00:16:00

        """

    /// The same without what some burners don't read in a cue sheet.
    static let plainAudio = """
        FILE "sound.bin" BINARY
          TRACK 01 AUDIO
            INDEX 01 00:00:00
          TRACK 02 AUDIO
            INDEX 00 00:06:50
            INDEX 01 00:08:50
          TRACK 03 AUDIO
            INDEX 01 00:16:00

        """

    /// Data, and sound behind them.
    static let mixed = """
        FILE "data.iso" BINARY
          TRACK 01 MODE1/2048
            INDEX 01 00:00:00
        FILE "sound.bin" BINARY
          TRACK 02 AUDIO
            PREGAP 00:02:00
            INDEX 01 00:00:00
          TRACK 03 AUDIO
            INDEX 01 00:10:00

        """

    /// Sound, and data in a second session.
    static let extra = """
        FILE "sound.bin" BINARY
          REM SESSION 01
          TRACK 01 AUDIO
            INDEX 01 00:00:00
          TRACK 02 AUDIO
            INDEX 01 00:10:00
          REM SESSION 02
        FILE "data.iso" BINARY
          TRACK 03 MODE1/2048
            INDEX 01 00:00:00

        """

    /// Data that begin in the pregap, before audio and behind it.
    static let dataInPregaps = """
        FILE "data.iso" BINARY
          TRACK 01 MODE1/2048
            INDEX 00 00:00:00
            INDEX 01 00:02:00
        FILE "sound.bin" BINARY
          TRACK 02 AUDIO
            PREGAP 00:02:00
            INDEX 01 00:00:00
        FILE "more.bin" BINARY
          TRACK 03 MODE1/2048
            INDEX 00 00:00:00
            INDEX 01 00:02:00

        """

    /// Puts a sheet and its files into a test's directory, as `album.cue`.
    static func place(_ sheet: String, in scratch: Scratch) throws {
        try scratch.write(sound, to: "sound.bin")
        try scratch.write(Image.ipxe.place(in: scratch), to: "data.iso")
        try scratch.write(Data(sheet.utf8), to: "album.cue")
    }

    /// Bytes with the two of each sample changed round, as cdrdao keeps them.
    static func swapped(_ bytes: Data) -> Data {
        var swapped = Data(capacity: bytes.count)
        for place in stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2) {
            swapped.append(bytes[place + 1])
            swapped.append(bytes[place])
        }
        return swapped
    }
}
