extension Command {
    /// Sets a mode page until the drive loses its power (SPC-4 §6.10, MODE SELECT (10), with PF and
    /// without SP).
    ///
    /// - Returns: The command, and the data for it.
    public static func modeSelect(_ page: ModePages.Page) -> (command: Command, data: [UInt8]) {
        var page = page
        // Of a parameter list these are reserved (SPC-4 §6.10, §7.5.6): what MODE SENSE had there is not.
        page.isSavable = false
        var list = ModePages(pages: [page]).encoded10
        list[0] = 0
        list[1] = 0
        return (
            Command(
                "MODE SELECT",
                cdb: [0x55, 0x10, 0, 0, 0, 0, 0] + be16(list.count) + [0],
                data: .toDrive(list.count)
            ),
            list
        )
    }
}
