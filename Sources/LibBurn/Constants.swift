internal import CLibBurn

/// libburn's constants under English names.
enum Constants {
    /// Appends to a list.
    static let endOfList = UInt32(BURN_POS_END)
    /// Data sectors of mode 1.
    static let dataSectors = Int32(BURN_MODE1)
    /// The number of the message with which a writer's thread ends (libdax_msgs.h).
    static let writerHasEnded = 0x0002_0178
    /// The number of the message that SET STREAMING was refused (mmc.c): the speed stays what it was,
    /// and nothing else is wrong.
    static let speedRefused = 0x0002_0124
    /// Has `burn_disc_format` take the format whose index is in the second byte (libburn.h).
    static let formatByIndex: Int32 = 1 << 7
    /// Has it take the size from the format that the index names (size mode 2 of libburn.h); without
    /// this it asks the drive for 0 blocks.
    static let formatSizeOfIndex: Int32 = 2 << 1
    /// Has it write zeros at the beginning, and close the session behind them.
    static let formatWithFirstPiece: Int32 = 1
    /// Has it format no more than needed (size mode 1 of libburn.h).
    static let formatOfNoSize: Int32 = 1 << 1
    /// Bytes of zeros at the beginning of a DVD-RW that is formatted quickly: 128 blocks of 32 KiB.
    static let firstPiece = 128 << 15
    /// Has it avoid certification, which takes hours.
    static let formatWithoutCertification: Int32 = 1 << 6
    /// The formats of BD-RE with spare areas of a chosen size and without any, which can be certified.
    static let certifiableFormats = [0x30, 0x31]
    /// No messages go to libburn's own stderr.
    static let never = "NEVER"
    /// All messages are kept for collection.
    static let all = "ALL"
    /// Digits of a media catalogue number.
    static let catalogLength = 13
    /// Bytes of a pack of CD-TEXT.
    static let textPackSize = 18
}
